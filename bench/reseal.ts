import { randomBytes } from 'node:crypto';
import { startRedisServer } from '../test/servers/redis-server.ts';
import { connectRedis } from './apps/base-app.ts';
import { startService } from './processes/start-service.ts';
import { median } from './report/median.ts';
import { versions } from './report/versions.ts';

/** `npm run bench:reseal [accounts]`: how fast keys are rotated, with logins going on, and over a crash. */
const count = Number(process.argv[2] ?? 100_000);
const key = () => randomBytes(32).toString('base64');
const [oldest, older, newest] = [key(), key(), key()];
const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

const server = await startRedisServer({ args: ['--appendonly', 'yes'] });
try {
  const redis = await connectRedis(server.url);
  console.log(await versions(redis));
  redis.destroy();
  const before = startService(server.url, [oldest]);
  const users = await before.importUsers(count, secret);
  await before.stop();
  console.log(`${users.length} accounts under the first key.`);

  await measure('With logins going on', [older, oldest], users.slice(0, count / 2));
  await crashAndResume([newest, older, oldest], users.slice(count / 2));
} finally {
  await server.stop();
}

async function measure(title: string, keys: readonly string[], users: readonly string[]): Promise<void> {
  const [resealing, logins] = [startService(server.url, keys), startService(server.url, keys)];
  await logins.startLogins({ users, secret, pauseMs: 5 });
  const started = performance.now();
  const report = await resealing.resealAll();
  const seconds = (performance.now() - started) / 1000;
  const { succeeded, failed, latencies } = await logins.stopLogins();
  console.log(
    `${title}: ${report.accounts} accounts, ${report.resealed} resealed in ${seconds.toFixed(1)} s: ${Math.round(report.accounts / seconds)} a second.`,
  );
  console.log(
    `  Second steps meanwhile: ${succeeded} succeeded, ${failed} failed; median ${median(latencies).toFixed(2)} ms.`,
  );
  await Promise.all([resealing.stop(), logins.stop()]);
}

async function crashAndResume(keys: readonly string[], users: readonly string[]): Promise<void> {
  const logins = startService(server.url, keys);
  await logins.startLogins({ users, secret, pauseMs: 5 });
  const crashing = startService(server.url, keys);
  const killed = await crashing.resealAll({ dieAt: count / 2 }).then(
    () => false,
    () => true,
  );
  if (!killed) throw new Error('The process was to be killed half-way.');
  const resuming = startService(server.url, keys);
  const rest = await resuming.resealAll();
  const { succeeded, failed } = await logins.stopLogins();
  const [use] = rest.keys;
  console.log(
    `Killed half-way and started again: ${rest.accounts - rest.resealed} accounts were done, ${rest.resealed} were left and are resealed now; under the newest key ${use?.secrets} of ${rest.accounts}, unreadable ${rest.unreadable}.`,
  );
  console.log(`  Second steps meanwhile: ${succeeded} succeeded, ${failed} failed.`);
  await Promise.all([logins.stop(), resuming.stop()]);
}
