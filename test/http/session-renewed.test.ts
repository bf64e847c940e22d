import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Request } from 'express';
import type { SessionRenewal } from 'express-mfa';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt } from '../app/imported-user.ts';
import { loggedInSessions } from '../app/stored-sessions.ts';

/** The host's list of sessions, as it hears of them. */
const told: (SessionRenewal & { id: string; stored: boolean })[] = [];
const listen = async (req: Request, renewal: SessionRenewal): Promise<void> => {
  const stored = (await app.redis.exists(`${app.prefix}sess:${req.sessionID}`)) === 1;
  told.push({ ...renewal, id: req.sessionID, stored });
};
const sessionRenewed = jest.fn(listen);

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ mfa: { sessionRenewed } });
});
afterEach(() => {
  told.length = 0;
  sessionRenewed.mockImplementation(listen);
});
afterAll(() => app.close());

/** The one renewal of this call: from the id before to the id after, which is in the store by then. */
async function expectRenewal(
  browser: Browser,
  reason: SessionRenewal['reason'],
  call: () => Promise<unknown>,
) {
  const previousId = browser.sessionId;
  await call();
  expect(browser.sessionId).not.toBe(previousId);
  expect(told.splice(0)).toEqual([{ previousId, reason, id: browser.sessionId, stored: true }]);
}

test('a host hears of every session that gets another id, and of no other', async () => {
  const browser = app.browser();
  await browser.post('/session', { cart: [] });
  const login = { user: 'A', password: 'password of A' };
  await expectRenewal(browser, 'log_in', () => browser.post('/login', login));
  const { body } = await browser.post('/mfa/totp/enroll', {});
  const verifyEnrollment = { code: codeAt(app, body.data) };
  expect(told).toEqual([]);
  await expectRenewal(browser, 'enrollment', () =>
    browser.post('/mfa/totp/verify-enrollment', verifyEnrollment),
  );
  const stepUp = { code: codeAt(app, body.data, 1) };
  await expectRenewal(browser, 'step_up', () => browser.post('/mfa/totp/verify', stepUp));
  await expectRenewal(browser, 'log_in', () => browser.post('/login', login));
  const [, code] = body.data.backup_codes;
  await expectRenewal(browser, 'log_in', () => browser.post('/mfa/totp/verify', { code }));
  await browser.get('/private');
  await browser.post('/mfa/totp/regenerate-backup-codes', { password: 'password of A' });
  expect(told).toEqual([]);
  await expectRenewal(browser, 'change', () =>
    browser.delete('/mfa/totp/disable', { password: 'password of A' }),
  );
});

describe('a `sessionRenewed` that', () => {
  test.each<[string, () => Promise<void>, string]>([
    ['throws', () => Promise.reject(new Error('the list is full')), 'the list is full'],
    ['never answers', () => new Promise(() => undefined), 'took too long'],
  ])('%s: 503, nobody is logged in, and the cause is told', async (name, hook, cause) => {
    const user = `user whose hook ${name}`;
    const authenticator = await app.enrol(user);
    const browser = await app.pending(user);
    const before = await loggedInSessions(app, user);
    sessionRenewed.mockImplementation(hook);
    const response = await browser.post('/mfa/totp/verify', { code: authenticator.code() });
    expect([response.status, response.body.error_type]).toEqual([503, 'UNAVAILABLE']);
    expect(response.headers['set-cookie']).toBeUndefined();
    expect(await loggedInSessions(app, user)).toBe(before);
    expect((await browser.get('/private')).status).toBe(401);
    expect(app.errors.map(String)).toEqual(expect.arrayContaining([expect.stringContaining(cause)]));
  });
});
