import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Response } from 'supertest';
import { Browser } from '../app/browser.ts';
import { makeBcryptCheap } from '../app/cheap-bcrypt.ts';
import { createTestApp, type TestApp, testKey } from '../app/create-test-app.ts';
import { expectNothingKnown } from '../app/expect-nothing-known.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import type { CrashSettings } from './crash-process.ts';

/** A flow that is about to be run, and what must hold when its process has died before or after its write. */
interface Attempt {
  readonly browser: Browser;
  readonly send: (browser: Browser) => Promise<Response>;
  readonly expectOld: () => Promise<void>;
  readonly expectNew: () => Promise<void>;
}

const children: ChildProcess[] = [];
let app: TestApp;

/** Sends the request to a process that dies after that call to a store; resolves when it is dead. */
async function crash({ browser, send }: Attempt, dieAfter: number): Promise<void> {
  const child = fork(join(__dirname, 'crash-process.ts'), {
    execArgv: ['--import', 'tsx'],
    // What the test has set: the variables of this sandbox are not the process's own.
    env: { ...process.env },
  });
  children.push(child);
  const ended = once(child, 'exit');
  const redisUrl = process.env.REDIS_URL ?? '';
  const settings: CrashSettings = {
    redisUrl,
    prefix: app.prefix,
    key: testKey,
    now: app.clock.now(),
    dieAfter,
  };
  child.send(settings);
  const [url] = await once(child, 'message');
  const sender = new Browser(String(url));
  sender.cookie = browser.cookie;
  await expect(send(sender)).rejects.toThrow(/socket hang up|ECONNRESET/);
  expect(await ended).toEqual([null, 'SIGKILL']);
}

const errorOf = async (response: Promise<Response>) => (await response).body.error_type;

/** The calls of each flow to its stores, and how many of them come before the account is changed. */
const flows: Record<string, { steps: readonly string[]; prepare: (user: string) => Promise<Attempt> }> = {
  verify: {
    steps: ['get', 'put', 'destroy', 'set'],
    async prepare(user) {
      const code = codeAt(app, await importUser(app, user), 1);
      const browser = await app.pending(user);
      const before = await app.rawState(user);
      const send = (sender: Browser) => sender.post('/mfa/totp/verify', { code });
      return {
        browser,
        send,
        async expectOld() {
          expect(await app.rawState(user)).toBe(before);
          expect((await browser.get('/private')).status).toBe(401);
          expect((await send(browser)).status).toBe(200);
        },
        async expectNew() {
          expect((await app.state(user)).used).toHaveLength(1);
          expect((await browser.get('/private')).status).toBe(401);
          expect(await errorOf(send(browser))).toBe('NO_PENDING_LOGIN');
          expect(await errorOf(send(await app.pending(user)))).toBe('INVALID_CODE');
        },
      };
    },
  },
  'enrol-confirm': {
    steps: ['get', 'get', 'put', 'destroy', 'set'],
    async prepare(user) {
      const browser = await app.pending(user);
      const started = await browser.post('/mfa/totp/enroll', {});
      const { secret, backup_codes: shown } = started.body.data;
      const code = codeAt(app, { secret });
      const send = (sender: Browser) => sender.post('/mfa/totp/verify-enrollment', { code });
      return {
        browser,
        send,
        async expectOld() {
          await expectNothingKnown(app, user);
          expect((await send(browser)).status).toBe(200);
          expect((await app.state(user)).backupCodes).toHaveLength(10);
        },
        async expectNew() {
          const state = await app.state(user);
          expect(state.authenticators).toHaveLength(1);
          expect(state.backupCodes).toHaveLength(10);
          expect((await browser.get('/private')).status).toBe(401);
          const login = await app.pending(user);
          expect((await login.post('/mfa/totp/verify', { code: shown[0] })).status).toBe(200);
          const other = await app.pending(user);
          const next = codeAt(app, { secret }, 1);
          expect((await other.post('/mfa/totp/verify', { code: next })).status).toBe(200);
        },
      };
    },
  },
  regenerate: {
    steps: ['get', 'get', 'get', 'get', 'put'],
    async prepare(user) {
      const { backupCodes, code } = await app.enrol(user);
      const browser = await app.pending(user);
      expect((await browser.post('/mfa/totp/verify', { code: code() })).status).toBe(200);
      const before = await app.rawState(user);
      const old = (await app.state(user)).backupCodes.map(([, index]: string[]) => index);
      const password = `password of ${user}`;
      return {
        browser,
        send: (sender) => sender.post('/mfa/totp/regenerate-backup-codes', { password }),
        async expectOld() {
          expect(await app.rawState(user)).toBe(before);
          const login = await app.pending(user);
          expect((await login.post('/mfa/totp/verify', { code: backupCodes[0] })).status).toBe(200);
        },
        async expectNew() {
          const { backupCodes: stored, authenticators } = await app.state(user);
          expect(authenticators).toHaveLength(1);
          expect(stored).toHaveLength(10);
          expect(stored.filter(([, index]: string[]) => old.includes(index))).toEqual([]);
          const login = await app.pending(user);
          expect(await errorOf(login.post('/mfa/totp/verify', { code: backupCodes[0] }))).toBe(
            'INVALID_CODE',
          );
          expect((await login.post('/mfa/totp/verify', { code: code() })).status).toBe(200);
        },
      };
    },
  },
  disable: {
    steps: ['get', 'get', 'get', 'get', 'put', 'destroy', 'set'],
    async prepare(user) {
      const browser = await app.full(user, await importUser(app, user));
      const before = await app.rawState(user);
      const password = `password of ${user}`;
      return {
        browser,
        send: (sender) => sender.delete('/mfa/totp/disable', { password }),
        async expectOld() {
          expect(await app.rawState(user)).toBe(before);
          expect((await browser.get('/private')).status).toBe(200);
        },
        async expectNew() {
          const state = await app.state(user);
          expect(state).toHaveProperty('authenticators', []);
          expect(state.backupCodes).toEqual([]);
          expect((await browser.get('/lenient')).status).toBe(401);
        },
      };
    },
  },
};

/** Reads change nothing, so of those before the write the last is enough. */
const points = Object.entries(flows).flatMap(([flow, { steps }]) =>
  steps
    .map((step, index) => ({ flow, step, dieAfter: index + 1, written: index >= steps.indexOf('put') }))
    .filter(({ dieAfter }) => dieAfter >= steps.indexOf('put')),
);

/** Kills a process at every step of every flow; the accounts are where MFA_STORE says. */
export function crashAtEveryPoint(): void {
  beforeAll(async () => {
    makeBcryptCheap();
    app = await createTestApp();
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await app.close();
  });

  test.concurrent.each(points)(
    'SF-07 $flow, after $step ($dieAfter)',
    async ({ flow, dieAfter, written }) => {
      const attempt = await flows[flow]?.prepare(`${flow} ${dieAfter}`);
      if (!attempt) throw new Error(`There is no flow ${flow}.`);
      await crash(attempt, dieAfter);
      await (written ? attempt.expectNew() : attempt.expectOld());
    },
  );
}
