import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { mongoMfaStore } from '../../../../examples/stores/mongo-store.ts';
import { testStore } from '../../../stores/test-store.ts';
import { inTurn } from './in-turn.ts';
import { type MongoStandIn, startMongoStandIn } from './mongo-stand-in.ts';

let standIn: MongoStandIn;
let clients: MongoClient[] = [];
let nextStore: () => ReturnType<typeof mongoMfaStore>;
beforeAll(async () => {
  standIn = await startMongoStandIn();
  clients = Array.from({ length: 5 }, () => new MongoClient(standIn.url, { serverApi: '1' }));
  nextStore = inTurn(clients.map((client) => mongoMfaStore(client.db('test').collection('mfa_accounts'))));
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await standIn.stop();
});

testStore(() => nextStore());

const account = { version: 'first', data: '{}', enrolled: true };
let before = 0;
beforeEach(() => {
  before = standIn.asked.length;
});

test('every read asks for linearizable, every write for the majority, each in one command', async () => {
  const store = nextStore();
  await store.put('A', account, undefined);
  await store.put('A', { ...account, version: 'second' }, 'first');
  await store.get('A');
  await store.delete('A');
  const majority = { writeConcern: { w: 'majority' } };
  expect(standIn.asked.slice(before)).toEqual([
    expect.objectContaining({ insert: 'mfa_accounts', ...majority }),
    expect.objectContaining({
      update: 'mfa_accounts',
      ...majority,
      updates: [expect.objectContaining({ q: { _id: 'A', version: 'first' } })],
    }),
    expect.objectContaining({
      find: 'mfa_accounts',
      filter: { _id: 'A' },
      readConcern: { level: 'linearizable' },
      maxTimeMS: 1_500,
    }),
    expect.objectContaining({ delete: 'mfa_accounts', ...majority }),
  ]);
});

test('a write that the majority has not acknowledged is a fault, and never true or false', async () => {
  const store = nextStore();
  const fault = {
    writeConcernError: { code: 64, codeName: 'WriteConcernFailed', errmsg: 'waiting timed out' },
  };
  standIn.failNextWrite(fault);
  await expect(store.put('B', account, undefined)).rejects.toThrow('waiting timed out');
  standIn.failNextWrite(fault);
  await expect(store.put('B', { ...account, version: 'second' }, 'first')).rejects.toThrow(
    'waiting timed out',
  );
  standIn.failNextWrite(fault);
  await expect(store.delete('B')).rejects.toThrow('waiting timed out');
});

test('another error than that of a duplicate key is passed on', async () => {
  const store = nextStore();
  standIn.failNextWrite({
    n: 0,
    writeErrors: [{ index: 0, code: 121, errmsg: 'Document failed validation' }],
  });
  await expect(store.put('C', account, undefined)).rejects.toThrow('failed validation');
});
