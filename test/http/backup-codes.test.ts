import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import bcrypt from 'bcrypt';
import type { TestAuthenticator } from 'express-mfa/testing';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
let authenticator: TestAuthenticator;
let other: TestAuthenticator;
let unused: string[];
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch, realBcrypt: true });
  authenticator = await app.enrol('A');
  other = await app.enrol('B');
  unused = [...authenticator.backupCodes];
});
beforeEach(async () => {
  // A set costs half a second: the tests share one, and begin with a full budget each.
  await app.mfa.service.unlock('A');
  await app.mfa.service.unlock('B');
  app.events.splice(0);
});
afterEach(() => {
  jest.restoreAllMocks();
  answers.check();
  expect(app.errors.splice(0)).toEqual([]);
});
afterAll(() => app.close());

const verify = (browser: Browser, code: unknown) => browser.post('/mfa/totp/verify', { code });
const takeCode = () => unused.shift() ?? '';
const left = async (user: string) => (await app.state(user)).backupCodes.length;

test('BC-01 a code logs in once', async () => {
  const code = takeCode();
  const before = await app.state('A');
  const response = await verify(await app.pending('A'), code);
  expect(response.status).toBe(200);
  expect(response.body.data).toEqual({
    user_id: 'A',
    method: 'backup_code',
    backup_codes_remaining: 9,
    failed_attempts: 0,
    redirect_to: '/',
  });
  const after = await app.state('A');
  expect(after.backupCodes).toEqual(before.backupCodes.slice(1));
  expect(after.epoch).toBe(before.epoch);
  expect(after.authenticators).toEqual(before.authenticators);

  const again = await app.pending('A');
  expectRefusal(await verify(again, code), 401, 'INVALID_CODE');
  expectRefusal(await again.get('/private'), 401, 'MFA_REQUIRED');
  expect(await left('A')).toBe(9);
});

test('BC-01 nor does a used code step up, disable or regenerate', async () => {
  const code = takeCode();
  const browser = await app.pending('A');
  expect((await verify(browser, code)).status).toBe(200);
  const { backupCodes, epoch } = await app.state('A');
  const body = { code, password: 'password of A' };
  expectRefusal(await verify(browser, code), 401, 'INVALID_CODE');
  expectRefusal(await browser.delete('/mfa/totp/disable', body), 401, 'INVALID_CODE');
  expectRefusal(await browser.post('/mfa/totp/regenerate-backup-codes', body), 401, 'INVALID_CODE');
  expect(await app.state('A')).toMatchObject({ backupCodes, epoch });
});

test('BF-07 six wrong codes: the sixth has to wait, and a right one gets in all the same', async () => {
  const browser = await app.pending('A');
  const compare = jest.spyOn(bcrypt, 'compare');
  for (let time = 0; time < 5; time++) {
    expectRefusal(await verify(browser, `ZZZZ-ZZZZ-ZZZZ-ZZZ${time}`), 401, 'INVALID_CODE');
  }
  const state = await app.rawState('A');
  const sixth = await verify(browser, 'ZZZZ-ZZZZ-ZZZZ-ZZZZ');
  expectRefusal(sixth, 429, 'TOO_MANY_ATTEMPTS');
  expect(sixth.headers['retry-after']).toBe('30');
  expect(await app.rawState('A')).toBe(state);
  expect(compare).not.toHaveBeenCalled();

  const response = await verify(browser, takeCode());
  expect(response.status).toBe(200);
  expect(response.body.data).toMatchObject({ method: 'backup_code', failed_attempts: 5 });
  expect(compare).toHaveBeenCalledTimes(1);
  expect((await app.state('A')).budget).toEqual({ failures: 0, waitUntil: 0 });
});

test('BC-06 at rest there are bcrypt hashes of cost 10, each with a salt of its own, and no code', async () => {
  const keys = await app.redis.keys(`${app.prefix}*`);
  const dump = (await Promise.all(keys.map((key) => app.redis.get(key)))).join('\n');
  for (const code of [...authenticator.backupCodes, ...other.backupCodes]) {
    for (const form of [code, code.replaceAll('-', ''), code.toLowerCase()]) expect(dump).not.toContain(form);
  }
  const stored = [...(await app.state('A')).backupCodes, ...(await app.state('B')).backupCodes];
  expect(stored.length).toBeGreaterThan(15);
  for (const [kid, index, hash] of stored) {
    expect(kid).toMatch(/^[\w-]{8}$/);
    expect(index).toMatch(/^[\w-]{11}$/);
    expect(hash).toMatch(/^\$2b\$10\$[./A-Za-z0-9]{53}$/);
  }
  const salts = stored.map(([, , hash]) => hash.slice(7, 29));
  expect(new Set(salts).size).toBe(stored.length);
  expect(new Set(stored.map(([, index]) => index)).size).toBe(stored.length);
});

test('BC-08 a code of another user is a wrong one, and stays good for its owner', async () => {
  const [code = '', next = ''] = other.backupCodes;
  const stateOfB = await app.rawState('B');
  const compare = jest.spyOn(bcrypt, 'compare');
  const browser = await app.pending('A');
  expectRefusal(await verify(browser, code), 401, 'INVALID_CODE');
  const more = { code, userId: 'B', user: 'B', pendingUserId: 'B' };
  expectRefusal(await browser.post('/mfa/totp/verify', more), 401, 'INVALID_CODE');
  expect(compare).not.toHaveBeenCalled();
  expect((await app.state('A')).budget.failures).toBe(2);
  expect(await app.rawState('B')).toBe(stateOfB);

  for (const own of [code, next]) expect((await verify(await app.pending('B'), own)).status).toBe(200);
});

describe('BC-10 how a code may be written', () => {
  const plain = (code: string) => code.replaceAll('-', '');
  const forms: Record<string, (code: string) => string> = {
    'in lower case, without hyphens': (code) => plain(code).toLowerCase(),
    'with spaces around and between, O for 0 and l for 1': (code) =>
      `  ${code.replaceAll('-', ' ').replaceAll('0', 'O').replaceAll('1', 'l')} `,
    'with hyphens elsewhere, o for 0 and I for 1': (code) =>
      `-${[...plain(code)].join('-').replaceAll('0', 'o').replaceAll('1', 'I')}-`,
  };
  test.each(Object.entries(forms))('BC-10 %s', async (_name, write) => {
    const before = await left('A');
    expect((await verify(await app.pending('A'), write(takeCode()))).status).toBe(200);
    expect(await left('A')).toBe(before - 1);
  });

  const wide = (code: string) =>
    [...code]
      .map((letter) => (letter === '-' ? '-' : String.fromCodePoint(letter.charCodeAt(0) + 0xfee0)))
      .join('');
  const malformed: Record<string, (code: string) => unknown> = {
    'full-width letters and digits': wide,
    'one full-width character': (code) => wide(code.charAt(0)) + code.slice(1),
    '17 characters': (code) => `${code}0`,
    '15 characters': (code) => code.slice(0, -1),
    'two codes': (code) => `${code} ${code}`,
    nothing: () => '',
    'hyphens alone': () => '-------------------',
    'en dashes': (code) => code.replaceAll('-', '\u2013'),
    'no-break spaces': (code) => code.replaceAll('-', '\u00a0'),
    'a line break at the end': (code) => `${code}\n`,
    'a NUL at the end': (code) => `${code}\u0000`,
    'a zero-width space': (code) => `${code.slice(0, 4)}\u200b${code.slice(4)}`,
    'the letter U': (code) => `U${code.slice(1)}`,
    'a dotless i, which becomes an I': (code) => `\u0131${code.slice(1)}`,
    'a long s, which becomes an S': (code) => `\u017f${code.slice(1)}`,
    'a ligature, which becomes two letters': (code) => `\ufb01${code.slice(2)}`,
    'a list': (code) => [code],
    'an object': (code) => ({ code }),
  };
  test.each(Object.entries(malformed))('BC-10 %s is no code', async (_name, write) => {
    const compare = jest.spyOn(bcrypt, 'compare');
    const browser = await app.pending('A');
    const state = await app.rawState('A');
    expectRefusal(await verify(browser, write(unused[0] ?? '')), 400, 'VALIDATION_ERROR');
    expect(compare).not.toHaveBeenCalled();
    expect(await app.rawState('A')).toBe(state);
  });

  test('BC-10 10 kB are no code', async () => {
    const compare = jest.spyOn(bcrypt, 'compare');
    const browser = await app.pending('A');
    const state = await app.rawState('A');
    for (const code of ['0'.repeat(10_000), ' '.repeat(10_000) + unused[0], '-'.repeat(1_000) + unused[0]]) {
      const response = await verify(browser, code);
      expectRefusal(response, code.length > 2_000 ? 413 : 400, 'VALIDATION_ERROR');
      expect(await app.mfa.service.verify('A', { code })).toEqual({
        ok: false,
        errorType: 'VALIDATION_ERROR',
      });
    }
    expect(compare).not.toHaveBeenCalled();
    expect(await app.rawState('A')).toBe(state);
  });
});
