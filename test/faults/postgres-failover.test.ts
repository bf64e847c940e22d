import { kyselyMfaStore } from 'express-mfa/kysely';
import { createTestApp } from '../app/create-test-app.ts';
import { describeWithDatabase } from '../servers/describe-with-database.ts';
import { startPostgresPair } from '../servers/postgres-standby.ts';
import { openPostgres } from '../stores/open-postgres.ts';
import { type FailoverStage, failoversOf } from './failover.ts';
import { interruptCalls } from './interrupt-calls.ts';
import { startTcpProxy } from './tcp-proxy.ts';

describeWithDatabase('PostgreSQL', () => {
  failoversOf('PostgreSQL', [
    { name: 'asynchronous', waits: false, open: () => openPair(false) },
    { name: 'synchronous', waits: true, open: () => openPair(true) },
  ]);
});

/** The proxy is what leads to the primary, as an address does that moves with it. */
async function openPair(synchronous: boolean): Promise<FailoverStage> {
  const servers = await startPostgresPair({ synchronous });
  const proxy = await startTcpProxy(servers.first.port);
  const db = await openPostgres(`postgres://postgres@127.0.0.1:${proxy.port}/postgres`, 'failover');
  const store = kyselyMfaStore(db);
  const app = await createTestApp({ mfa: { store } });
  let replaced: Promise<void> | undefined;

  async function replace(): Promise<void> {
    await servers.promote();
    proxy.target = servers.second.port;
  }
  return {
    app,
    records: kyselyMfaStore(db),
    calls: interruptCalls(app),
    separate: () => servers.separate(),
    async failOver() {
      await servers.first.kill();
      replaced = replace();
    },
    async close() {
      await replaced;
      await app.close();
      await db.destroy();
      proxy.close();
      await servers.stop();
    },
  };
}
