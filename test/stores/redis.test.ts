import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { type RedisCommands, redisMfaStore } from 'express-mfa';
import { testMfaStore } from 'express-mfa/testing';
import { createClient, createClientPool, RESP_TYPES } from 'redis';
import { createClient as createClient5, RESP_TYPES as RESP_TYPES5 } from 'redis5';
import { testStore } from './test-store.ts';

const url = process.env.REDIS_URL ?? '';
const prefix = `test:${randomBytes(6).toString('hex')}:`;

interface Connectable {
  connect(): Promise<unknown>;
  close(): Promise<unknown>;
}

/** Every client for which the store is made, and the commands that it is handed. */
function clients(): Record<string, { connection: Connectable; commands: RedisCommands }> {
  const resp2 = createClient({ url, RESP: 2 });
  const resp3 = createClient({ url, RESP: 3 });
  const pool = createClientPool({ url }, { minimum: 1, maximum: 5 });
  const buffers = createClient({ url, RESP: 3 });
  const five = createClient5({ url });
  const five3 = createClient5({ url, RESP: 3 });
  const buffers5 = createClient5({ url });
  return {
    'redis 6, RESP2': { connection: resp2, commands: resp2 },
    'redis 6, RESP3': { connection: resp3, commands: resp3 },
    'redis 6, a pool': { connection: pool, commands: pool },
    'redis 6, Buffers': {
      connection: buffers,
      commands: buffers.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }),
    },
    'redis 5': { connection: five, commands: five },
    'redis 5, RESP3': { connection: five3, commands: five3 },
    'redis 5, Buffers': {
      connection: buffers5,
      commands: buffers5.withTypeMapping({ [RESP_TYPES5.BLOB_STRING]: Buffer }),
    },
  };
}

const all = Object.entries(clients());
beforeAll(async () => {
  await Promise.all(all.map(([, { connection }]) => connection.connect()));
});
afterAll(async () => {
  await Promise.all(all.map(([, { connection }]) => connection.close()));
});

describe.each(all)('%s', (_name, { commands }) => {
  testMfaStore({ test, createStore: () => redisMfaStore(commands, { prefix }) });
});

describe('redis 6, as it is delivered', () => {
  const client = createClient({ url });
  beforeAll(() => client.connect());
  afterAll(() => client.close());
  testStore(() => redisMfaStore(client, { prefix }));
});
