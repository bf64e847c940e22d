import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { beginEnrollment, confirmEnrollment } from '../app/begin-enrollment.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectNothingKnown } from '../app/expect-nothing-known.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt, wrongCode } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
});
afterEach(() => {
  answers.check();
  expect(app.errors).toEqual([]);
});
afterAll(() => app.close());

describe('an enrolment that is not confirmed', () => {
  test('EN-01 changes nothing: no second step is asked, and the store knows nothing of it', async () => {
    const browser = await app.pending('begun');
    await beginEnrollment(browser);
    await expectNothingKnown(app, 'begun');

    const other = app.browser();
    const login = await other.post('/login', { user: 'begun', password: 'password of begun' });
    expect(login.body).toEqual({ status: 'complete', data: {}, redirectTo: '/' });
    expect((await other.get('/lenient')).body).toEqual({ reached: true, userId: 'begun' });
    for (const visitor of [browser, other]) {
      expectRefusal(await visitor.get('/private'), 403, 'MFA_ENROLLMENT_REQUIRED');
      const { totp_enabled, methods, backup_codes_remaining } = (await visitor.get('/mfa/totp/status')).body
        .data;
      expect([totp_enabled, methods, backup_codes_remaining]).toEqual([false, [], 0]);
    }
    await expectNothingKnown(app, 'begun');
  });

  test('EN-01 neither its codes nor its backup codes prove anything', async () => {
    const browser = await app.pending('proves-nothing');
    const enrollment = await beginEnrollment(browser);
    for (const code of [codeAt(app, enrollment), enrollment.backupCodes[0]]) {
      expectRefusal(await browser.post('/mfa/totp/verify', { code }), 401, 'INVALID_CODE');
    }
    expectRefusal(await browser.delete('/mfa/totp/disable'), 400, 'NOT_ENROLLED');
    expectRefusal(await browser.post('/mfa/totp/regenerate-backup-codes'), 400, 'NOT_ENROLLED');
    expect(await app.state('proves-nothing')).toHaveProperty('authenticators', []);
  });

  test('EN-01 is kept in the session sealed', async () => {
    const browser = await app.pending('sealed');
    const { secret, backupCodes, response } = await beginEnrollment(browser);
    const session = JSON.stringify(await app.sessionOf(browser));
    expect(session).toContain('"ticket":"v1.');
    for (const text of [secret, ...backupCodes]) expect(session).not.toContain(text);
    expect(JSON.stringify(response.headers)).not.toContain(secret);
  });

  test('EN-02 stays open after wrong codes, and the right one completes it', async () => {
    const browser = await app.pending('wrong-first');
    const enrollment = await beginEnrollment(browser);
    const wrong = wrongCode(app, { ...enrollment, code: () => '' });
    for (let guess = 0; guess < 2; guess++) {
      expectRefusal(await confirmEnrollment(browser, wrong), 401, 'INVALID_CODE');
    }
    for (const steps of [-2, 2]) {
      expectRefusal(await confirmEnrollment(browser, codeAt(app, enrollment, steps)), 401, 'INVALID_CODE');
    }
    expect(await app.state('wrong-first')).toMatchObject({ backupCodes: [], budget: { failures: 4 } });
    expect((await app.mfa.service.status('wrong-first')).enrolled).toBe(false);

    const confirmed = await confirmEnrollment(browser, codeAt(app, enrollment));
    expect([confirmed.status, confirmed.body]).toEqual([
      200,
      { success: true, message: 'TOTP enrollment completed', data: { totp_enabled: true } },
    ]);
    const state = await app.state('wrong-first');
    expect(state.backupCodes).toHaveLength(10);
    expect(state.budget).toEqual({ failures: 0, waitUntil: 0 });
    expect((await browser.get('/private')).body).toEqual({ reached: true, userId: 'wrong-first' });
  });

  test('EN-02 stays open after what is no code at all', async () => {
    const browser = await app.pending('no-code');
    const enrollment = await beginEnrollment(browser);
    const session = await app.sessionOf(browser);
    const code = codeAt(app, enrollment);
    const bodies = [{}, { code: Number(code) }, { code: [code] }, { code: '' }, { code: `${code}0` }];
    for (const body of [...bodies, { code: enrollment.backupCodes[0] }, { password: code }]) {
      expectRefusal(await browser.post('/mfa/totp/verify-enrollment', body), 400, 'VALIDATION_ERROR');
    }
    await expectNothingKnown(app, 'no-code');
    expect(await app.sessionOf(browser)).toEqual(session);
  });

  test("EN-03 is confirmed by its own secret, whatever the client's says", async () => {
    const browser = await app.pending('own-secret');
    const enrollment = await beginEnrollment(browser);
    const evil = { secret: 'A'.repeat(32) };
    const code = codeAt(app, evil);
    const bodies = [
      { ...evil, code },
      { ...evil, code, ticket: evil.secret, enrollment: { userId: 'own-secret', ticket: evil.secret } },
      { ...evil, code, provisioning_uri: `otpauth://totp/x?secret=${evil.secret}`, backup_codes: ['A'] },
    ];
    for (const body of bodies) {
      expectRefusal(await browser.post('/mfa/totp/verify-enrollment', body), 401, 'INVALID_CODE');
    }
    expectRefusal(
      await browser.post(`/mfa/totp/verify-enrollment?secret=${evil.secret}`, { code }),
      401,
      'INVALID_CODE',
    );
    expect((await app.mfa.service.status('own-secret')).enrolled).toBe(false);
    const begun = await browser.post('/mfa/totp/enroll', { ...evil, backup_codes: ['AAAA-AAAA-AAAA-AAAA'] });
    expect(begun.body.data.secret).toMatch(/^[A-Z2-7]{32}$/);
    expect([evil.secret, enrollment.secret]).not.toContain(begun.body.data.secret);
    expect(begun.body.data.backup_codes).not.toContain('AAAA-AAAA-AAAA-AAAA');
  });
});
