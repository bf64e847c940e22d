import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../../app/create-test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const html = 'text/html; charset=utf-8';
const json = 'application/json; charset=utf-8';

test.each([
  ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', html],
  ['TEXT/HTML', html],
  ['text/html, application/json', html],
  ['text/html;q=0.9, application/json;q=0.1', html],
  ['application/json, text/html', json],
  ['text/html;q=0.1, application/json', json],
  ['application/json, text/plain, */*', json],
  ['application/json', json],
  ['text/html;q=0', json],
  ['text/*', json],
  ['*/*', json],
  ['', json],
])('Accept %j is answered with %s', async (accept, type) => {
  const browser = app.browser({ Accept: accept });
  for (const path of ['/mfa/challenge', '/mfa/totp/verify', '/private']) {
    const response = await browser.get(path);
    // A guard leads a browser on.
    expect([path, response.headers['content-type']]).toEqual([
      path,
      type === html && path === '/private' ? 'text/plain; charset=utf-8' : type,
    ]);
  }
});

test('to a program the addresses of pages answer what the status does', async () => {
  const guest = app.browser();
  const user = await app.pending('N');
  await app.enrol('P');
  const pending = await app.pending('P');
  for (const browser of [guest, user, pending]) {
    const status = await browser.get('/mfa/totp/status');
    for (const path of ['/challenge', '/setup', '/backup-codes', '/security']) {
      const response = await browser.get(`/mfa${path}`);
      expect([response.status, response.body]).toEqual([status.status, status.body]);
    }
  }
});

test('a router without pages has none of their addresses, and answers browsers with JSON', async () => {
  const plain = await createTestApp({ mfa: { pages: false } });
  const browser = plain.browser({ Accept: 'text/html', 'Sec-Fetch-Site': 'same-origin' });
  for (const path of [
    '/challenge',
    '/setup',
    '/backup-codes',
    '/backup-codes.txt',
    '/security',
    '/style.css',
    '/script.js',
  ]) {
    expect([path, (await browser.get(`/mfa${path}`)).status]).toEqual([path, 404]);
  }
  expect((await browser.post('/mfa/backup-codes/saved', { saved: 'yes' })).status).toBe(404);
  expect((await browser.get('/private')).body.error_type).toBe('UNAUTHENTICATED');
  expect((await browser.post('/mfa/totp/verify', { code: '123456' })).body.error_type).toBe(
    'NO_PENDING_LOGIN',
  );
  await plain.close();
});
