import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import bcrypt from 'bcrypt';
import express from 'express';
import speakeasy from 'speakeasy';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { importUser } from '../app/imported-user.ts';
import { ownTime } from '../app/own-time.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
/** An app that parses bodies of up to 5 MB before we see them. */
let generous: TestApp;
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
  generous = await createTestApp({
    before: (host) => {
      answers.watch(host);
      host.use(
        express.json({ limit: '5mb', strict: false }),
        express.urlencoded({ limit: '5mb', extended: true }),
      );
    },
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  answers.check();
  for (const { errors } of [app, generous]) expect(errors.splice(0)).toEqual([]);
});
afterAll(() => Promise.all([app.close(), generous.close()]));

/** Generous: the slow ones, where a check is not linear, take minutes. */
async function expectFast<T>(work: () => T): Promise<Awaited<T>> {
  const start = ownTime();
  const result = await work();
  expect(ownTime() - start).toBeLessThan(1_000);
  return result;
}

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const bodies: Record<string, string> = {
  'a code of 100 kB': JSON.stringify({ code: '0'.repeat(100_000) }),
  'a code of 100 kB of spaces and digits': JSON.stringify({ code: '1 '.repeat(50_000) }),
  'a password of 100 kB': JSON.stringify({ code: '123456', password: 'x'.repeat(100_000) }),
  'a list, 100,000 deep': nested(100_000),
  'a code, 100,000 deep': `{"code":${nested(100_000)}}`,
  'objects, 100,000 deep': `${'{"code":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
};
const routes: [string, string][] = [
  ['POST', '/mfa/totp/verify'],
  ['POST', '/mfa/totp/enroll'],
  ['POST', '/mfa/totp/verify-enrollment'],
  ['DELETE', '/mfa/totp/disable'],
  ['POST', '/mfa/totp/regenerate-backup-codes'],
];

describe('DO-07 big inputs are refused at once', () => {
  const json = { 'Content-Type': 'application/json' };

  test.each(Object.entries(bodies))('DO-07 %s', async (name, body) => {
    const [ours, hosts] = [await pendingAt(app, name), await pendingAt(generous, name)];
    const states = [await app.rawState(name), await generous.rawState(name)];
    const spies = [jest.spyOn(bcrypt, 'compare'), jest.spyOn(speakeasy, 'hotp')];
    for (const [method, path] of routes) {
      const refused = await expectFast(() => ours.send(method, path, body, json));
      expectRefusal(refused, 413, 'VALIDATION_ERROR');
      const parsed = await expectFast(() => hosts.send(method, path, body, json));
      expectRefusal(parsed, 400, 'VALIDATION_ERROR');
    }
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    expect([await app.rawState(name), await generous.rawState(name)]).toEqual(states);
  });

  async function pendingAt(where: TestApp, user: string): Promise<Browser> {
    await importUser(where, user);
    return where.pending(user);
  }

  test('DO-07 a million lists that never end', async () => {
    const visitor = app.browser();
    const response = await expectFast(() => visitor.post('/mfa/totp/verify', '['.repeat(1_000_000), json));
    expectRefusal(response, 413, 'VALIDATION_ERROR');
  });

  test('DO-07 a form with 10,000 fields', async () => {
    const fields = Array.from({ length: 10_000 }, (_, index) => `f${index}=1`).join('&');
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const response = await expectFast(() => app.browser().post('/mfa/totp/verify', `${fields}&code=1`, form));
    expectRefusal(response, 413, 'VALIDATION_ERROR');
  });
});

test('DO-07 whatever is long is read in linear time: by the service, and for paths and origins', async () => {
  await importUser(app, 'linear');
  const codes = [
    '1'.repeat(1_000_000),
    '1 '.repeat(500_000),
    ' '.repeat(1_000_000),
    '-'.repeat(1_000_000),
    `12345${' '.repeat(1_000_000)}6`,
    'A'.repeat(1_000_000),
  ];
  for (const code of codes) {
    const result = await expectFast(() => app.mfa.service.verify('linear', { code }));
    expect(result).toEqual({ ok: false, errorType: 'VALIDATION_ERROR' });
  }
  for (const returnTo of [
    '/'.repeat(50_000),
    `/${'a/'.repeat(50_000)}`,
    `/${'%0'.repeat(50_000)}`,
    `/${'?'.repeat(50_000)}`,
  ]) {
    const login = { user: 'linear', password: 'password of linear', returnTo };
    const response = await expectFast(() => app.browser().post('/login', login));
    expect(response.body).toMatchObject({ status: 'mfa_required', redirectTo: '/mfa/challenge' });
  }
  const headers = [
    { 'Content-Type': `application/json${' '.repeat(10_000)}x`, 'Sec-Fetch-Site': '' },
    { Origin: `https://${'a.'.repeat(5_000)}`, 'Content-Type': 'application/json' },
  ];
  for (const header of headers) {
    const visitor = app.browser({});
    const response = await expectFast(() => visitor.post('/mfa/totp/verify', '{"code":"123456"}', header));
    expectRefusal(response, 403, 'CROSS_SITE');
  }
});

test.each([
  ['padding', `${'='.repeat(100_000)}A`],
  ['letters', `${'A'.repeat(100_000)}${'='.repeat(100_000)}A`],
  ['spaces', ' '.repeat(200_000)],
])('DO-07 a secret to import with 100 kB of %s is refused at once', async (_name, secret) => {
  const imported = app.mfa.service.importTotp('importer', secret, { encoding: 'base32' });
  await expectFast(() => expect(imported).rejects.toThrow(TypeError));
  expect(await app.rawState('importer')).toBeNull();
});
