import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { holdNext, holdNextSave } from '../app/hold-store.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { storedSessions } from '../app/stored-sessions.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
});
afterEach(() => {
  answers.check();
  expect(app.errors).toEqual([]);
  jest.restoreAllMocks();
});
afterAll(() => app.close());

const logIn = (browser: Browser, user: string) =>
  browser.post('/login', { user, password: `password of ${user}` });

/** One browser with two tabs, both with a pending login of `one`. */
async function twoTabs(one: string, other: string) {
  const first = await importUser(app, one);
  const second = await importUser(app, other);
  app.clock.nextStep();
  const tab = await app.pending(one);
  return { tab, otherTab: tab.copy(), old: tab.copy(), first, second };
}

/** The first tab is fully logged in as `one`, the other has a pending login of `other`: nothing is mixed. */
async function expectApart(tab: Browser, otherTab: Browser, one: string, other: string): Promise<void> {
  expect((await tab.get('/private')).body).toEqual({ reached: true, userId: one });
  const full = await app.sessionOf(tab);
  expect(full).toMatchObject({ userId: one, mfa: { userId: one } });
  expect(full.mfa).not.toHaveProperty('pendingUserId');

  expectRefusal(await otherTab.get('/private'), 401, 'MFA_REQUIRED');
  const pending = await app.sessionOf(otherTab);
  expect(pending.mfa.pendingUserId).toBe(other);
  expect(pending.mfa).not.toHaveProperty('userId');
  expect(pending).not.toHaveProperty('userId');
}

test('a first step of B while the code of A is being checked mixes nothing', async () => {
  const { tab, otherTab, old, first, second } = await twoTabs('A', 'B');
  const held = holdNext(app.store, 'put');
  const verified = tab.post('/mfa/totp/verify', { code: codeAt(app, first) });
  await held.arrived;
  expect((await logIn(otherTab, 'B')).body.status).toBe('mfa_required');
  held.release();
  expect((await verified).body.data.user_id).toBe('A');
  await expectApart(tab, otherTab, 'A', 'B');
  expectRefusal(await old.get('/private'), 401, 'UNAUTHENTICATED');
  expect((await otherTab.post('/mfa/totp/verify', { code: codeAt(app, second) })).body.data.user_id).toBe(
    'B',
  );
});

test('nor does the code of A while the first step of B is being saved', async () => {
  const { tab, otherTab, old, first, second } = await twoTabs('C', 'D');
  const held = holdNextSave(app.sessions);
  const started = logIn(otherTab, 'D');
  await held.arrived;
  const code = codeAt(app, first);
  const refused = await tab.post('/mfa/totp/verify', { code });
  held.release();
  expect((await started).body.status).toBe('mfa_required');
  // The old session was gone by then: the code was not even looked at.
  expectRefusal(refused, 401, 'NO_PENDING_LOGIN');
  expectRefusal(await old.get('/private'), 401, 'UNAUTHENTICATED');
  expectRefusal(await otherTab.post('/mfa/totp/verify', { code }), 401, 'INVALID_CODE');
  const done = await otherTab.post('/mfa/totp/verify', { code: codeAt(app, second) });
  expect(done.body.data).toMatchObject({ user_id: 'D', failed_attempts: 1 });
});

test('whatever the order is, each code completes the login of its own user or none', async () => {
  const { tab, first, second } = await twoTabs('E', 'F');
  for (let round = 0; round < 20; round++) {
    app.clock.nextStep();
    await logIn(tab, 'E');
    const [verifying, starting, guessing] = [tab.copy(), tab.copy(), tab.copy()];
    const [verified, started, guessed] = await Promise.all([
      verifying.post('/mfa/totp/verify', { code: codeAt(app, first) }),
      logIn(starting, 'F'),
      guessing.post('/mfa/totp/verify', { code: codeAt(app, second) }),
    ]);
    expect(started.body.status).toBe('mfa_required');
    expect([200, 401]).toContain(verified.status);
    if (verified.status === 200) await expectApart(verifying, starting, 'E', 'F');
    else expectRefusal(verified, 401, 'NO_PENDING_LOGIN');
    // The code of F is no code of E's, and was sent with no login of F's.
    expect(guessed.status).toBe(401);
    expectRefusal(await guessing.get('/private'), 401, 'UNAUTHENTICATED');
    await app.mfa.service.unlock('E');
  }
  const mixed = Object.values(await storedSessions(app)).filter(
    ({ userId, mfa }) => (userId ?? mfa?.userId) !== mfa?.userId || (mfa?.pendingUserId && userId),
  );
  expect(mixed).toEqual([]);
  expect((await app.state('F')).budget.failures).toBe(0);
});

test('two first steps of one user are two logins, and each is completed once', async () => {
  const authenticator = await importUser(app, 'G');
  app.clock.nextStep(2);
  const browser = app.browser();
  const tabs = [browser.copy(), browser.copy()];
  await Promise.all(tabs.map((tab) => logIn(tab, 'G')));
  const sessions = await Promise.all(tabs.map((tab) => app.sessionOf(tab)));
  expect(sessions[0].mfa.loginId).not.toBe(sessions[1].mfa.loginId);

  const codes = [-1, 0].map((steps) => codeAt(app, authenticator, steps));
  for (const [index, tab] of tabs.entries()) {
    expect((await tab.post('/mfa/totp/verify', { code: codes[index] })).status).toBe(200);
  }
  expect((await app.state('G')).used).toHaveLength(2);
});

test('a log-out while the code is being checked ends the pending session', async () => {
  const { tab, otherTab, old, first } = await twoTabs('H', 'I');
  const held = holdNext(app.store, 'put');
  const verified = tab.post('/mfa/totp/verify', { code: codeAt(app, first) });
  await held.arrived;
  await otherTab.post('/log-out', {});
  held.release();
  expect((await verified).status).toBe(200);
  for (const dead of [old, otherTab]) expectRefusal(await dead.get('/private'), 401, 'UNAUTHENTICATED');
  app.clock.nextStep();
  expectRefusal(await old.post('/mfa/totp/verify', { code: codeAt(app, first) }), 401, 'NO_PENDING_LOGIN');
});
