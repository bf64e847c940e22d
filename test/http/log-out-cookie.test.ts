import { afterEach, expect, test } from '@jest/globals';
import { createTestApp, type TestApp, type TestAppOptions } from '../app/create-test-app.ts';

let app: TestApp;
afterEach(() => app.close());

/** The cookies that a log-out sets, of a browser that holds others as well. */
async function cookiesOfLogOut(options: TestAppOptions): Promise<string[]> {
  app = await createTestApp(options);
  const login = await app.browser().post('/login', { user: 'N', password: 'password of N' });
  const [cookie = ''] = [login.headers['set-cookie'] ?? []].flat();
  const [pair = ''] = cookie.split(';');
  const browser = app.browser();
  browser.cookie = `theme=dark; ${pair}; last=s%3Aother`;
  const response = await browser.post('/log-out', {});
  expect(response.status).toBe(200);
  return [response.headers['set-cookie'] ?? []].flat();
}

test('a log-out takes the cookie of the session back, and no other', async () => {
  const cookies = await cookiesOfLogOut({});
  expect(cookies).toEqual([
    // Set first: a browser that only removes a cookie may keep pages in its memory.
    'sid=; Path=/; HttpOnly',
    'sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly',
  ]);
});

test('whatever its name, its path and its domain', async () => {
  const cookie = { path: '/', domain: 'localhost', sameSite: 'lax', maxAge: 60_000 } as const;
  const cookies = await cookiesOfLogOut({ session: { name: 'my.app.sid', cookie } });
  expect(cookies.slice(1)).toEqual([
    'my.app.sid=; Domain=localhost; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax',
  ]);
});

test('a guest without a cookie logs out, and gets none', async () => {
  app = await createTestApp();
  const response = await app.browser().post('/log-out', {});
  expect([response.status, response.headers['set-cookie']]).toEqual([200, undefined]);
});

test('where the answer has begun, the session ends without it', async () => {
  app = await createTestApp({
    after(host, mfa) {
      host.post('/slow-log-out', async (req, res) => {
        res.write('Bye');
        await mfa.logOut(req);
        res.end();
      });
    },
  });
  const browser = app.browser();
  await browser.post('/login', { user: 'N', password: 'password of N' });
  const response = await browser.post('/slow-log-out', {});
  expect([response.status, response.headers['set-cookie']]).toEqual([200, undefined]);
  expect(await app.sessionOf(browser)).toBeUndefined();
});
