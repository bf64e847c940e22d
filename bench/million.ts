import { randomBytes } from 'node:crypto';
import { freemem } from 'node:os';
import { createMfaTable } from 'express-mfa/kysely';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { startPostgresServer } from '../test/servers/postgres-server.ts';
import { startRedisServer } from '../test/servers/redis-server.ts';
import { connectRedis } from './apps/base-app.ts';
import { startAccounts } from './processes/start-accounts.ts';
import { startService } from './processes/start-service.ts';
import { markdownTable } from './report/markdown-table.ts';
import { median } from './report/median.ts';
import { versions } from './report/versions.ts';

/** `npm run bench:million [accounts]`: what many accounts take, and whether a second step notices them. */
const count = Number(process.argv[2] ?? 1_000_000);
const rounds = 15;
const perRound = 300;
const key = randomBytes(32).toString('base64');
const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

/** One database twice: with the users who are measured alone, and with all the others beside them. */
interface Measured {
  readonly name: string;
  readonly empty: string;
  readonly full: string;
  /** Of one account of a user with an authenticator and ten backup codes. */
  readonly bytes: number;
  stop(): Promise<unknown>;
}

/** The record of a user as the enrolment makes one; the fillers are copies of it. */
async function realRecord(redisUrl: string): Promise<string> {
  const accounts = startAccounts(redisUrl);
  const { userId } = await accounts.enrol();
  await accounts.stop();
  const redis = await connectRedis(redisUrl);
  const value = (await redis.get(`mfa:${userId}`)) ?? '';
  await redis.flushAll();
  redis.destroy();
  return value.slice(value.indexOf('\n') + 1);
}

async function inRedis(data: string): Promise<Measured> {
  const [empty, full] = await Promise.all([startRedisServer(), startRedisServer()]);
  const redis = await connectRedis(full.url);
  const used = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
  const before = await used();
  for (let start = 0; start < count; start += 1_000) {
    const batch = Array.from({ length: Math.min(1_000, count - start) }, (_, number) => [
      `mfa:${fillerName(start + number)}`,
      `${randomBytes(16).toString('base64url')}\n${data}`,
    ]);
    await redis.mSet(Object.fromEntries(batch));
  }
  const bytes = ((await used()) - before) / count;
  console.log(await versions(redis));
  redis.destroy();
  const stop = () => Promise.all([empty.stop(), full.stop()]);
  return { name: 'Redis', empty: empty.url, full: full.url, bytes, stop };
}

async function inPostgres(data: string): Promise<Measured> {
  const [empty, full] = await Promise.all([startPostgresServer(), startPostgresServer()]);
  for (const { url } of [empty, full]) {
    const db = new Kysely({ dialect: new PostgresDialect({ pool: new Pool({ connectionString: url }) }) });
    await createMfaTable(db);
    await db.destroy();
  }
  const pool = new Pool({ connectionString: full.url, max: 1 });
  await pool.query(
    `insert into mfa_accounts (user_id, version, data, enrolled, updated_at)
     select md5(number::text), substr(md5(random()::text), 1, 22), $1, true, now() from generate_series(1, $2::int) number`,
    [data, count],
  );
  await pool.query('vacuum analyze mfa_accounts');
  await pool.query('checkpoint');
  const { rows } = await pool.query(
    "select pg_total_relation_size('mfa_accounts') as bytes, version() as version",
  );
  console.log(rows[0].version);
  await pool.end();
  const stop = () => Promise.all([empty.stop(), full.stop()]);
  return { name: 'PostgreSQL', empty: empty.url, full: full.url, bytes: rows[0].bytes / count, stop };
}

/** As long as a UUID without its hyphens. */
function fillerName(number: number): string {
  return number.toString(16).padStart(32, '0');
}

/** Interleaved rounds of second steps, ms each; the first round is thrown away. */
async function compare({ name, empty, full }: Measured): Promise<string[][]> {
  const sides = { empty: startService(empty, [key]), full: startService(full, [key]) };
  const users = (side: keyof typeof sides) => sides[side].importUsers(perRound * (rounds + 1) * 2, secret);
  const left = { empty: await users('empty'), full: await users('full') };
  const rows: string[][] = [];
  for (const inHand of [1, 16]) {
    const medians: Record<keyof typeof sides, number[]> = { empty: [], full: [] };
    for (let round = 0; round <= rounds; round++) {
      for (const side of ['empty', 'full'] as const) {
        const batch = left[side].splice(0, perRound);
        const { latencies, failed } = await sides[side].verifyAll({ users: batch, secret, inHand });
        if (failed > 0) throw new Error(`${failed} second steps failed.`);
        if (round > 0) medians[side].push(median(latencies));
      }
    }
    const ratios = medians.full.map((ms, round) => ms / (medians.empty[round] ?? Number.NaN));
    const ms = (side: keyof typeof sides) => median(medians[side]).toFixed(2);
    const range = `${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)}`;
    const ratio = median(ratios);
    const aim = ratio <= 1.2 ? 'met' : 'missed';
    rows.push([
      name,
      `${inHand}`,
      ms('empty'),
      ms('full'),
      `${ratio.toFixed(2)} (${range})`,
      `≤ 1.20 ${aim}`,
    ]);
  }
  await Promise.all([sides.empty.stop(), sides.full.stop()]);
  return rows;
}

const template = await startRedisServer();
const data = await realRecord(template.url);
await template.stop();
console.log(`A record of ${data.length} characters; ${(freemem() / 2 ** 30).toFixed(1)} GiB are free.`);
const rows: string[][] = [];
const sizes: string[] = [];
for (const fill of [inRedis, inPostgres]) {
  const measured = await fill(data);
  try {
    sizes.push(`${measured.name}: ${Math.round(measured.bytes)} bytes an account, of ${count}.`);
    rows.push(...(await compare(measured)));
  } finally {
    await measured.stop();
  }
}
console.log(sizes.join('\n'));
const head = ['accounts in', 'at once', 'empty, ms', `of ${count}, ms`, 'ratio (min-max)', 'aim'];
console.log(markdownTable(head, rows));
