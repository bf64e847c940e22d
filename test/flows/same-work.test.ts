import crypto from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import bcrypt from 'bcrypt';
import type { TestAuthenticator } from 'express-mfa/testing';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser, wrongCode } from '../app/imported-user.ts';

let app: TestApp;
let enrolled: TestAuthenticator;
beforeAll(async () => {
  app = await createTestApp();
  enrolled = await app.enrol('B');
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => app.close());

/** How much is computed for one code: without HTTP, because express-session makes HMACs as well. */
async function workFor(user: string, code: string) {
  const hmac = jest.spyOn(crypto, 'createHmac');
  const compare = jest.spyOn(bcrypt, 'compare');
  const hash = jest.spyOn(bcrypt, 'hash');
  const result = await app.mfa.service.verify(user, { code });
  const work = {
    hmacs: hmac.mock.calls.length,
    compares: compare.mock.calls.length,
    hashes: hash.mock.calls.length,
    accepted: result.ok,
  };
  jest.restoreAllMocks();
  return work;
}

test('IL-08 three HMACs for every TOTP code, whichever step it is of, right, wrong or replayed', async () => {
  const authenticator = await importUser(app, 'A');
  app.clock.nextStep(2);
  const work = { hmacs: 3, compares: 0, hashes: 0 };
  const codes: [string, boolean][] = [
    [codeAt(app, authenticator, -1), true],
    [codeAt(app, authenticator, -1), false],
    [wrongCode(app, authenticator), false],
    [codeAt(app, authenticator, 0), true],
    [codeAt(app, authenticator, 1), true],
    [codeAt(app, authenticator, 0), false],
    [codeAt(app, authenticator, 2), false],
    [codeAt(app, authenticator, -2), false],
  ];
  for (const [code, accepted] of codes) expect(await workFor('A', code)).toEqual({ ...work, accepted });
});

test('IL-08 every comparison is a timingSafeEqual of all three, whichever matches', async () => {
  const authenticator = await importUser(app, 'C');
  app.clock.nextStep(2);
  for (const code of [-1, 0, 1].map((steps) => codeAt(app, authenticator, steps))) {
    const equal = jest.spyOn(crypto, 'timingSafeEqual');
    await app.mfa.service.verify('C', { code });
    expect(equal).toHaveBeenCalledTimes(3);
    equal.mockRestore();
  }
});

test('IL-08 a wrong backup code costs one HMAC and no bcrypt, a right one a single comparison', async () => {
  const [first = '', last = ''] = [enrolled.backupCodes[0], enrolled.backupCodes[9]];
  const wrong = { hmacs: 1, compares: 0, hashes: 0, accepted: false };
  const right = { hmacs: 1, compares: 1, hashes: 0, accepted: true };
  expect(await workFor('B', '0000-0000-0000-0000')).toEqual(wrong);
  expect(await workFor('B', last)).toEqual(right);
  expect(await workFor('B', last)).toEqual(wrong);
  expect(await workFor('B', first)).toEqual(right);
});

test('IL-08 a user without backup codes, and one of whom nothing is stored, cost the same', async () => {
  await importUser(app, 'D');
  const wrong = { hmacs: 1, compares: 0, hashes: 0, accepted: false };
  expect(await workFor('D', '0000-0000-0000-0000')).toEqual(wrong);
  expect(await workFor('nobody', '0000-0000-0000-0000')).toEqual(wrong);
});

test('during a wait nothing is computed for a TOTP code, and no bcrypt for a wrong backup code', async () => {
  const authenticator = await importUser(app, 'E');
  app.clock.nextStep(2);
  for (let failure = 0; failure < 5; failure++) await workFor('E', wrongCode(app, authenticator));
  const nothing = { hmacs: 0, compares: 0, hashes: 0, accepted: false };
  expect(await workFor('E', codeAt(app, authenticator))).toEqual(nothing);
  expect(await workFor('E', wrongCode(app, authenticator))).toEqual(nothing);
  expect(await workFor('E', '0000-0000-0000-0000')).toEqual({ ...nothing, hmacs: 1 });
});
