import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { MfaStore, ResealProgress } from 'express-mfa';
import { createClock } from '../app/clock.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { editAccount } from '../app/edit-account.ts';
import { importUser } from '../app/imported-user.ts';

const newKey = () => randomBytes(32).toString('base64');
const [k1, k2, k3] = [newKey(), newKey(), newKey()];
let prefix: string;
const clock = createClock();
const apps: TestApp[] = [];
async function withKeys(
  keys: string[],
  options: { realm?: string; store?: MfaStore } = {},
): Promise<TestApp> {
  const app = await createTestApp({ prefix, clock, mfa: { keys, ...options } });
  apps.push(app);
  return app;
}

let old: TestApp;
let rotated: TestApp;
beforeEach(async () => {
  prefix = `test:${randomBytes(6).toString('hex')}:`;
  old = await withKeys([k1]);
  rotated = await withKeys([k2, k1]);
});
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

const kidOf = ({ authenticators }: { authenticators: { secret: string }[] }) =>
  authenticators[0]?.secret.split('.')[1];
const users = Array.from({ length: 120 }, (_, number) => `user ${number}`);
async function importAll(app: TestApp): Promise<void> {
  for (const user of users) await importUser(app, user);
}

test('every secret is under the newest key afterwards, and nothing else has changed', async () => {
  await importAll(old);
  const before = await old.state('user 7');
  const report = await rotated.mfa.service.resealAll();
  const newest = kidOf(await rotated.state('user 7'));
  expect(report).toEqual({
    accounts: 120,
    resealed: 120,
    unreadable: 0,
    stopped: false,
    keys: [
      { kid: newest, listed: true, secrets: 120, backupCodes: 0 },
      { kid: kidOf(before), listed: true, secrets: 0, backupCodes: 0 },
    ],
  });
  const after = await rotated.state('user 7');
  const without = (app: object) => ({ ...app, secret: '' });
  expect({ ...after, authenticators: after.authenticators.map(without) }).toEqual({
    ...before,
    authenticators: before.authenticators.map(without),
  });

  // The old key is not needed any more.
  const alone = await withKeys([k2]);
  const raw = await alone.rawState('user 7');
  expect((await alone.mfa.service.resealAll()).resealed).toBe(0);
  expect(await alone.rawState('user 7')).toBe(raw);
  expect((await alone.mfa.service.status('user 7')).totpEnabled).toBe(true);
});

test('a session stays logged in, and a code still counts once', async () => {
  const authenticator = await importUser(old, 'A');
  clock.nextStep();
  const code = authenticator.code();
  const browser = await old.pending('A');
  expect((await browser.post('/mfa/totp/verify', { code })).status).toBe(200);
  await rotated.mfa.service.resealAll();
  const same = rotated.browser();
  same.cookie = browser.cookie;
  expect((await same.get('/private')).status).toBe(200);
  const again = await rotated.pending('A');
  expect((await again.post('/mfa/totp/verify', { code })).status).toBe(401);
});

test('it tells how far it is, can be stopped, and goes on with what is left', async () => {
  await importAll(old);
  const stop = new AbortController();
  const progress: ResealProgress[] = [];
  const stopped = await rotated.mfa.service.resealAll({
    signal: stop.signal,
    onProgress(now) {
      progress.push(now);
      if (now.done >= 40) stop.abort();
    },
  });
  expect(stopped.stopped).toBe(true);
  expect(stopped.accounts).toBeGreaterThanOrEqual(40);
  expect(stopped.accounts).toBeLessThan(120);
  expect(progress.every(({ total }) => total === 120)).toBe(true);
  expect(progress.map(({ done }) => done)).toEqual(progress.map(({ done }) => done).sort((a, b) => a - b));

  const rest = await rotated.mfa.service.resealAll();
  expect(rest).toMatchObject({ accounts: 120, resealed: 120 - stopped.resealed, stopped: false });
});

test('one that was stopped before it began does nothing', async () => {
  await importUser(old, 'A');
  const raw = await old.rawState('A');
  const report = await rotated.mfa.service.resealAll({ signal: AbortSignal.abort() });
  expect(report).toMatchObject({ accounts: 0, resealed: 0, stopped: true });
  expect(await old.rawState('A')).toBe(raw);
});

test('one that was stopped before it began does not even count to the end', async () => {
  let listed = 0;
  const { get, put, delete: remove } = old.store;
  const many: MfaStore = {
    get,
    put,
    delete: remove,
    async *list() {
      for (; listed < 1_000; listed++) yield `user ${listed}`;
    },
  };
  const app = await withKeys([k2, k1], { store: many });
  const report = await app.mfa.service.resealAll({ signal: AbortSignal.abort() });
  expect(report).toMatchObject({ accounts: 0, stopped: true });
  expect(listed).toBeLessThan(10);
});

test('what no key opens is counted, told of, left as it is, and stops nothing', async () => {
  const stranger = await withKeys([k3]);
  await importUser(stranger, 'foreign');
  await importUser(old, 'corrupt');
  await importUser(old, 'fine');
  await editAccount(old, 'corrupt', () => 'no JSON');
  const raws = await Promise.all(['foreign', 'corrupt'].map((user) => old.rawState(user)));
  const report = await rotated.mfa.service.resealAll();
  expect(report).toMatchObject({ accounts: 3, resealed: 1, unreadable: 2 });
  expect(await Promise.all(['foreign', 'corrupt'].map((user) => old.rawState(user)))).toEqual(raws);
  const told = rotated.events.map(({ name, userId }) => `${name} ${userId}`).sort();
  expect(told).toEqual(['secret.unreadable corrupt', 'secret.unreadable foreign']);
});

test('backup codes of the old key are counted: it is needed for as long as they are', async () => {
  await old.enrol('has codes');
  const { keys } = await rotated.mfa.service.resealAll();
  expect(keys.map(({ secrets, backupCodes }) => [secrets, backupCodes])).toEqual([
    [1, 0],
    [0, 1],
  ]);
  // Without that key in the list, it is the one that is missing.
  const alone = await withKeys([k2]);
  const { keys: named } = await alone.mfa.service.resealAll();
  expect(named.map(({ listed, secrets, backupCodes }) => [listed, secrets, backupCodes])).toEqual([
    [true, 1, 0],
    [false, 0, 1],
  ]);
});

test('a key is needed by the backup codes of an account whose secret no key opens', async () => {
  await old.enrol('A');
  await (await withKeys([k3, k1])).mfa.service.resealAll();
  const report = await rotated.mfa.service.resealAll();
  expect(report).toMatchObject({ accounts: 1, resealed: 0, unreadable: 1 });
  expect(report.keys.map(({ listed, secrets, backupCodes }) => [listed, secrets, backupCodes])).toEqual([
    [true, 0, 0],
    [true, 0, 1],
    [false, 1, 0],
  ]);
});

test('a signal that comes with the last account has stopped nothing; and the list is closed in any case', async () => {
  await importUser(old, 'A');
  let closed = 0;
  const { get, put, delete: remove, list } = old.store;
  const watched: MfaStore = {
    get,
    put,
    delete: remove,
    async *list() {
      try {
        yield* list?.() ?? [];
      } finally {
        closed++;
      }
    },
  };
  const app = await withKeys([k2, k1], { store: watched });
  const stop = new AbortController();
  const report = await app.mfa.service.resealAll({ signal: stop.signal, onProgress: () => stop.abort() });
  expect(report).toMatchObject({ accounts: 1, resealed: 1 });
  expect(closed).toBe(2);
});

test('accounts of other realms are left alone, however they are named', async () => {
  const staff = await withKeys([k1], { realm: 'staff' });
  await importUser(staff, '7');
  await importUser(old, 'staff:7');
  await importUser(old, '7');
  const raw = await old.rawState('staff:7');
  expect(raw).not.toBeNull();
  const report = await rotated.mfa.service.resealAll();
  expect(report).toMatchObject({ accounts: 2, resealed: 2 });
  expect(await old.rawState('staff:7')).toBe(raw);
  const rotatedStaff = await withKeys([k2, k1], { realm: 'staff' });
  expect(await rotatedStaff.mfa.service.resealAll()).toMatchObject({ accounts: 1, resealed: 1 });
});

test('logins that go on meanwhile lose nothing', async () => {
  await importAll(old);
  clock.nextStep();
  const authenticators = new Map<string, { code(): string }>();
  for (const user of ['B', 'C', 'D']) authenticators.set(user, await importUser(old, user));
  clock.nextStep();
  const [, ...answers] = await Promise.all([
    rotated.mfa.service.resealAll(),
    ...[...authenticators].map(([user, { code }]) => rotated.mfa.service.verify(user, { code: code() })),
  ]);
  expect(answers.map(({ ok }) => ok)).toEqual([true, true, true]);
  for (const user of authenticators.keys()) {
    expect(kidOf(await rotated.state(user))).toBe(kidOf(await rotated.state('user 1')));
    expect((await rotated.state(user)).authenticators[0].lastStep).toBeGreaterThan(0);
  }
});

test('a store that fails ends it with an error, and none is at work behind the caller’s back', async () => {
  await importAll(old);
  const put = rotated.store.put.bind(rotated.store);
  let calls = 0;
  const spy = jest.spyOn(rotated.store, 'put').mockImplementation(async (...write) => {
    if (++calls === 50) throw new Error('connection lost');
    return put(...write);
  });
  await expect(rotated.mfa.service.resealAll()).rejects.toMatchObject({ code: 'store_unavailable' });
  const atTheEnd = calls;
  await new Promise((resolve) => setImmediate(resolve));
  expect(calls).toBe(atTheEnd);
  spy.mockRestore();
  expect(await rotated.mfa.service.resealAll()).toMatchObject({ accounts: 120, unreadable: 0 });
});

test('a list that fails is a fault of the store; a store without one is refused', async () => {
  const { get, put, delete: remove } = old.store;
  const failing = await withKeys([k2, k1], {
    store: {
      get,
      put,
      delete: remove,
      // biome-ignore lint/correctness/useYield: it fails before the first.
      async *list() {
        throw new Error('connection lost');
      },
    },
  });
  await expect(failing.mfa.service.resealAll()).rejects.toMatchObject({ code: 'store_unavailable' });
  const without = await withKeys([k2, k1], { store: { get, put, delete: remove } });
  await expect(without.mfa.service.resealAll()).rejects.toMatchObject({
    code: 'mfa_config',
    message: expect.stringContaining('`list`'),
  });
});

test('an account that is deleted meanwhile is neither made anew nor missed', async () => {
  const flagged = await createTestApp({ prefix, clock, mfa: { keys: [k2, k1], isEnrolled: () => true } });
  apps.push(flagged);
  await importUser(old, 'leaves');
  const get = flagged.store.get.bind(flagged.store);
  jest.spyOn(flagged.store, 'get').mockImplementationOnce(async (user) => {
    await flagged.mfa.service.deleteUser('leaves');
    return get(user);
  });
  expect(await flagged.mfa.service.resealAll()).toMatchObject({ resealed: 0, unreadable: 0 });
  expect(await old.rawState('leaves')).toBeNull();
});
