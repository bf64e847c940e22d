import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { holdNext } from '../app/hold-store.ts';
import { importUser } from '../app/imported-user.ts';
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

const eventsOf = (user: string) => app.events.filter(({ userId }) => userId === user).map(({ name }) => name);

async function fullUser(user: string) {
  const authenticator = await importUser(app, user);
  const browser = await app.full(user, authenticator);
  app.clock.nextStep();
  return { authenticator, browser, password: `password of ${user}` };
}

test('RE-05 a login that had read the account before is not completed after', async () => {
  const { authenticator, browser, password } = await fullUser('late-login');
  const pending = await app.pending('late-login');
  const held = holdNext(app.store, 'put');
  const verifying = pending.post('/mfa/totp/verify', { code: authenticator.code() });
  await held.arrived;
  expect((await browser.delete('/mfa/totp/disable', { password })).status).toBe(200);
  const state = await app.rawState('late-login');
  held.release();
  expectRefusal(await verifying, 401, 'NO_PENDING_LOGIN');
  expect(await app.rawState('late-login')).toBe(state);
  expectRefusal(await pending.get('/lenient'), 401, 'UNAUTHENTICATED');
});

test('RE-03 a code that somebody logs in with meanwhile does not disable', async () => {
  const { authenticator, browser, password } = await fullUser('same-code');
  const pending = await app.pending('same-code');
  const code = authenticator.code();
  const held = holdNext(app.store, 'put');
  const disabling = browser.delete('/mfa/totp/disable', { password, code });
  await held.arrived;
  expect((await pending.post('/mfa/totp/verify', { code })).status).toBe(200);
  const state = await app.rawState('same-code');
  held.release();
  expectRefusal(await disabling, 401, 'INVALID_CODE');
  expect(await app.rawState('same-code')).toBe(state);
  expect(eventsOf('same-code')).not.toContain('mfa.disabled');
});

test('RE-01 a proof that has ended meanwhile does not disable', async () => {
  const { browser, password } = await fullUser('ended');
  const held = holdNext(app.store, 'put');
  const disabling = browser.delete('/mfa/totp/disable', { password });
  await held.arrived;
  await app.mfa.service.endSessions('ended');
  const state = await app.rawState('ended');
  held.release();
  expectRefusal(await disabling, 401, 'MFA_REQUIRED');
  expect(await app.rawState('ended')).toBe(state);
});

test('RE-05 a double click disables once, and tells so once', async () => {
  const { browser, password } = await fullUser('double-click');
  const [first, second] = [browser.copy(), browser.copy()];
  const held = holdNext(app.store, 'put');
  const late = first.delete('/mfa/totp/disable', { password });
  await held.arrived;
  expect((await second.delete('/mfa/totp/disable', { password })).status).toBe(200);
  const state = await app.rawState('double-click');
  held.release();
  expectRefusal(await late, 400, 'NOT_ENROLLED');
  expect(await app.rawState('double-click')).toBe(state);
  expect(eventsOf('double-click').filter((name) => name === 'mfa.disabled')).toHaveLength(1);
  expect((await second.get('/lenient')).status).toBe(200);
});

test('RE-05 an enrolment anew meanwhile is not disabled by what was proven before', async () => {
  const { browser, password } = await fullUser('anew');
  const held = holdNext(app.store, 'put');
  const disabling = browser.delete('/mfa/totp/disable', { password });
  await held.arrived;
  await app.mfa.service.disable('anew');
  await importUser(app, 'anew');
  const state = await app.rawState('anew');
  held.release();
  expectRefusal(await disabling, 401, 'MFA_REQUIRED');
  expect(await app.rawState('anew')).toBe(state);
});
