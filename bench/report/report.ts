import type { RedisServer } from '../../test/servers/redis-server.ts';
import { cases, pageCases } from '../cases.ts';
import type { createScenarios, Supplies } from '../load/scenarios.ts';
import { measureImportTime } from '../measure/import-time.ts';
import { measureMemory } from '../measure/memory.ts';
import { measureRenderTime } from '../measure/render-time.ts';
import { measureRedisTraffic } from '../measure/round-trips.ts';
import { measureThroughput } from '../measure/throughput.ts';
import { settings } from '../settings.ts';
import { redisTable } from './redis-table.ts';
import { pagesTable, throughputTable } from './throughput-table.ts';
import { versions } from './versions.ts';

/** What a run works with. */
export interface Bench extends Supplies {
  readonly server: RedisServer;
  readonly scenarios: ReturnType<typeof createScenarios>;
}

const throughputNotes = `Medians of ${settings.rounds} interleaved rounds; the share is the median of the rounds' shares. Every request has
a pending login of its own. A user whose backup code is right logs in ten times, once with each code;
all others log in once. The floor looks at nothing; beside right backup codes it makes one bcrypt comparison.`;

const pagesNotes = `Medians of ${settings.rounds} interleaved rounds. The JSON requests go to a router with \`pages: false\` and to
one with pages, which are the same but for that. The challenge page is that of a pending login, with a form
token of its own; its reference is a string of the same length, sent by a route behind the same session.`;

/** Measures and prints, one part after the other. */
export async function report({ server, redis, accounts, scenarios }: Bench): Promise<void> {
  const { parts } = settings;
  console.log(`${await versions(redis)}\n`);
  if (parts.includes('throughput')) {
    const samples = await measureThroughput(scenarios, { cases, redisUrl: server.url });
    console.log(`${throughputTable(cases, samples)}\n\n${throughputNotes}\n`);
  }
  if (parts.includes('pages')) {
    const samples = await measureThroughput(scenarios, { cases: pageCases, redisUrl: server.url });
    console.log(`${pagesTable(pageCases, samples)}\n\n${pagesNotes}\n`);
  }
  if (parts.includes('render')) {
    const { challenge, setup, qrCode } = measureRenderTime();
    console.log(
      `Rendering: challenge page ${challenge.toFixed(0)} µs, set-up page ${setup.toFixed(0)} µs (aim: below 500); drawing a QR code: ${qrCode.toFixed(0)} µs.\n`,
    );
  }
  if (parts.includes('redis')) {
    console.log(`${redisTable(await measureRedisTraffic(scenarios, server.port))}\n`);
  }
  if (parts.includes('memory')) {
    const bytes = await measureMemory(redis, accounts);
    console.log(`Redis, for a user with TOTP and ten backup codes: ${bytes} bytes (aim: at most 1,400).`);
  }
  if (parts.includes('import')) {
    const { esm, cjs } = await measureImportTime();
    console.log(
      `Import, beside Express: ESM ${esm.toFixed(1)} ms, CommonJS ${cjs.toFixed(1)} ms (aim: at most 30).`,
    );
  }
}
