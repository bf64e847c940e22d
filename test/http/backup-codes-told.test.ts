import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TestAuthenticator } from 'express-mfa/testing';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
let authenticator: TestAuthenticator;
const answers = watchAnswers();
const sent: string[] = [];
beforeAll(async () => {
  app = await createTestApp({
    before: (express) => {
      answers.watch(express);
      express.use((_req, res, next) => {
        const end = res.end.bind(res);
        Object.assign(res, {
          end(chunk?: unknown, ...rest: []) {
            sent.push(`${JSON.stringify(res.getHeaders())} ${String(chunk)}`);
            return end(chunk, ...rest);
          },
        });
        next();
      });
    },
  });
  authenticator = await app.enrol('A');
});
beforeEach(() => {
  app.clock.nextStep(3);
  app.events.splice(0);
});
afterEach(() => {
  answers.check();
  expect(app.errors.splice(0)).toEqual([]);
});
afterAll(() => app.close());

const verify = (browser: Browser, code: string) => browser.post('/mfa/totp/verify', { code });
const someBackupCode = /[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}/;

test('BC-11 each use is told with what is left, and when it becomes little', async () => {
  const browser = await app.full('A', authenticator);
  const status = async () => (await browser.get('/mfa/totp/status')).body.data;
  expect(await status()).toMatchObject({ backup_codes_remaining: 10, backup_codes_low: false });

  for (const [index, code] of authenticator.backupCodes.entries()) {
    app.events.splice(0);
    const remaining = 9 - index;
    const response = await verify(browser, code);
    expect(response.body.data).toMatchObject({ method: 'backup_code', backup_codes_remaining: remaining });
    const about = { userId: 'A', at: app.clock.now(), ip: '127.0.0.1', userAgent: undefined };
    expect(app.events.slice(1)).toEqual([
      { name: 'backup_code.used', ...about, remaining },
      ...(remaining <= 2 ? [{ name: 'backup_codes.low', ...about, remaining }] : []),
    ]);
    expect(await status()).toMatchObject({
      methods: remaining > 0 ? ['totp', 'backup_code'] : ['totp'],
      backup_codes_remaining: remaining,
      backup_codes_low: remaining <= 2,
    });
  }
  expect(JSON.stringify(app.events)).not.toMatch(someBackupCode);
});

test('BC-11 a code of the authenticator uses up no backup code, and tells of none', async () => {
  const response = await verify(await app.pending('A'), codeAt(app, authenticator));
  expect(response.body.data).toMatchObject({ method: 'totp', backup_codes_remaining: 0 });
  expect(app.events.map(({ name }) => name)).toEqual(['challenge.succeeded']);
});

test('BC-12 a new set is shown in one answer and never again; codes that the client sends are not taken', async () => {
  const browser = await app.full('A', authenticator);
  const mine = ['AAAA-AAAA-AAAA-AAAA', 'BBBB-BBBB-BBBB-BBBB'];
  const wishes = { backup_codes: mine, backupCodes: mine, codes: mine };
  const made = await browser.post('/mfa/totp/regenerate-backup-codes', {
    password: 'password of A',
    ...wishes,
  });
  expect(made.status).toBe(200);
  const codes: string[] = made.body.data.backup_codes;
  expect(codes).toHaveLength(10);
  expect(codes.filter((code) => mine.includes(code))).toEqual([]);

  sent.splice(0);
  app.clock.nextStep();
  const requests = [
    browser.get('/mfa/totp/status'),
    browser.get('/mfa/totp/regenerate-backup-codes'),
    browser.post('/mfa/totp/enroll', { password: 'password of A' }),
    browser.post('/mfa/totp/verify-enrollment', { code: codeAt(app, authenticator) }),
    // Too soon for another set.
    browser.post('/mfa/totp/regenerate-backup-codes', { password: 'password of A' }),
    browser.get('/whoami'),
  ];
  await Promise.all(requests);
  const visitor = await app.pending('A');
  await visitor.get('/mfa/totp/status');
  for (const code of mine) expectRefusal(await verify(visitor, code), 401, 'INVALID_CODE');
  expect((await verify(visitor, codes[0] ?? '')).status).toBe(200);
  expect((await visitor.get('/mfa/totp/status')).status).toBe(200);
  expect(sent.length).toBeGreaterThan(10);
  expect(sent.join('\n')).not.toMatch(someBackupCode);
  expect(JSON.stringify(app.events)).not.toMatch(someBackupCode);
  expect(JSON.stringify(await app.sessionOf(browser))).not.toMatch(someBackupCode);
});

test('BC-12 the codes of an enrolment are shown when it begins, and not when it is confirmed', async () => {
  const browser = await app.pending('B');
  const wishes = { backup_codes: ['AAAA-AAAA-AAAA-AAAA'], secret: authenticator.secret };
  const begun = await browser.post('/mfa/totp/enroll', wishes);
  const { secret, backup_codes: shown } = begun.body.data;
  expect(shown).toHaveLength(10);
  expect(shown).not.toContain('AAAA-AAAA-AAAA-AAAA');
  expect(secret).not.toBe(authenticator.secret);
  expect(JSON.stringify(await app.sessionOf(browser))).not.toMatch(someBackupCode);

  sent.splice(0);
  const code = codeAt(app, { secret });
  const confirmed = await browser.post('/mfa/totp/verify-enrollment', { code, ...wishes });
  expect(confirmed.status).toBe(200);
  const late = await browser.post('/mfa/totp/verify-enrollment', { code, ...wishes });
  expectRefusal(late, 409, 'NO_PENDING_ENROLLMENT');
  await browser.get('/mfa/totp/status');
  expect(sent).toHaveLength(3);
  expect(sent.join('\n')).not.toMatch(someBackupCode);

  const visitor = await app.pending('B');
  expectRefusal(await verify(visitor, 'AAAA-AAAA-AAAA-AAAA'), 401, 'INVALID_CODE');
  expect((await verify(visitor, shown[9])).status).toBe(200);
});
