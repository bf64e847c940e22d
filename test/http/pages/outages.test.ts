import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../../app/create-test-app.ts';
import { codeAt } from '../../app/imported-user.ts';
import { alertOf, type PageVisitor, signedIn } from '../../app/page-visitor.ts';

const unavailable = 'The second step is not available at the moment. Please try again in a minute.';

let app: TestApp;
let secret: string;
let ada: PageVisitor;
beforeEach(async () => {
  app = await createTestApp();
  ({ secret } = await app.enrol('A'));
  app.clock.nextStep();
  ada = await signedIn(app, 'A');
  await ada.get('/mfa/challenge');
  await ada.submit('/totp/verify', { code: codeAt(app, { secret }) });
  app.clock.nextStep(2);
  await ada.get('/mfa/security');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await app.close();
});

const everything = async () => [
  await app.rawState('A'),
  await app.rawState('B'),
  await app.sessionOf(ada.browser),
];

describe('the account store is down for somebody who is logged in', () => {
  test.each([
    ['/challenge', '/mfa/challenge?return_to=%2Fwhoami'],
    ['/setup', '/mfa/setup?return_to=%2Fwhoami'],
    ['/security', '/mfa/security?return_to=%2Fwhoami'],
    ['/totp/status', '/mfa/security?return_to=%2Fwhoami'],
  ])('%s is a page with 503 that leads to itself again', async (path, again) => {
    const before = await everything();
    jest.spyOn(app.store, 'get').mockRejectedValue(new Error('gone'));
    const response = await ada.get(`/mfa${path}?return_to=%2Fwhoami`);
    expect([response.status, response.type, alertOf(response)]).toEqual([503, 'text/html', unavailable]);
    expect(response.text).toContain(`href="${again}"`);
    expect(response.headers['set-cookie']).toBeUndefined();
    expect(await everything()).toEqual(before);
    expect(app.errors).toMatchObject([{ code: 'store_unavailable', cause: new Error('gone') }]);
  });

  test.each([
    ['/totp/enroll', '/mfa/setup'],
    ['/totp/verify-enrollment', '/mfa/setup'],
    ['/totp/verify', '/mfa/challenge'],
    ['/totp/disable', '/mfa/security'],
    ['/totp/regenerate-backup-codes', '/mfa/security'],
  ])('a form for %s is a page with 503, and nothing is done', async (path, again) => {
    if (path === '/totp/verify-enrollment') await beginReplacing();
    const { form_token: token = '' } = ada.hidden('/totp/disable');
    const before = await everything();
    jest.spyOn(app.store, 'get').mockRejectedValue(new Error('gone'));
    const code = codeAt(app, { secret });
    const body = new URLSearchParams({ form_token: token, code, password: 'password of A' }).toString();
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const response = await ada.browser.post(`/mfa${path}`, body, form);
    expect([response.status, alertOf(response)]).toEqual([503, unavailable]);
    expect(response.text).toContain(`href="${again}"`);
    expect(response.text).not.toMatch(/form_token|[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/);
    expect(response.headers['set-cookie']).toBeUndefined();
    expect(await everything()).toEqual(before);
  });

  async function beginReplacing(): Promise<void> {
    const { backupCodes } = await app.enrol('B');
    ada = await signedIn(app, 'B');
    await ada.get('/mfa/challenge?method=backup_code');
    await ada.submit('/totp/verify', { code: backupCodes[0] ?? '' });
    await ada.get('/mfa/setup');
    await ada.submit('/totp/enroll');
    await ada.get('/mfa/security');
  }
});

describe('the session store fails when something is to be kept', () => {
  test.each([
    ['/totp/verify', {}],
    ['/totp/regenerate-backup-codes', { password: 'password of A' }],
    ['/totp/disable', { password: 'password of A' }],
  ])('%s: a page with 503 and no cookie, and no code is told', async (path, fields) => {
    const { form_token: token = '' } = ada.hidden('/totp/disable');
    const code = codeAt(app, { secret });
    jest.spyOn(app.sessions, 'set').mockImplementation(async (_id, _session, done) => {
      done?.(new Error('gone'));
    });
    const body = new URLSearchParams({ form_token: token, code, ...fields }).toString();
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const response = await ada.browser.post(`/mfa${path}`, body, form);
    expect([response.status, alertOf(response)]).toEqual([503, unavailable]);
    expect(response.text).not.toMatch(/[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/);
    expect(response.headers['set-cookie']).toBeUndefined();
  });

  test('the ticked box: a page with 503, and no cookie', async () => {
    await ada.submit('/totp/regenerate-backup-codes', { password: 'password of A' });
    await ada.get('/mfa/backup-codes');
    jest.spyOn(app.sessions, 'set').mockImplementation(async (_id, _session, done) => {
      done?.(new Error('gone'));
    });
    const response = await ada.submit('/backup-codes/saved', { saved: 'yes' });
    expect([response.status, alertOf(response)]).toEqual([503, unavailable]);
    expect(response.text).toContain('href="/mfa/backup-codes"');
    expect(response.headers['set-cookie']).toBeUndefined();
  });
});

test('the codes that were just made are not shown while the account store is down, and shown afterwards', async () => {
  await ada.submit('/totp/regenerate-backup-codes', { password: 'password of A' });
  const outage = jest.spyOn(app.store, 'get').mockRejectedValue(new Error('gone'));
  // Whether they are still in force cannot be known.
  const refused = await ada.get('/mfa/backup-codes');
  expect([refused.status, refused.text.match(/<code>/g)]).toEqual([503, null]);
  outage.mockRestore();
  const page = await ada.get('/mfa/backup-codes');
  expect([page.status, page.text.match(/<code>/g)?.length]).toEqual([200, 10]);
  expect((await ada.submit('/backup-codes/saved', { saved: 'yes' })).headers.location).toBe('/mfa/security');
});
