import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../../app/create-test-app.ts';
import { codeAt, importUser } from '../../app/imported-user.ts';
import { alertOf, headingOf, type PageVisitor, signedIn, visit } from '../../app/page-visitor.ts';

let app: TestApp;
let secret: string;
let pending: PageVisitor;
let full: PageVisitor;
beforeAll(async () => {
  app = await createTestApp();
  ({ secret } = await app.enrol('A'));
});
afterAll(() => app.close());
beforeEach(async () => {
  app.clock.nextStep(4);
  full = await signedIn(app, 'A');
  await full.get('/mfa/challenge');
  await full.submit('/totp/verify', { code: codeAt(app, { secret }) });
  app.clock.nextStep(4);
  pending = await signedIn(app, 'A');
  await pending.get('/mfa/challenge');
});

const mutating = [
  '/totp/enroll',
  '/totp/verify-enrollment',
  '/totp/verify',
  '/totp/disable',
  '/totp/regenerate-backup-codes',
  '/backup-codes/saved',
];
const asBrowser = { Accept: 'text/html,*/*;q=0.8' };

async function everything() {
  return [await app.rawState('A'), await app.sessionOf(full.browser), await app.sessionOf(pending.browser)];
}

describe('CS-01 another site posts a form with the cookies of the victim', () => {
  test.each([
    ['application/x-www-form-urlencoded', (code: string) => `code=${code}&password=password+of+A&saved=yes`],
    [
      'multipart/form-data; boundary=x',
      (code: string) => `--x\r\nContent-Disposition: form-data; name="code"\r\n\r\n${code}\r\n--x--`,
    ],
    ['text/plain', (code: string) => `{"code":"${code}","x":"="}`],
  ])('CS-01 as %s: a page with 403 or 415, and nothing changes', async (type, body) => {
    const before = await everything();
    for (const victim of [full, pending]) {
      for (const path of mutating) {
        victim.browser.headers = { ...asBrowser, Origin: 'https://evil.example' };
        const response = await victim.browser.post(`/mfa${path}`, body(codeAt(app, { secret })), {
          'Content-Type': type,
        });
        expect([path, response.status, response.type]).toEqual([path, 403, 'text/html']);
        expect(alertOf(response)).toBe('This came from another site, so nothing was done.');
        expect(response.headers['set-cookie']).toBeUndefined();
        expect(response.text).not.toContain('form_token');
      }
    }
    expect(await everything()).toEqual(before);
  });
});

describe('CS-02 what the browser says of a form', () => {
  test.each<[string, Record<string, string>]>([
    ['cross-site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['same-site', { 'Sec-Fetch-Site': 'same-site' }],
    ['a foreign origin', { Origin: 'https://evil.example' }],
    ['no origin that it would tell', { Origin: 'null' }],
    ['nothing', {}],
  ])('CS-02 %s: refused, also with the right token', async (_what, headers) => {
    const { form_token: token = '' } = pending.hidden('/totp/verify');
    const before = await everything();
    pending.browser.headers = { ...asBrowser, ...headers };
    const body = new URLSearchParams({ form_token: token, code: codeAt(app, { secret }) }).toString();
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const response = await pending.browser.post('/mfa/totp/verify', body, form);
    expect([response.status, headingOf(response)]).toEqual([403, 'That did not work']);
    expect(await everything()).toEqual(before);
  });
});

test('CS-04 the code of an attacker does not complete the login that a victim has begun', async () => {
  const attacker = await importUser(app, 'E');
  app.clock.nextStep();
  pending.browser.headers = { ...asBrowser, 'Sec-Fetch-Site': 'cross-site' };
  const before = await everything();
  const response = await pending.submit('/totp/verify', { code: codeAt(app, attacker) });
  expect(response.status).toBe(403);
  expect(await everything()).toEqual(before);
});

describe('CS-05 methods', () => {
  const forms = [...mutating.map((path): [string, string[]] => [path, ['POST']])];
  const pages = ['/challenge', '/setup', '/backup-codes', '/backup-codes.txt', '/security'];
  const assets = ['/style.css', '/script.js'];

  test.each([
    ...forms.map(([path]) => ({ path, methods: path === '/totp/disable' ? ['DELETE', 'POST'] : ['POST'] })),
    ...[...pages, ...assets].map((path) => ({ path, methods: ['GET'] })),
  ])('CS-05 $path has $methods and no other', async ({ path, methods }) => {
    const before = await everything();
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      if (methods.includes(method)) continue;
      const override = { 'X-HTTP-Method-Override': methods[0] ?? '' };
      const response = await full.browser.send(
        method,
        `/mfa${path}?_method=${methods[0]}`,
        undefined,
        override,
      );
      expect([method, response.status, response.headers.allow]).toEqual([method, 405, methods.join(', ')]);
      expect(response.headers['set-cookie']).toBeUndefined();
    }
    expect(await everything()).toEqual(before);
  });
});

test('CS-06 no page, form or file allows another origin to read it', async () => {
  const guest = visit(app.browser({ 'Sec-Fetch-Site': 'same-origin', Origin: 'https://evil.example' }));
  for (const path of ['/challenge', '/setup', '/backup-codes.txt', '/security', '/style.css', '/script.js']) {
    const { headers } = await guest.get(`/mfa${path}`);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
});
