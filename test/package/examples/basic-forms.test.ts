import { expect, jest, test } from '@jest/globals';
import request from 'supertest';
import { createApp } from '../../../examples/basic/app.ts';
import { exampleOptions, password } from './example-options.ts';
import { Visitor } from './visitor.ts';

const email = 'alice@example.com';
const policy =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

async function start() {
  const options = exampleOptions();
  const { app, users } = createApp(options);
  await users.register(email, password);
  return { ...options, app, visitor: new Visitor(app) };
}

test('a wrong password shows the form again, with what was wrong, the address and no password', async () => {
  const { visitor } = await start();
  await visitor.open('/login?return_to=/mfa/security');
  const typed = '"><script>alert(1)</script>';
  await visitor.submit('/login', { email: typed, password: 'wrong password' });
  expect(visitor.status).toBe(401);
  expect(visitor.page?.headers['set-cookie']).toBeUndefined();
  expect(visitor.text).toContain('role="alert">The address or the password is wrong.</p>');
  expect(visitor.text).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
  expect(visitor.text).not.toContain('wrong password');

  // Where the visitor wanted to go is not forgotten.
  await visitor.submit('/login', { email, password });
  expect(visitor.path).toBe('/mfa/security');
});

test.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'account'])(
  'a login leads to no other site: %s',
  async (elsewhere) => {
    const { visitor } = await start();
    await visitor.open(`/login?return_to=${encodeURIComponent(elsewhere)}`);
    await visitor.submit('/login', { email, password });
    expect([visitor.status, visitor.path]).toEqual([200, '/account']);
  },
);

test.each([
  [{ 'Sec-Fetch-Site': 'cross-site' }],
  [{ 'Sec-Fetch-Site': 'same-site', Origin: 'http://127.0.0.1' }],
  [{ Origin: 'https://evil.example' }],
  [{ Origin: 'null' }],
  [{}],
])('a form of another site logs nobody in: %j', async (headers) => {
  const { app } = await start();
  const form = () => request(app).post('/login').type('form').set(headers).send({ email, password });
  const refused = await form();
  expect([refused.status, refused.type]).toEqual([403, 'application/json']);
  expect(refused.headers['set-cookie']).toBeUndefined();
  const page = await form().set('Accept', 'text/html');
  expect([page.status, page.type]).toEqual([403, 'text/html']);
  expect(page.text).toContain('This came from another site, so nothing was done.');
  expect(page.headers['set-cookie']).toBeUndefined();
});

test.each([{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'https://evil.example' }])(
  'JSON of another site is not read either: %j',
  async (headers) => {
    const { app } = await start();
    const response = await request(app).post('/login').set(headers).send({ email, password });
    expect(response.status).toBe(403);
    expect(response.headers['set-cookie']).toBeUndefined();
  },
);

test('the pages of the app load its style sheet and nothing else, and are kept by nobody', async () => {
  const { visitor } = await start();
  for (const path of ['/', '/login', '/register', '/password-reset', '/password-reset/mailed']) {
    await visitor.open(path);
    expect([visitor.status, visitor.path]).toEqual([200, path]);
    expect(visitor.page?.headers).toMatchObject({
      'content-security-policy': policy,
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
    });
    expect(visitor.text).not.toMatch(/<script|<style| style=/);
    expect(visitor.text).toContain('Pages with the green bar are the app’s own');
  }
  await visitor.open('/app.css');
  expect([visitor.status, visitor.page?.type]).toEqual([200, 'text/css']);
});

test('what goes wrong is a page for a browser and JSON for a program, and tells neither what it was', async () => {
  const { databases } = exampleOptions();
  const records = { ...databases.records, get: () => Promise.reject(new Error('a secret of the database')) };
  const { app } = createApp({ ...exampleOptions(), databases: { ...databases, records } });
  const told = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const visitor = new Visitor(app);
  await visitor.open('/login');
  await visitor.submit('/login', { email, password });
  const json = await request(app).post('/login').send({ email, password });
  expect(told).toHaveBeenCalledTimes(2);
  told.mockRestore();

  expect(visitor.status).toBe(500);
  expect(visitor.text).toContain('<h1>That did not work</h1>\n<p role="alert">Something went wrong.</p>');
  expect([json.status, json.body]).toEqual([500, { message: 'Something went wrong.' }]);
});
