import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { holdNext, holdNextSave } from '../app/hold-store.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { loggedInSessions } from '../app/stored-sessions.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
});
afterEach(() => {
  answers.check();
  expect(app.errors).toEqual([]);
  app.events.length = 0;
  jest.restoreAllMocks();
});
afterAll(() => app.close());

async function disableAndImport(user: string, secret: string): Promise<void> {
  await app.mfa.service.disable(user);
  await app.mfa.service.importTotp(user, secret, { encoding: 'base32' });
  app.clock.nextStep();
}

/** Everything after which what was begun before counts no more. */
const endings: [string, (user: string, secret: string) => Promise<unknown>][] = [
  ['a reset', (user) => app.mfa.service.reset(user)],
  ['the log-out everywhere', (user) => app.mfa.service.endSessions(user)],
  ['the end of the second step', (user) => app.mfa.service.disable(user)],
  ['the end of the second step and a new import of the same secret', disableAndImport],
  ['the deletion of the user', (user) => app.mfa.service.deleteUser(user)],
];

const succeeded = () => app.events.filter(({ name }) => name === 'challenge.succeeded').length;

describe.each(endings)('after %s', (title, end) => {
  test('a login that was begun before cannot be completed', async () => {
    const user = `A ${title}`;
    const authenticator = await importUser(app, user);
    app.clock.nextStep();
    const browser = await app.pending(user);
    await end(user, authenticator.secret);
    const state = await app.rawState(user);

    const response = await browser.post('/mfa/totp/verify', { code: codeAt(app, authenticator) });
    expectRefusal(response, 401, 'NO_PENDING_LOGIN');
    expect((await browser.get('/whoami')).body).toEqual({ userId: null });
    expect(await loggedInSessions(app, user)).toBe(0);
    expect(await app.rawState(user)).toBe(state);
  });

  test('neither can one whose code was just being checked', async () => {
    const user = `B ${title}`;
    const authenticator = await importUser(app, user);
    app.clock.nextStep();
    const browser = await app.pending(user);
    const held = holdNext(app.store, 'put');
    const response = browser.post('/mfa/totp/verify', { code: codeAt(app, authenticator) });
    await held.arrived;
    await end(user, authenticator.secret);
    const state = await app.rawState(user);
    held.release();

    expectRefusal(await response, 401, 'NO_PENDING_LOGIN');
    expect(succeeded()).toBe(0);
    expect(await loggedInSessions(app, user)).toBe(0);
    expect(await app.rawState(user)).toBe(state);
  });

  test('a login that it overtakes while the session is saved passes no guard', async () => {
    const user = `C ${title}`;
    const authenticator = await importUser(app, user);
    app.clock.nextStep();
    const browser = await app.pending(user);
    const held = holdNextSave(app.sessions);
    const response = browser.post('/mfa/totp/verify', { code: codeAt(app, authenticator) });
    await held.arrived;
    await end(user, authenticator.secret);
    held.release();

    expect((await response).status).toBe(200);
    const reached = app.reached();
    for (const path of ['/private', '/sensitive', '/lenient', '/lenient-sensitive']) {
      const { status } = await browser.get(path);
      expect([401, 403]).toContain(status);
    }
    expect(app.reached()).toBe(reached);
    expect((await browser.post('/mfa/totp/enroll', {})).status).not.toBe(201);
  });
});

test('an end of the wait during a login does not end the login', async () => {
  const authenticator = await importUser(app, 'D');
  app.clock.nextStep();
  const browser = await app.pending('D');
  const held = holdNext(app.store, 'put');
  const response = browser.post('/mfa/totp/verify', { code: codeAt(app, authenticator) });
  await held.arrived;
  await app.mfa.service.unlock('D');
  held.release();
  expect((await response).status).toBe(200);
  expect(succeeded()).toBe(1);
});

test('a step-up that a reset overtakes proves nothing', async () => {
  const authenticator = await importUser(app, 'E');
  const browser = await app.full('E', authenticator);
  app.clock.nextStep(2);
  const held = holdNext(app.store, 'put');
  const response = browser.post('/mfa/totp/verify', { code: codeAt(app, authenticator) });
  await held.arrived;
  await app.mfa.service.reset('E');
  held.release();
  expectRefusal(await response, 401, 'INVALID_CODE');
  expectRefusal(await browser.get('/private'), 403, 'MFA_ENROLLMENT_REQUIRED');
  expectRefusal(await browser.get('/lenient'), 401, 'UNAUTHENTICATED');
  expect((await app.state('E')).authenticators).toEqual([]);
});

test('a login that read "not enrolled" while somebody enrolled passes no guard', async () => {
  const held = holdNext(app.store, 'get');
  const login = app.pending('F');
  await held.arrived;
  const authenticator = await importUser(app, 'F');
  held.release();
  const browser = await login;

  expect((await app.sessionOf(browser)).userId).toBe('F');
  for (const path of ['/private', '/sensitive', '/lenient', '/lenient-sensitive']) {
    expectRefusal(await browser.get(path), 401, 'MFA_REQUIRED');
  }
  const body = { password: 'password of F' };
  expectRefusal(await browser.delete('/mfa/totp/disable', body), 401, 'MFA_REQUIRED');
  expect((await browser.post('/mfa/totp/verify', { code: authenticator.code() })).status).toBe(200);
  expect((await browser.get('/private')).status).toBe(200);
});
