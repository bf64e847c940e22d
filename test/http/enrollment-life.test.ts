import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { beginEnrollment, confirmEnrollment } from '../app/begin-enrollment.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectNothingKnown } from '../app/expect-nothing-known.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt, importUser, wrongCode } from '../app/imported-user.ts';
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

test('EN-08 it waits for ten minutes and not longer, however often the session is used', async () => {
  const browser = await app.pending('slow-to-confirm');
  const enrollment = await beginEnrollment(browser);
  for (let minute = 0; minute < 9; minute++) {
    app.clock.move(60_000);
    await browser.get('/mfa/totp/status');
  }
  app.clock.move(59_999);
  const wrong = wrongCode(app, { ...enrollment, code: () => '' });
  expectRefusal(await confirmEnrollment(browser, wrong), 401, 'INVALID_CODE');
  app.clock.move(1);
  const late = await confirmEnrollment(browser, codeAt(app, enrollment));
  expectRefusal(late, 409, 'NO_PENDING_ENROLLMENT');
  expect((await app.mfa.service.status('slow-to-confirm')).enrolled).toBe(false);
});

test('EN-08 it belongs to its session', async () => {
  const browser = await app.pending('one-session');
  const enrollment = await beginEnrollment(browser);
  const other = await app.pending('one-session');
  const late = await confirmEnrollment(other, codeAt(app, enrollment));
  expectRefusal(late, 409, 'NO_PENDING_ENROLLMENT');
  await expectNothingKnown(app, 'one-session');
});

test.each(['/log-out', '/login'])('EN-08 it ends with the session: %s, then the login', async (path) => {
  const credentials = { user: 'again', password: 'password of again' };
  const browser = await app.pending('again');
  const enrollment = await beginEnrollment(browser);
  await browser.post(path, credentials);
  await browser.post('/login', credentials);
  const late = await confirmEnrollment(browser, codeAt(app, enrollment));
  expectRefusal(late, 409, 'NO_PENDING_ENROLLMENT');
  await expectNothingKnown(app, 'again');
});

test.each(['/login', '/forgetful-login'])('EN-08 it belongs to its user: %s as another', async (path) => {
  const browser = await app.pending('first-user');
  const enrollment = await beginEnrollment(browser);
  await browser.post(path, { user: 'second-user', password: 'password of second-user' });
  expect((await browser.get('/whoami')).body).toEqual({ userId: 'second-user' });
  const late = await confirmEnrollment(browser, codeAt(app, enrollment));
  expectRefusal(late, 409, 'NO_PENDING_ENROLLMENT');
  await expectNothingKnown(app, 'first-user');
  expect(await app.rawState('second-user')).toBeNull();
});

test('EN-08 its ticket opens for no other user, also where the session says so', async () => {
  const mallory = await app.pending('mallory');
  const enrollment = await beginEnrollment(mallory);
  const victim = await app.pending('victim');
  const { ticket } = (await app.sessionOf(mallory)).mfa.enrollment;
  const session = await app.sessionOf(victim);
  session.mfa.enrollment = { userId: 'victim', ticket };
  await app.redis.set(`${app.prefix}sess:${victim.sessionId}`, JSON.stringify(session));

  expectRefusal(await confirmEnrollment(victim, codeAt(app, enrollment)), 503, 'UNAVAILABLE');
  expect(answers.takeFaults()).toEqual(['POST /mfa/totp/verify-enrollment: 503']);
  expect(app.events.at(-1)).toMatchObject({ name: 'secret.unreadable', userId: 'victim', what: 'secret' });
  expect(await app.rawState('victim')).toBeNull();
});

test.each(['reset', 'importTotp', 'endSessions'] as const)(
  'EN-08 a security change elsewhere ends it: %s',
  async (change) => {
    const user = `changed-by-${change}`;
    const browser = await app.pending(user);
    const enrollment = await beginEnrollment(browser);
    if (change === 'importTotp') await importUser(app, user);
    else await app.mfa.service[change](user);
    const state = await app.rawState(user);
    const late = await confirmEnrollment(browser, codeAt(app, enrollment));
    expectRefusal(late, 409, 'NO_PENDING_ENROLLMENT');
    expect(await app.rawState(user)).toBe(state);
  },
);

test('EN-08 of two enrolments in one session the later one counts', async () => {
  const browser = await app.pending('two-tabs');
  const first = await beginEnrollment(browser);
  const second = await beginEnrollment(browser);
  expect(second.secret).not.toBe(first.secret);
  expectRefusal(await confirmEnrollment(browser, codeAt(app, first)), 401, 'INVALID_CODE');
  expect((await confirmEnrollment(browser, codeAt(app, second))).status).toBe(200);
  app.clock.nextStep();
  const login = await app.pending('two-tabs');
  expectRefusal(await login.post('/mfa/totp/verify', { code: codeAt(app, first) }), 401, 'INVALID_CODE');
  expect((await login.post('/mfa/totp/verify', { code: second.backupCodes[9] })).status).toBe(200);
  expectRefusal(await login.post('/mfa/totp/verify', { code: first.backupCodes[9] }), 401, 'INVALID_CODE');
});
