import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Response } from 'supertest';
import { createTestApp, type TestApp } from '../../app/create-test-app.ts';
import { hostilePaths } from '../../app/hostile-paths.ts';
import { codeAt, importUser } from '../../app/imported-user.ts';
import { type PageVisitor, signedIn, visit } from '../../app/page-visitor.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ mfa: { homePath: '/home', loginPath: '/sign-in' } });
});
afterAll(() => app.close());

const linkOf = ({ text }: Response) => /class="mfa-button" href="([^"]*)"/.exec(text)?.[1];

let users = 0;
async function pendingUser(): Promise<{ visitor: PageVisitor; secret: string }> {
  const user = `user-${++users}`;
  const { secret } = await importUser(app, user);
  app.clock.nextStep();
  return { visitor: await signedIn(app, user), secret };
}

const hostile = hostilePaths.filter((path) => typeof path === 'string');
// Half a surrogate pair comes in JSON only.
const hostileInForms = hostile.filter((path) => path.isWellFormed());

describe('IC-13 a hostile place to return to', () => {
  test.each(hostileInForms)('IC-13 %j in the address of the challenge is not on the page', async (path) => {
    const { visitor } = await pendingUser();
    const { text } = await visitor.get(`/mfa/challenge?return_to=${encodeURIComponent(path)}`);
    expect(text).not.toContain('name="return_to"');
    expect(text).not.toContain('return_to=');
  });

  test.each(hostileInForms)('IC-13 %j in the form leads home', async (path) => {
    const { visitor, secret } = await pendingUser();
    await visitor.get('/mfa/challenge');
    const done = await visitor.submit('/totp/verify', { code: codeAt(app, { secret }), return_to: path });
    // One that is far too long is not read at all.
    const isRead = encodeURIComponent(path).length < 1_800;
    expect([done.status, done.headers.location]).toEqual(isRead ? [303, '/home'] : [413, undefined]);
  });

  test.each(hostile)('IC-13 %j in JSON leads home', async (path) => {
    const { visitor, secret } = await pendingUser();
    const body = { code: codeAt(app, { secret }), return_to: path };
    const { status, body: answer } = await visitor.browser.post('/mfa/totp/verify', body, { Accept: '*/*' });
    expect([status, answer.data?.redirect_to]).toEqual(
      path.length > 1_900 ? [413, undefined] : [200, '/home'],
    );
  });

  test.each(hostilePaths.filter((path) => typeof path !== 'string'))(
    'IC-13 %j in JSON leads home',
    async (path) => {
      const { visitor, secret } = await pendingUser();
      const body = { code: codeAt(app, { secret }), return_to: path };
      const { body: answer } = await visitor.browser.post('/mfa/totp/verify', body, { Accept: '*/*' });
      expect(answer.data.redirect_to).toBe('/home');
    },
  );

  test('IC-13 a list of places in the address is none', async () => {
    const { visitor } = await pendingUser();
    const { text } = await visitor.get('/mfa/challenge?return_to=/a&return_to=/b');
    expect(text).not.toContain('return_to');
  });

  test.each(['https://evil.example/a', '//evil.example', 'nonsense', 'http://127.0.0.1:1/private', ''])(
    'IC-13 a guarded form that says it came from %j: nowhere to return to',
    async (referer) => {
      const { visitor } = await pendingUser();
      const response = await visitor.browser.post('/private', {}, { Referer: referer });
      expect([response.status, response.headers.location]).toEqual([303, '/mfa/challenge']);
    },
  );
});

describe('the page that a browser wanted', () => {
  test('by GET, with its query; too long, and it is forgotten', async () => {
    const guest = visit(app.browser());
    const wanted = async (path: string) => (await guest.get(path)).headers.location;
    expect(await wanted('/private?a=1&b=%2F')).toBe('/sign-in?return_to=%2Fprivate%3Fa%3D1%26b%3D%252F');
    expect(await wanted(`/private?q=${'x'.repeat(1_200)}`)).toBe('/sign-in');
  });

  test('is carried while it takes 1,000 characters in a form, and not with one more', async () => {
    const guest = visit(app.browser());
    const inForm = (path: string) => new URLSearchParams({ return_to: path }).toString();
    const longest = `/private?q=${'x'.repeat(973)}`;
    expect(inForm(longest)).toHaveLength(1_000);
    const carried = (await guest.get(longest)).headers.location;
    expect(carried).toBe(`/sign-in?${inForm(longest)}`);
    expect((await guest.get(`${longest}x`)).headers.location).toBe('/sign-in');
  });

  test('by a form: the page that held it', async () => {
    const { visitor } = await pendingUser();
    const referer = `${app.url}/orders/7?edit=1#total`;
    const response = await visitor.browser.post('/private', {}, { Referer: referer });
    expect(response.headers.location).toBe('/mfa/challenge?return_to=%2Forders%2F7%3Fedit%3D1');
  });

  test('is kept from the guard through the set-up and the codes to the end', async () => {
    const visitor = await signedIn(app, 'N');
    const denied = await visitor.get('/private');
    expect(denied.headers.location).toBe('/mfa/setup?return_to=%2Fprivate');
    await visitor.get(denied.headers.location ?? '');
    const begun = await visitor.submit('/totp/enroll');
    expect(begun.headers.location).toBe('/mfa/setup?return_to=%2Fprivate');
    const { text } = await visitor.get(begun.headers.location ?? '');
    const secret = /id="mfa-secret"[^>]*>([A-Z2-7 ]+)</.exec(text)?.[1]?.replaceAll(' ', '') ?? '';
    // It survives a wrong code, too.
    await visitor.submit('/totp/verify-enrollment', { code: '12' });
    const confirmed = await visitor.submit('/totp/verify-enrollment', { code: codeAt(app, { secret }) });
    expect(confirmed.headers.location).toBe('/mfa/backup-codes?return_to=%2Fprivate');
    await visitor.get(confirmed.headers.location ?? '');
    const saved = await visitor.submit('/backup-codes/saved', { saved: 'yes' });
    expect([saved.status, saved.headers.location]).toEqual([303, '/private']);
    expect((await visitor.get('/private')).body).toEqual({ reached: true, userId: 'N' });
  });

  test('comes before the place that the login was started with, and else that one counts', async () => {
    for (const [query, expected] of [
      ['?return_to=%2Fprivate', '/private'],
      ['', '/orders'],
    ]) {
      const user = `user-${++users}`;
      const { secret } = await importUser(app, user);
      app.clock.nextStep();
      const visitor = visit(app.browser());
      const credentials = { user, password: `password of ${user}`, returnTo: '/orders' };
      await visitor.browser.post('/login', credentials);
      await visitor.get(`/mfa/challenge${query}`);
      const done = await visitor.submit('/totp/verify', { code: codeAt(app, { secret }) });
      expect(done.headers.location).toBe(expected);
    }
  });

  test.each([
    ['/orders?page=2', '/sign-in?return_to=%2Forders%3Fpage%3D2'],
    ['//evil.example/orders', '/sign-in'],
  ])('%s of a login that runs out is in the link to log in again: %s', async (returnTo, expected) => {
    const user = `user-${++users}`;
    const { secret } = await importUser(app, user);
    const visitor = visit(app.browser());
    await visitor.browser.post('/login', { user, password: `password of ${user}`, returnTo });
    await visitor.get('/mfa/challenge');
    // It survives a wrong code, too.
    await visitor.submit('/totp/verify', { code: '12' });
    app.clock.move(660_000);
    const before = await app.rawState(user);
    const refused = await visitor.submit('/totp/verify', { code: codeAt(app, { secret }) });
    expect(refused.status).toBe(303);
    for (const address of [String(refused.headers.location), '/mfa/challenge']) {
      const ended = await visitor.get(address);
      expect([ended.status, linkOf(ended)]).toEqual([401, expected]);
    }
    expect(await app.rawState(user)).toBe(before);
  });

  test('a host that answers itself can name it for a step-up', async () => {
    const other = await createTestApp({
      after(host, mfa) {
        host.post('/own-verify', (req, res, next) => {
          const proof = { code: req.query.code, returnTo: req.query.to };
          mfa.finishLogin(req, proof).then((result) => res.json(result), next);
        });
      },
    });
    const { secret } = await importUser(other, 'A');
    for (const [to, expected] of [
      ['/orders', '/orders'],
      ['//evil.example', '/'],
    ]) {
      other.clock.nextStep();
      const browser = await other.pending('A');
      const done = await browser.post(
        `/own-verify?code=${codeAt(other, { secret })}&to=${encodeURIComponent(to ?? '')}`,
        {},
      );
      expect(done.body.redirectTo).toBe(expected);
    }
    await other.close();
  });
});
