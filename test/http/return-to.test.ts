import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { hostilePaths } from '../app/hostile-paths.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

const answers = watchAnswers();
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch, mfa: { homePath: '/home' } });
});
afterEach(answers.check);
afterAll(() => app.close());

/** Where a login without a second step leads. */
async function redirectOf(returnTo: unknown): Promise<unknown> {
  const response = await app.browser().post('/login', { user: 'N', password: 'password of N', returnTo });
  return response.body.redirectTo;
}

test.each<unknown>(hostilePaths)('IC-13 %j is dropped', async (returnTo) => {
  expect(await redirectOf(returnTo)).toBe('/home');
});

test.each([
  '/',
  '/account',
  '/account/',
  '/account?tab=2&next=//evil.example',
  '/account?url=https://elsewhere.example/%09#part//two',
  '/files/a%2Fb',
  '/caf%C3%A9',
  '/a/../b',
  '/.well-known/x',
  '/user@example.com',
])('IC-13 %j is a path of this site and kept', async (returnTo) => {
  expect(await redirectOf(returnTo)).toBe(returnTo);
  // And a browser resolves it to this site.
  expect(new URL(returnTo, 'https://app.example').origin).toBe('https://app.example');
});

test('IC-13 of 2,000 characters it is kept, of one more it is dropped', async () => {
  const longest = `/${'a'.repeat(1_999)}`;
  expect(await redirectOf(longest)).toBe(longest);
  expect(await redirectOf(`${longest}a`)).toBe('/home');
});

test('IC-13 it is checked before it is kept with a pending login', async () => {
  await importUser(app, 'A');
  const user = { user: 'A', password: 'password of A' };
  const bad = app.browser();
  await bad.post('/login', { ...user, returnTo: '//evil.example' });
  expect((await app.sessionOf(bad)).mfa.returnTo).toBeUndefined();
  const good = app.browser();
  await good.post('/login', { ...user, returnTo: '/account' });
  expect((await app.sessionOf(good)).mfa.returnTo).toBe('/account');
});

test('IC-14 nothing is built from Host or X-Forwarded-Host', async () => {
  const authenticator = await importUser(app, 'B');
  app.clock.nextStep();
  const forged = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', Forwarded: 'host=evil.example' };
  const browser = app.browser({ 'Sec-Fetch-Site': 'same-origin', ...forged });
  const seen = [
    await browser.post('/login', { user: 'B', password: 'password of B' }),
    await browser.get('/private'),
    await browser.post('/mfa/totp/verify', { code: codeAt(app, authenticator) }),
    await browser.get('/mfa/totp/status'),
  ];
  const enrolling = app.browser({ 'Sec-Fetch-Site': 'same-origin', ...forged });
  seen.push(await enrolling.post('/login', { user: 'M', password: 'password of M' }));
  const enrolled = await enrolling.post('/mfa/totp/enroll', {});
  expect(enrolled.body.data.provisioning_uri).toMatch(/^otpauth:\/\/totp\/Acme:M%40example\.com\?/);
  expect(seen.map(({ status }) => status)).toEqual([200, 401, 200, 200, 200]);
  expect(seen[0]?.body.redirectTo).toBe('/mfa/challenge');
  for (const { headers, text } of [...seen, enrolled]) {
    expect(JSON.stringify([headers, text])).not.toContain('evil');
  }
});
