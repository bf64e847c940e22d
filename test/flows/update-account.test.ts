import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  type AccountToStore,
  createMfaRouter,
  type MfaEvent,
  type MfaStore,
  memoryMfaStore,
} from 'express-mfa';
import { testKey } from '../app/create-test-app.ts';

let events: MfaEvent[];
let store: MfaStore;
beforeEach(() => {
  events = [];
  store = memoryMfaStore();
});
afterEach(() => {
  jest.useRealTimers();
});

/** The service over a store of which some methods are others. */
function serviceOver(methods: Partial<Record<keyof MfaStore, (...call: never[]) => unknown>>) {
  const { service } = createMfaRouter({
    issuer: 'Acme',
    keys: [testKey],
    store: { ...store, ...methods } as MfaStore,
    currentUserId: () => undefined,
    logIn: () => undefined,
    accountName: String,
    now: () => 1_000_000_000,
  });
  service.events.on('*', (event) => events.push(event));
  return service;
}

const unavailable = (code: string) => ({ name: 'MfaError', status: 503, code });
const told = (operation: string, intended: string) => [
  { name: 'store.unavailable', userId: 'A', at: 1_000_000_000, operation, intended },
];
/** `unlock` changes every account, `status` none. */
const record =
  '{"v":2,"epoch":"e","authenticators":[],"backupCodes":[],"budget":{"failures":3,"waitUntil":0},"used":[]}';

describe('a write that loses', () => {
  /** Somebody else's write comes before the first `times` of ours. */
  function contended(times: number) {
    let lost = 0;
    return {
      rounds: () => lost,
      put: async (key: string, next: AccountToStore, expected: string | undefined) => {
        if (lost === times) return store.put(key, next, expected);
        lost++;
        const data = record.replace('"failures":3', `"failures":${lost}`);
        expect(await store.put(key, { version: `other ${lost}`, data, enrolled: true }, expected)).toBe(true);
        return store.put(key, next, expected);
      },
    };
  }

  test('SF-09 is decided again on the account as it is then, 31 times', async () => {
    const { put, rounds } = contended(31);
    const service = serviceOver({ put });
    await service.unlock('A');
    expect(rounds()).toBe(31);
    const stored = JSON.parse((await store.get('A'))?.data ?? '');
    expect(stored.epoch).toBe('e');
    expect(stored.budget.failures).toBe(0);
  });

  test('SF-09 after 32 rounds is a fault: nothing of ours is written, nothing is told', async () => {
    const { put, rounds } = contended(32);
    const service = serviceOver({ put });
    await expect(service.reset('A')).rejects.toMatchObject(unavailable('store_contended'));
    expect(rounds()).toBe(32);
    expect(JSON.parse((await store.get('A'))?.data ?? '').budget.failures).toBe(32);
    expect(events).toEqual([]);
  });

  test('SF-09 counts as lost too where the account was deleted meanwhile', async () => {
    await store.put('A', { version: '1', data: record, enrolled: true }, undefined);
    const expectations: (string | undefined)[] = [];
    const service = serviceOver({
      put: async (key: string, next: AccountToStore, expected: string | undefined) => {
        expectations.push(expected);
        if (expectations.length === 1) await store.delete(key);
        return store.put(key, next, expected);
      },
    });
    await service.endSessions('A');
    expect(expectations).toEqual(['1', undefined]);
    expect(JSON.parse((await store.get('A'))?.data ?? '').budget.failures).toBe(0);
  });
});

describe('a change that changes nothing', () => {
  test('writes nothing', async () => {
    const put = jest.fn(store.put);
    await serviceOver({ put }).status('A');
    await serviceOver({ put }).verify('A', { code: 'no code at all' });
    expect(put).not.toHaveBeenCalled();
  });
});

describe('a `put` without a clear answer is a fault, and is not repeated', () => {
  const failure = new Error('connection lost');
  test.each<[string, () => unknown]>([
    ['gives nothing', async () => undefined],
    ['gives null', async () => null],
    ['gives 1', async () => 1],
    ['gives "OK"', async () => 'OK'],
    ['gives a truthy object', async () => ({ affectedRows: 0 })],
    ['rejects', () => Promise.reject(failure)],
    [
      'throws',
      () => {
        throw failure;
      },
    ],
  ])('where it %s', async (_name, answer) => {
    await store.put('A', { version: '1', data: record, enrolled: true }, undefined);
    const put = jest.fn(answer);
    const service = serviceOver({ put });
    await expect(service.reset('A')).rejects.toMatchObject(unavailable('store_unavailable'));
    expect(put).toHaveBeenCalledTimes(1);
    expect(events).toEqual(told('put', 'reset'));
    expect(await store.get('A')).toEqual({ version: '1', data: record });
  });

  test('where it hangs, when time is up', async () => {
    jest.useFakeTimers();
    const put = jest.fn(() => new Promise<boolean>(() => undefined));
    const rejected = expect(serviceOver({ put }).reset('A')).rejects.toMatchObject(
      unavailable('deadline_exceeded'),
    );
    await jest.advanceTimersByTimeAsync(1_800);
    await rejected;
    expect(put).toHaveBeenCalledTimes(1);
    expect(events).toEqual(told('put', 'reset'));
  });

  test('where it succeeds too late: what is written stays written, nothing more is done', async () => {
    jest.useFakeTimers();
    const put = jest.fn(async (key: string, next: AccountToStore, expected: string | undefined) => {
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      return store.put(key, next, expected);
    });
    const rejected = expect(serviceOver({ put }).reset('A')).rejects.toMatchObject(
      unavailable('deadline_exceeded'),
    );
    await jest.advanceTimersByTimeAsync(1_800);
    await rejected;
    expect(await store.get('A')).toBeUndefined();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await store.get('A')).toBeDefined();
    expect(put).toHaveBeenCalledTimes(1);
    // In particular not the event of the change.
    expect(events).toEqual(told('put', 'reset'));
  });
});

describe('a `get` without a clear answer is a fault, and never "not enrolled"', () => {
  test.each<[string, () => unknown]>([
    ['gives null', async () => null],
    ['gives false', async () => false],
    ['gives text', async () => record],
    ['gives an account without a version', async () => ({ data: record })],
    ['gives an account whose version is a number', async () => ({ version: 1, data: record })],
    ['gives an account whose data is parsed already', async () => ({ version: '1', data: {} })],
    ['rejects', () => Promise.reject(new Error('connection lost'))],
    [
      'throws',
      () => {
        throw new Error('not connected');
      },
    ],
  ])('where it %s', async (_name, answer) => {
    const put = jest.fn(store.put);
    const service = serviceOver({ get: answer, put });
    await expect(service.status('A')).rejects.toMatchObject(unavailable('store_unavailable'));
    expect(events).toEqual(told('get', 'status'));
    await expect(service.reset('A')).rejects.toMatchObject(unavailable('store_unavailable'));
    expect(put).not.toHaveBeenCalled();
  });

  test('where it hangs, when time is up', async () => {
    jest.useFakeTimers();
    const service = serviceOver({ get: () => new Promise(() => undefined) });
    const rejected = expect(service.status('A')).rejects.toMatchObject(unavailable('deadline_exceeded'));
    await jest.advanceTimersByTimeAsync(1_800);
    await rejected;
    expect(events).toEqual(told('get', 'status'));
  });
});

test('a `delete` that fails is a fault, and the event says what was intended', async () => {
  const failing = jest.fn(() => Promise.reject(new Error('connection lost')));
  const service = serviceOver({ delete: failing });
  await expect(service.deleteUser('A')).rejects.toMatchObject(unavailable('store_unavailable'));
  expect(failing).toHaveBeenCalledTimes(1);
  expect(events).toEqual(told('delete', 'delete user'));
});
