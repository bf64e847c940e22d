import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { importUser } from '../app/imported-user.ts';
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

/** Lets the next call of the session store stand still until the test releases it. */
function hold(operation: 'set' | 'destroy') {
  const gate = new EventTarget();
  const arrived = once(gate, 'arrived');
  const released = once(gate, 'released');
  const { set, destroy } = app.sessions;
  const stop = () => {
    gate.dispatchEvent(new Event('arrived'));
    return released;
  };
  if (operation === 'set')
    jest.spyOn(app.sessions, 'set').mockImplementationOnce(async (...call) => {
      await stop();
      return set.apply(app.sessions, call);
    });
  else
    jest.spyOn(app.sessions, 'destroy').mockImplementationOnce(async (...call) => {
      await stop();
      return destroy.apply(app.sessions, call);
    });
  return { arrived, release: () => void gate.dispatchEvent(new Event('released')) };
}

/** Several round trips to the app and to Redis: time enough for an answer that does not wait. */
async function meanwhile(): Promise<void> {
  for (let i = 0; i < 5; i++) await app.browser().get('/whoami');
}

test.each(['set', 'destroy'] as const)(
  'SU-06 the second step is answered only after a slow %s of the session store',
  async (operation) => {
    const authenticator = await importUser(app, operation);
    const browser = await app.pending(operation);
    const slow = hold(operation);
    let answered = false;
    const verified = browser.post('/mfa/totp/verify', { code: authenticator.code() }).then((response) => {
      answered = true;
      return response;
    });
    await slow.arrived;
    await meanwhile();
    expect(answered).toBe(false);
    slow.release();

    expect((await verified).status).toBe(200);
    expect((await browser.get('/private')).body).toEqual({ reached: true, userId: operation });
  },
);

test('SU-06 the first step is answered only after a slow set, and its pending login is there', async () => {
  const authenticator = await importUser(app, 'first');
  const browser = app.browser();
  const slow = hold('set');
  let answered = false;
  const begun = browser.post('/login', { user: 'first', password: 'password of first' }).then((response) => {
    answered = true;
    return response;
  });
  await slow.arrived;
  await meanwhile();
  expect(answered).toBe(false);
  slow.release();

  expect((await begun).body.status).toBe('mfa_required');
  expect((await browser.post('/mfa/totp/verify', { code: authenticator.code() })).status).toBe(200);
});

test('SU-06 what the upgrade has saved is not saved once more when the answer ends', async () => {
  const authenticator = await importUser(app, 'once');
  const browser = await app.pending('once');
  const set = jest.spyOn(app.sessions, 'set');
  expect((await browser.post('/mfa/totp/verify', { code: authenticator.code() })).status).toBe(200);
  expect(set).toHaveBeenCalledTimes(1);
  expect((await browser.get('/private')).status).toBe(200);
});
