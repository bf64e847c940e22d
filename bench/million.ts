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
const perRound = 900;
const key = randomBytes(32).toString('base64');
const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

/** The measured users are made in so many parts, between which the others are. */
const parts = 60;

/** One database twice: with the users who are measured alone, and with all the others around them. */
interface Measured {
  readonly name: string;
  readonly empty: string;
  readonly full: string;
  /** Makes those others, by their numbers. */
  fill(from: number, to: number): Promise<unknown>;
  /** What all accounts take, in bytes. */
  size(): Promise<number>;
  /** When all are made. */
  settle(): Promise<unknown>;
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
  console.log(await versions(redis));
  return {
    name: 'Redis',
    empty: empty.url,
    full: full.url,
    async fill(from, to) {
      for (let start = from; start < to; start += 1_000) {
        const batch = Array.from({ length: Math.min(1_000, to - start) }, (_, number) => [
          `mfa:${fillerName(start + number)}`,
          `${randomBytes(16).toString('base64url')}\n${data}`,
        ]);
        await redis.mSet(Object.fromEntries(batch));
      }
    },
    size: async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]),
    settle: async () => undefined,
    async stop() {
      redis.destroy();
      await Promise.all([empty.stop(), full.stop()]);
    },
  };
}

async function inPostgres(data: string): Promise<Measured> {
  // As delivered; the servers of the tests have less.
  const start = () => startPostgresServer({ args: ['shared_buffers=128MB'] });
  const [empty, full] = await Promise.all([start(), start()]);
  for (const { url } of [empty, full]) {
    const db = new Kysely({ dialect: new PostgresDialect({ pool: new Pool({ connectionString: url }) }) });
    await createMfaTable(db);
    await db.destroy();
  }
  const pool = new Pool({ connectionString: full.url, max: 1 });
  // Its end is not waited for when the server is stopped.
  pool.on('error', () => undefined);
  console.log((await pool.query('select version()')).rows[0].version);
  return {
    name: 'PostgreSQL',
    empty: empty.url,
    full: full.url,
    fill: (from, to) =>
      pool.query(
        `insert into mfa_accounts (user_id, version, data, enrolled, updated_at)
         select md5(number::text), substr(md5(random()::text), 1, 22), $1, true, now()
         from generate_series($2::int, $3::int - 1) number`,
        [data, from, to],
      ),
    async size() {
      const { rows } = await pool.query("select pg_total_relation_size('mfa_accounts') as bytes");
      return Number(rows[0].bytes);
    },
    async settle() {
      await pool.query('vacuum analyze mfa_accounts');
      await pool.query('checkpoint');
    },
    async stop() {
      await pool.end();
      await Promise.all([empty.stop(), full.stop()]);
    },
  };
}

/** As long as a UUID without its hyphens, and as an MD5 in hexadecimal. */
function fillerName(number: number): string {
  return number.toString(16).padStart(32, '0');
}

/** What an account of the others takes, in bytes; and interleaved rounds of second steps, the first thrown away. */
async function compare(measured: Measured): Promise<{ bytes: number; rows: string[][] }> {
  const { name, empty, full } = measured;
  const sides = { empty: startService(empty, [key]), full: startService(full, [key]) };
  const left: Record<keyof typeof sides, string[]> = { empty: [], full: [] };
  const perPart = Math.ceil((perRound * (rounds + 1) * 2) / parts);
  let size = 0;
  for (let part = 0; part < parts; part++) {
    const before = await measured.size();
    await measured.fill(Math.floor((part * count) / parts), Math.floor(((part + 1) * count) / parts));
    size += (await measured.size()) - before;
    for (const side of ['empty', 'full'] as const)
      left[side].push(...(await sides[side].importUsers(perPart, secret)));
  }
  await measured.settle();
  // In an order that is neither that in which they were made nor that of an index.
  for (const users of Object.values(left)) users.sort((a, b) => (a.slice(-8) < b.slice(-8) ? -1 : 1));

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
  return { bytes: size / count, rows };
}

const template = await startRedisServer();
const data = await realRecord(template.url);
await template.stop();
console.log(`A record of ${data.length} characters; ${(freemem() / 2 ** 30).toFixed(1)} GiB are free.`);
const rows: string[][] = [];
const sizes: string[] = [];
for (const start of [inRedis, inPostgres]) {
  const measured = await start(data);
  try {
    const compared = await compare(measured);
    sizes.push(`${measured.name}: ${Math.round(compared.bytes)} bytes an account, of ${count}.`);
    rows.push(...compared.rows);
  } finally {
    await measured.stop();
  }
}
console.log(sizes.join('\n'));
const head = ['accounts in', 'at once', 'empty, ms', `of ${count}, ms`, 'ratio (min-max)', 'aim'];
console.log(markdownTable(head, rows));
