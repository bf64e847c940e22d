import type { RedisServer } from '../../test/servers/redis-server.ts';
import type { createScenarios, Supplies } from '../load/scenarios.ts';
import { measureImportTime } from '../measure/import-time.ts';
import { measureMemory } from '../measure/memory.ts';
import { measureRedisTraffic } from '../measure/round-trips.ts';
import { measureThroughput } from '../measure/throughput.ts';
import { settings } from '../settings.ts';
import { redisTable } from './redis-table.ts';
import { throughputTable } from './throughput-table.ts';
import { versions } from './versions.ts';

/** What a run works with. */
export interface Bench extends Supplies {
  readonly server: RedisServer;
  readonly scenarios: ReturnType<typeof createScenarios>;
}

const throughputNotes = `Medians of ${settings.rounds} interleaved rounds; the share is the median of the rounds' shares. Every request has
a pending login of its own. A user whose backup code is right logs in ten times, once with each code;
all others log in once. The floor looks at nothing; beside right backup codes it makes one bcrypt comparison.`;

/** Measures and prints, one part after the other. */
export async function report({ server, redis, accounts, scenarios }: Bench): Promise<void> {
  const { parts } = settings;
  console.log(`${await versions(redis)}\n`);
  if (parts.includes('throughput')) {
    const samples = await measureThroughput(scenarios, server.url);
    console.log(`${throughputTable(samples)}\n\n${throughputNotes}\n`);
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
