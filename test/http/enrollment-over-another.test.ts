import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { TestAuthenticator } from 'express-mfa/testing';
import { beginEnrollment, confirmEnrollment } from '../app/begin-enrollment.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { holdNext } from '../app/hold-store.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
});
afterEach(() => {
  jest.restoreAllMocks();
  answers.check();
  expect(app.errors).toEqual([]);
});
afterAll(() => app.close());

describe('who is enrolled', () => {
  test('EN-04 cannot enrol again, with password and code either', async () => {
    const authenticator = await importUser(app, 'enrolled');
    const browser = await app.full('enrolled', authenticator);
    app.clock.nextStep();
    const [state, session] = [await app.rawState('enrolled'), await app.sessionOf(browser)];
    const code = authenticator.code();
    for (const body of [
      {},
      { password: 'password of enrolled' },
      { password: 'password of enrolled', code },
    ]) {
      const refused = await browser.post('/mfa/totp/enroll', body);
      expectRefusal(refused, 409, 'CONFLICT');
      expect(refused.text).not.toMatch(/otpauth|[A-Z2-7]{32}/);
    }
    expectRefusal(await confirmEnrollment(browser, code), 409, 'NO_PENDING_ENROLLMENT');
    expect(await app.rawState('enrolled')).toBe(state);
    expect(await app.sessionOf(browser)).toEqual(session);
  });

  test('EN-04 cannot begin an enrolment from code either, and nobody is told of one', async () => {
    await importUser(app, 'from-code');
    const before = app.events.length;
    const refused = await app.mfa.service.startEnrollment('from-code');
    expect(refused).toEqual({ ok: false, errorType: 'CONFLICT' });
    expect(app.events).toHaveLength(before);
  });

  test('EN-04 nor does an enrolment begin for whom another way was quicker', async () => {
    const browser = await app.pending('quicker');
    const session = await app.sessionOf(browser);
    const held = holdNext(app.store, 'get');
    const enrolling = browser.post('/mfa/totp/enroll', {});
    await held.arrived;
    await importUser(app, 'quicker');
    held.release();
    expectRefusal(await enrolling, 409, 'CONFLICT');
    expect(await app.sessionOf(browser)).toEqual(session);
  });

  test('EN-04 an enrolment that began before another one was confirmed is over', async () => {
    const [desk, phone] = [await app.pending('two-devices'), await app.pending('two-devices')];
    const [late, early] = [await beginEnrollment(desk), await beginEnrollment(phone)];
    expect((await confirmEnrollment(phone, codeAt(app, early))).status).toBe(200);
    const state = await app.rawState('two-devices');
    const refused = await confirmEnrollment(desk, codeAt(app, late));
    expectRefusal(refused, 409, 'NO_PENDING_ENROLLMENT');
    expect(await app.rawState('two-devices')).toBe(state);
  });
});

describe('who has lost the phone', () => {
  let lost: TestAuthenticator;
  beforeAll(async () => {
    lost = await app.enrol('lost');
  });
  const spend = async (code = '') => {
    const browser = await app.pending('lost');
    expect((await browser.post('/mfa/totp/verify', { code })).status).toBe(200);
    return browser;
  };

  test('EN-04 may enrol over it for five minutes after a backup code, and not after a TOTP code', async () => {
    const withTotp = await spend(lost.code());
    expectRefusal(await withTotp.post('/mfa/totp/enroll', {}), 409, 'CONFLICT');
    const browser = await spend(lost.backupCodes[0]);
    app.clock.move(299_999);
    await beginEnrollment(browser, { password: 'password of lost' });
    app.clock.move(1);
    const refused = await browser.post('/mfa/totp/enroll', { password: 'password of lost' });
    expectRefusal(refused, 409, 'CONFLICT');
  });

  test('EN-04 keeps the old one until the new one is confirmed, and then only the new one', async () => {
    const browser = await spend(lost.backupCodes[1]);
    const { epoch, authenticators } = await app.state('lost');
    const enrollment = await beginEnrollment(browser);
    expect(await app.state('lost')).toMatchObject({ epoch, authenticators });
    // Neither the other authenticator nor its backup codes end the enrolment.
    await spend(lost.backupCodes[2]);
    expect((await confirmEnrollment(browser, codeAt(app, enrollment))).status).toBe(200);

    const state = await app.state('lost');
    expect(state.epoch).not.toBe(epoch);
    expect(state.authenticators[0].secret).not.toBe(authenticators[0].secret);
    expect(state.backupCodes).toHaveLength(10);
    app.clock.nextStep();
    const login = await app.pending('lost');
    for (const code of [codeAt(app, lost), lost.backupCodes[3]]) {
      expectRefusal(await login.post('/mfa/totp/verify', { code }), 401, 'INVALID_CODE');
    }
    expect((await login.post('/mfa/totp/verify', { code: codeAt(app, enrollment) })).status).toBe(200);
  });
});

test('EN-05 after disabling and enrolling anew nothing of the old factor is accepted', async () => {
  const old = await app.enrol('anew');
  const { epoch } = await app.state('anew');
  const browser = await app.full('anew', old);
  const disabled = await browser.delete('/mfa/totp/disable', { password: 'password of anew' });
  expect([disabled.status, disabled.body.message]).toEqual([200, 'TOTP disabled']);
  const between = (await app.state('anew')).epoch;
  const enrollment = await beginEnrollment(browser);
  expect((await confirmEnrollment(browser, codeAt(app, enrollment))).status).toBe(200);

  const state = await app.state('anew');
  expect(new Set([epoch, between, state.epoch, '']).size).toBe(4);
  app.clock.nextStep();
  const login = await app.pending('anew');
  for (const code of [codeAt(app, old), codeAt(app, old, 1), old.backupCodes[0], old.backupCodes[9]]) {
    expectRefusal(await login.post('/mfa/totp/verify', { code }), 401, 'INVALID_CODE');
  }
  expect((await login.post('/mfa/totp/verify', { code: codeAt(app, enrollment) })).status).toBe(200);
});

describe('confirmations at once', () => {
  test('EN-07 of ten of one enrolment one is told yes, and its backup codes are the stored ones', async () => {
    const browser = await app.pending('confirmer');
    const enrollment = await beginEnrollment(browser);
    const code = codeAt(app, enrollment);
    const tabs = Array.from({ length: 10 }, () => browser.copy());
    const responses = await Promise.all(tabs.map((tab) => confirmEnrollment(tab, code)));
    const winner = tabs.find((_tab, index) => responses[index]?.status === 200);
    for (const response of responses.filter(({ status }) => status !== 200)) {
      expectRefusal(response, 409, 'NO_PENDING_ENROLLMENT');
    }
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await app.state('confirmer')).backupCodes).toHaveLength(10);
    const told = app.events.filter(
      ({ name, userId }) => `${userId} ${name}` === 'confirmer enrollment.confirmed',
    );
    expect(told).toHaveLength(1);
    expect((await winner?.get('/private'))?.body).toEqual({ reached: true, userId: 'confirmer' });
    for (const shown of enrollment.backupCodes) {
      expect(await app.mfa.service.verify('confirmer', { code: shown })).toMatchObject({ ok: true });
    }
  });

  test('EN-07 of two enrolments one is in force, whole', async () => {
    const browsers = [await app.pending('both'), await app.pending('both')] as const;
    const begun = [await beginEnrollment(browsers[0]), await beginEnrollment(browsers[1])] as const;
    const responses = await Promise.all(
      begun.map((one, index) => confirmEnrollment(browsers[index === 0 ? 0 : 1], codeAt(app, one))),
    );
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [winner, loser] = responses[0]?.status === 200 ? begun : [begun[1], begun[0]];
    app.clock.nextStep();
    const verify = (code = '') => app.mfa.service.verify('both', { code });
    expect(await verify(codeAt(app, loser))).toEqual({ ok: false, errorType: 'INVALID_CODE' });
    expect(await verify(loser.backupCodes[0])).toEqual({ ok: false, errorType: 'INVALID_CODE' });
    expect(await verify(codeAt(app, winner))).toMatchObject({ ok: true, backupCodesRemaining: 10 });
    expect(await verify(winner.backupCodes[0])).toMatchObject({ ok: true, backupCodesRemaining: 9 });
  });

  test('EN-07 an enrolment by another way, between its reading and its writing, is not overwritten', async () => {
    const browser = await app.pending('overtaken');
    const enrollment = await beginEnrollment(browser);
    const put = app.store.put.bind(app.store);
    let imported: string | null = null;
    jest.spyOn(app.store, 'put').mockImplementationOnce(async (...write) => {
      await importUser(app, 'overtaken');
      imported = await app.rawState('overtaken');
      return put(...write);
    });
    const refused = await confirmEnrollment(browser, codeAt(app, enrollment));
    expectRefusal(refused, 409, 'NO_PENDING_ENROLLMENT');
    expect(imported).not.toBeNull();
    expect(await app.rawState('overtaken')).toBe(imported);
  });
});
