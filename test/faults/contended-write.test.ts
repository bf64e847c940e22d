import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { importUser, wrongCode } from '../app/imported-user.ts';
import { loggedInSessions } from '../app/stored-sessions.ts';
import { watchAnswers } from '../app/watch-answers.ts';

const answers = watchAnswers();
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
});
afterEach(() => {
  jest.restoreAllMocks();
  answers.check();
});
afterAll(() => app.close());

/** Before each of the next `times` writes somebody else's comes, and both are really tried. */
function contend(times: number, other: () => Promise<unknown>): { puts: () => number } {
  const put = app.store.put.bind(app.store);
  let puts = 0;
  let inside = false;
  jest.spyOn(app.store, 'put').mockImplementation(async (...call) => {
    if (inside) return put(...call);
    if (puts++ < times) {
      inside = true;
      await other();
      inside = false;
    }
    return put(...call);
  });
  return { puts: () => puts };
}

const verify = async (user: string, code: string) =>
  (await app.pending(user)).post('/mfa/totp/verify', { code });

test('SF-09 two wrong codes at once are two failures', async () => {
  const authenticator = await importUser(app, 'counts');
  const wrong = wrongCode(app, authenticator);
  const { puts } = contend(1, () => app.mfa.service.verify('counts', { code: wrong }));
  expect((await verify('counts', wrong)).body.error_type).toBe('INVALID_CODE');
  expect(puts()).toBe(2);
  expect((await app.state('counts')).budget.failures).toBe(2);
});

test('SF-09 a guess that loses against the one that began a wait is not looked at', async () => {
  const authenticator = await importUser(app, 'waits');
  const wrong = wrongCode(app, authenticator);
  for (let i = 0; i < 4; i++) await app.mfa.service.verify('waits', { code: wrong });
  contend(1, () => app.mfa.service.verify('waits', { code: wrong }));
  const response = await verify('waits', authenticator.code());
  expect(response.status).toBe(429);
  expect((await app.state('waits')).budget.failures).toBe(5);
  expect(await loggedInSessions(app, 'waits')).toBe(0);
});

test('SF-09 a right code whose write loses against a reset logs nobody in', async () => {
  const authenticator = await importUser(app, 'is reset');
  contend(1, () => app.mfa.service.reset('is reset'));
  const response = await verify('is reset', authenticator.code());
  expect(response.status).toBe(401);
  expect(response.body.error_type).toBe('NO_PENDING_LOGIN');
  expect(await loggedInSessions(app, 'is reset')).toBe(0);
  expect(await app.state('is reset')).toHaveProperty('authenticators', []);
});

test('SF-09 a right code whose write loses against the same code elsewhere is a replay, and not a failure', async () => {
  const authenticator = await importUser(app, 'replays');
  const code = authenticator.code();
  contend(1, () => app.mfa.service.verify('replays', { code }));
  const events = app.events.length;
  expect((await verify('replays', code)).body.error_type).toBe('INVALID_CODE');
  expect(app.events.slice(events).map(({ name }) => name)).toEqual([
    'challenge.succeeded',
    'challenge.failed',
  ]);
  expect(app.events.at(-1)).toMatchObject({ reason: 'replayed' });
  expect((await app.state('replays')).budget.failures).toBe(0);
});

test('SF-09 new backup codes and a spent old one: the new set is whole', async () => {
  const { backupCodes, code } = await app.enrol('both');
  const browser = await app.pending('both');
  expect((await browser.post('/mfa/totp/verify', { code: code() })).status).toBe(200);
  const [spent] = backupCodes;
  const { puts } = contend(1, () => app.mfa.service.verify('both', { code: spent ?? '' }));
  const made = await browser.post('/mfa/totp/regenerate-backup-codes', { password: 'password of both' });
  expect(made.status).toBe(200);
  expect(puts()).toBe(2);
  expect((await app.state('both')).backupCodes).toHaveLength(10);
  expect((await verify('both', made.body.data.backup_codes[9])).status).toBe(200);
  expect((await verify('both', backupCodes[1] ?? '')).body.error_type).toBe('INVALID_CODE');
});

test('SF-09 a write that loses 32 times is 503, with nothing granted and nothing of the others lost', async () => {
  const authenticator = await importUser(app, 'crowded');
  const before = await app.state('crowded');
  const { puts } = contend(Number.POSITIVE_INFINITY, () => app.mfa.service.endSessions('crowded'));
  // A step-up by somebody whom the changes of others do not stop.
  const browser = app.browser();
  await browser.post('/forgetful-login', { user: 'crowded' });
  const response = await browser.post('/mfa/totp/verify', { code: authenticator.code() });
  expect(response.status).toBe(503);
  expect(response.body.error_type).toBe('UNAVAILABLE');
  expect(response.headers['set-cookie']).toBeUndefined();
  expect(answers.takeFaults()).toEqual(['POST /mfa/totp/verify: 503']);
  expect(puts()).toBe(32);
  const after = await app.state('crowded');
  expect(after).toEqual({ ...before, epoch: after.epoch });
  expect(after.epoch).not.toBe(before.epoch);
  jest.restoreAllMocks();
  expect((await browser.get('/private')).status).toBe(401);
  app.clock.nextStep();
  expect((await verify('crowded', authenticator.code())).status).toBe(200);
});
