import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import speakeasy from 'speakeasy';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt, importUser, wrongCode } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({
    before: (express) => {
      express.set('trust proxy', true);
      answers.watch(express);
    },
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  answers.check();
  expect(app.errors.splice(0)).toEqual([]);
});
afterAll(() => app.close());

const verify = (browser: Browser, code: string) => browser.post('/mfa/totp/verify', { code });
const budget = async (user: string) => (await app.state(user)).budget;

/** Wrong codes, one after the other: each of them is looked at and counted. */
async function guess(browser: Browser, code: string, times: number): Promise<void> {
  for (let time = 0; time < times; time++) expectRefusal(await verify(browser, code), 401, 'INVALID_CODE');
}

function expectWait(response: Awaited<ReturnType<typeof verify>>, seconds: number): void {
  expectRefusal(response, 429, 'TOO_MANY_ATTEMPTS');
  expect(response.headers['retry-after']).toBe(String(seconds));
  expect(response.body.data).toEqual({ retry_after: seconds });
}

test('BF-01 five wrong codes are looked at, the sixth has to wait, and every one is told', async () => {
  const wrong = wrongCode(app, await importUser(app, 'one'));
  const browser = await app.pending('one');
  app.events.splice(0);
  await guess(browser, wrong, 5);
  const state = await app.rawState('one');

  expectWait(await verify(browser, wrong), 30);
  app.clock.move(29_001);
  expectWait(await verify(browser, wrong), 1);
  expect(await app.rawState('one')).toBe(state);
  expect(await budget('one')).toEqual({ failures: 5, waitUntil: app.clock.now() + 999 });
  expect(
    app.events.map(({ name, userId, ...event }) => [name, userId, 'reason' in event && event.reason]),
  ).toEqual([
    ...Array.from({ length: 5 }, () => ['challenge.failed', 'one', 'wrong']),
    ['challenge.failed', 'one', 'waiting'],
    ['challenge.failed', 'one', 'waiting'],
  ]);

  app.clock.move(999);
  expectRefusal(await verify(browser, wrong), 401, 'INVALID_CODE');
  expectWait(await verify(browser, wrong), 60);
});

test('BF-01 four wrong codes cost the right one nothing, and it clears them', async () => {
  const authenticator = await importUser(app, 'clumsy');
  const browser = await app.pending('clumsy');
  await guess(browser, wrongCode(app, authenticator), 4);
  const response = await verify(browser, authenticator.code());
  expect(response.status).toBe(200);
  expect(response.body.data).toMatchObject({ failed_attempts: 4 });
  expect(await budget('clumsy')).toEqual({ failures: 0, waitUntil: 0 });

  await guess(await app.pending('clumsy'), wrongCode(app, authenticator), 5);
});

test('BF-03 a new session does not bring new guesses', async () => {
  const wrong = wrongCode(app, await importUser(app, 'new-session'));
  await guess(await app.pending('new-session'), wrong, 4);
  const second = await app.pending('new-session');
  await guess(second, wrong, 1);
  const state = await app.rawState('new-session');
  for (let time = 0; time < 3; time++) expectWait(await verify(second, wrong), 30);
  expectWait(await verify(await app.pending('new-session'), wrong), 30);
  expect(await app.rawState('new-session')).toBe(state);
});

test('BF-04 the right password does not bring new guesses, in the same browser or in others', async () => {
  const wrong = wrongCode(app, await importUser(app, 'password'));
  const browser = await app.pending('password');
  await guess(browser, wrong, 4);
  const state = await app.rawState('password');
  for (let time = 0; time < 10; time++) {
    await browser.post('/login', { user: 'password', password: 'password of password' });
    await app.pending('password');
  }
  expect(await app.rawState('password')).toBe(state);
  await guess(browser, wrong, 1);
  expectWait(await verify(browser, wrong), 30);
});

test('BF-04 nor does the right password for a sensitive route of a full session', async () => {
  const authenticator = await importUser(app, 'full-password');
  const browser = await app.full('full-password', authenticator);
  app.clock.nextStep();
  const wrong = wrongCode(app, authenticator);
  const body = { password: 'password of full-password', code: wrong };
  for (let time = 0; time < 5; time++) {
    expectRefusal(await browser.delete('/mfa/totp/disable', body), 401, 'INVALID_CODE');
  }
  expect((await budget('full-password')).failures).toBe(5);
  expectWait(await browser.delete('/mfa/totp/disable', body), 30);
});

test('BF-05 logins to an account of one’s own in between bring no new guesses', async () => {
  const wrong = wrongCode(app, await importUser(app, 'victim'));
  const own = await importUser(app, 'attacker');
  const browser = app.browser();
  for (let failures = 1; failures <= 5; failures++) {
    await browser.post('/login', { user: 'victim', password: 'password of victim' });
    await guess(browser, wrong, 1);
    await browser.post('/login', { user: 'attacker', password: 'password of attacker' });
    expect((await verify(browser, own.code())).status).toBe(200);
    expect((await budget('victim')).failures).toBe(failures);
    expect((await budget('attacker')).failures).toBe(0);
    if (failures < 5) app.clock.nextStep();
  }
  expectWait(await verify(await app.pending('victim'), wrong), 30);
});

test('BF-10 whatever a proxy is said to have forwarded, the budget is the user’s', async () => {
  const wrong = wrongCode(app, await importUser(app, 'forwarded'));
  const browser = await app.pending('forwarded');
  const from = (address: string) =>
    browser.post(
      '/mfa/totp/verify',
      { code: wrong },
      {
        'X-Forwarded-For': address,
        'X-Real-IP': address,
        Forwarded: `for=${address}`,
        'User-Agent': address,
      },
    );
  app.events.splice(0);
  for (let time = 1; time <= 5; time++) expectRefusal(await from(`203.0.113.${time}`), 401, 'INVALID_CODE');
  expectWait(await from('203.0.113.6'), 30);
  expect((await budget('forwarded')).failures).toBe(5);
  // The addresses did reach the library: they are in what it tells.
  expect(app.events.map(({ ip }) => ip)).toEqual([1, 2, 3, 4, 5, 6].map((time) => `203.0.113.${time}`));
});

test('BF-11 the right code during a wait is answered like a wrong one, and not looked at', async () => {
  const authenticator = await importUser(app, 'waiting');
  app.clock.nextStep();
  const browser = await app.pending('waiting');
  await guess(browser, wrongCode(app, authenticator), 5);
  const state = await app.rawState('waiting');
  const right = codeAt(app, authenticator, 1);

  const computed = jest.spyOn(speakeasy, 'hotp');
  const opened = await verify(browser, right);
  const refused = await verify(browser, wrongCode(app, authenticator));
  expect(computed).not.toHaveBeenCalled();
  expectWait(opened, 30);
  expect(opened.body).toEqual(refused.body);
  expect(Object.keys(opened.headers).sort()).toEqual(Object.keys(refused.headers).sort());
  expect(opened.headers['content-length']).toBe(refused.headers['content-length']);
  expect(await app.rawState('waiting')).toBe(state);
  expectRefusal(await browser.get('/private'), 401, 'MFA_REQUIRED');

  // It was not used up either.
  app.clock.move(30_000);
  expect((await verify(browser, right)).status).toBe(200);
  expect(computed).toHaveBeenCalled();
});

test('BF-11 a replayed code during a wait is answered like a wrong one', async () => {
  const authenticator = await importUser(app, 'replaying');
  app.clock.nextStep();
  const used = codeAt(app, authenticator);
  expect((await verify(await app.pending('replaying'), used)).status).toBe(200);
  const browser = await app.pending('replaying');
  await guess(browser, wrongCode(app, authenticator), 5);
  const [replayed, wrong] = [
    await verify(browser, used),
    await verify(browser, wrongCode(app, authenticator)),
  ];
  expectWait(replayed, 30);
  expect(replayed.body).toEqual(wrong.body);
});
