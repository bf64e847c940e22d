import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createMfaRouter, memoryMfaStore } from 'express-mfa';
import { TOTP } from 'otpauth';
import type { Response } from 'supertest';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { editAccount } from '../app/edit-account.ts';
import { codeAt, importUser, wrongCode } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

const answers = watchAnswers();
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
});
afterEach(() => {
  answers.check();
  expect(app.errors).toEqual([]);
});
afterAll(() => app.close());

const verify = async (user: string, code: string) =>
  (await app.pending(user)).post('/mfa/totp/verify', { code });

function expectUnavailable(response: Response): void {
  expect(response.status).toBe(503);
  expect(response.body).toEqual({
    success: false,
    message: 'The second step is not available at the moment.',
    error_type: 'UNAVAILABLE',
  });
  expect(response.headers['set-cookie']).toBeUndefined();
  expect(answers.takeFaults()).toEqual(['POST /mfa/totp/verify: 503']);
}

/** Whatever code is sent: 503, an event, nothing written, nothing granted, and the login stays two-step. */
async function expectUnreadable(user: string, codes: readonly string[]): Promise<void> {
  const state = await app.rawState(user);
  for (const code of codes) {
    const events = app.events.length;
    expectUnavailable(await verify(user, code));
    expect(app.events.slice(events)).toEqual([
      expect.objectContaining({ name: 'secret.unreadable', userId: user, what: 'secret' }),
    ]);
  }
  expect(await app.rawState(user)).toBe(state);
  const login = await app.browser().post('/login', { user, password: `password of ${user}` });
  expect(login.body.status).toBe('mfa_required');
}

/** What speakeasy takes for right where there is no secret: the code of the empty key. */
const codeOfEmptyKey = () =>
  // otpauth refuses an empty key, and HMAC pads with zeros: one zero byte is the same key.
  new TOTP({ secret: 'AA' }).generate({ timestamp: app.clock.now() });

describe('an account that says it is enrolled, and whose secret is not there', () => {
  test.each<[string, (totp: Record<string, unknown>) => unknown]>([
    ['missing', ({ secret, ...totp }) => totp],
    ['null', (totp) => ({ ...totp, secret: null })],
    ['empty', (totp) => ({ ...totp, secret: '' })],
    ['a number', (totp) => ({ ...totp, secret: 0 })],
    ['an object', (totp) => ({ ...totp, secret: {} })],
    ['in the clear', (totp) => ({ ...totp, secret: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' })],
    ['not there with all the rest but its kind', () => ({ kind: 'totp' })],
  ])('SF-01 %s: 503, whatever the code', async (name, edit) => {
    const authenticator = await importUser(app, name);
    await editAccount(app, name, (account) => ({
      ...account,
      authenticators: [edit(account.authenticators[0])],
    }));
    const clear = { secret: 'A'.repeat(32) };
    await expectUnreadable(name, [
      codeOfEmptyKey(),
      codeAt(app, clear),
      codeAt(app, authenticator, 1),
      wrongCode(app, authenticator),
    ]);
  });

  test('SF-01 a backup code still opens it', async () => {
    const { backupCodes } = await app.enrol('has codes');
    await editAccount(app, 'has codes', (account) => void delete account.authenticators[0].secret);
    expect((await verify('has codes', backupCodes[0] ?? '')).status).toBe(200);
  });
});

/** The parts of a sealed secret, changed and put together again. */
function reseal(
  sealed: string,
  change: (iv: Buffer, ciphertext: Buffer) => [Buffer, Buffer] | string,
): string {
  const [version, kid, iv = '', ciphertext = ''] = sealed.split('.');
  const changed = change(Buffer.from(iv, 'base64url'), Buffer.from(ciphertext, 'base64url'));
  if (typeof changed === 'string') return changed;
  return [version, kid, ...changed.map((part) => part.toString('base64url'))].join('.');
}

function flip(bytes: Buffer, at: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[at] = (flipped[at] ?? 0) ^ 1;
  return flipped;
}

describe('a seal that was tampered with', () => {
  test('SF-10 every byte flipped, the tag cut: 503, and nothing of it in an event or a body', async () => {
    const authenticator = await importUser(app, 'tampered');
    const sealed: string = (await app.state('tampered')).authenticators[0].secret;
    const [iv, ciphertext] = sealed
      .split('.')
      .slice(2)
      .map((part) => Buffer.from(part, 'base64url'));
    const damaged = [
      ...Array.from(iv ?? [], (_, at) => reseal(sealed, (nonce, bytes) => [flip(nonce, at), bytes])),
      ...Array.from(ciphertext ?? [], (_, at) => reseal(sealed, (nonce, bytes) => [nonce, flip(bytes, at)])),
      ...[4, 8, 12, 16].map((cut) => reseal(sealed, (nonce, bytes) => [nonce, bytes.subarray(0, -cut)])),
      reseal(sealed, (nonce) => [nonce, Buffer.alloc(0)]),
      sealed.replace(/^v1/, 'v2'),
    ];
    expect(damaged).toHaveLength(12 + 36 + 4 + 2);
    const events = app.events.length;
    for (const secret of damaged) {
      await editAccount(
        app,
        'tampered',
        (account) => void Object.assign(account.authenticators[0], { secret }),
      );
      expectUnavailable(await verify('tampered', codeAt(app, authenticator, 1)));
    }
    const told = app.events.slice(events);
    expect(told.map(({ name }) => name)).toEqual(damaged.map(() => 'secret.unreadable'));
    const text = JSON.stringify(told);
    for (const secret of [sealed, ...damaged]) expect(text).not.toContain(secret.slice(12, 40));
    expect((await app.state('tampered')).budget.failures).toBe(0);
  });

  test('SF-11 a seal that was copied from another user opens for nobody', async () => {
    const thief = await importUser(app, 'thief');
    const victim = await importUser(app, 'victim');
    const [{ secret }] = (await app.state('thief')).authenticators;
    await editAccount(app, 'victim', (account) => void Object.assign(account.authenticators[0], { secret }));
    await expectUnreadable('victim', [codeAt(app, thief, 1), codeAt(app, victim, 1)]);
    expect((await verify('thief', thief.code())).status).toBe(200);
  });

  test('SF-12 a secret that was made another one by flipping its bits is never used', async () => {
    const authenticator = await importUser(app, 'flipped');
    // GCM encrypts as a stream: a flipped bit of the ciphertext is the same bit of the secret.
    await editAccount(app, 'flipped', ({ authenticators: [totp] }) => {
      totp.secret = reseal(totp.secret, (iv, bytes) => [iv, flip(bytes, 0)]);
    });
    const { buffer } = new TOTP({ secret: authenticator.secret }).secret;
    const flipped = new TOTP({ secret: authenticator.secret });
    new Uint8Array(flipped.secret.buffer).set(flip(Buffer.from(buffer), 0));
    expect(flipped.secret.base32).not.toBe(authenticator.secret);
    const code = flipped.generate({ timestamp: app.clock.now() + 30_000 });
    await expectUnreadable('flipped', [code]);
  });

  test('SF-14 a key id that nobody knows, or none: no other key is tried, and no plaintext assumed', async () => {
    const authenticator = await importUser(app, 'key id');
    const sealed: string = (await app.state('key id')).authenticators[0].secret;
    const [, kid = '', ...rest] = sealed.split('.');
    for (const other of ['AAAAAAAA', '', kid.slice(1), '__proto__', 'constructor']) {
      const secret = ['v1', other, ...rest].join('.');
      await editAccount(
        app,
        'key id',
        (account) => void Object.assign(account.authenticators[0], { secret }),
      );
      await expectUnreadable('key id', [codeAt(app, authenticator, 1)]);
    }
  });
});

const options = {
  issuer: 'Acme',
  store: memoryMfaStore(),
  currentUserId: () => undefined,
  logIn: () => undefined,
  accountName: String,
  now: Date.now,
};

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

test.each([
  ['too short', [Buffer.alloc(31, 'ab').toString('base64')]],
  ['not base64', ['!'.repeat(44)]],
  ['all zeros', [Buffer.alloc(32).toString('base64')]],
  ['the same twice', ['x', 'x'].map(() => Buffer.alloc(32, 'abc').toString('base64'))],
  ['none', []],
])(
  'SF-16 keys that are %s are refused when the app starts, in a sentence that does not tell them',
  (_name, keys) => {
    const refused = thrownBy(() => createMfaRouter({ ...options, keys }));
    expect(refused).toMatchObject({ name: 'MfaConfigError', message: expect.stringMatching(/key/) });
    for (const key of keys) expect(String(refused)).not.toContain(key);
  },
);
