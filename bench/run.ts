import { startRedisServer } from '../test/servers/redis-server.ts';
import { connectRedis } from './apps/base-app.ts';
import { createScenarios } from './load/scenarios.ts';
import { startAccounts } from './processes/start-accounts.ts';
import { profileReport } from './report/profile-report.ts';
import { report } from './report/report.ts';
import { settings } from './settings.ts';

const server = await startRedisServer();
const redis = await connectRedis(server.url);
const accounts = startAccounts(server.url);

try {
  const bench = { server, redis, accounts, scenarios: createScenarios({ accounts, redis }) };
  if (settings.profile) await profileReport(bench, settings.profile);
  else await report(bench);
} finally {
  await accounts.stop();
  redis.destroy();
  await server.stop();
}
