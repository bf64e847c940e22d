import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectNothingKnown } from '../app/expect-nothing-known.ts';
import { codeAt, importUser, wrongCode } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

const answers = watchAnswers();
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
});
afterEach(answers.check);
afterAll(() => app.close());

const minutes = (count: number) => count * 60_000;
const verify = async (user: string, code: string) =>
  (await app.pending(user)).post('/mfa/totp/verify', { code });
const namesSince = (count: number) => app.events.slice(count).map(({ name }) => name);

describe('the clock goes back after a success', () => {
  test('SF-18 two minutes: spent steps stay spent, a right code is refused uncounted, and it is told why', async () => {
    const authenticator = await importUser(app, 'two minutes');
    app.clock.move(minutes(10));
    const spent = codeAt(app, authenticator);
    expect((await verify('two minutes', spent)).status).toBe(200);
    const state = await app.rawState('two minutes');
    app.clock.move(-minutes(2));
    const events = app.events.length;

    for (const code of [-1, 0, 1].map((step) => codeAt(app, authenticator, step))) {
      const response = await verify('two minutes', code);
      expect(response.status).toBe(401);
      expect(response.body.error_type).toBe('INVALID_CODE');
    }
    expect(await app.rawState('two minutes')).toBe(state);
    expect(namesSince(events)).toEqual(
      Array.from({ length: 3 }, () => ['challenge.failed', 'clock.behind']).flat(),
    );
    expect(app.events.at(-2)).toMatchObject({ reason: 'replayed' });
    expect(app.events.at(-1)).toMatchObject({ userId: 'two minutes', steps: 4 });
    // When it has caught up, the code that was used is still used, and the next one is good.
    app.clock.move(minutes(2));
    expect((await verify('two minutes', spent)).status).toBe(401);
    expect((await verify('two minutes', codeAt(app, authenticator, 1))).status).toBe(200);
  });

  test('SF-18 within the window: no event, for that is what clocks do', async () => {
    const authenticator = await importUser(app, 'a little');
    app.clock.move(minutes(1));
    expect((await verify('a little', codeAt(app, authenticator, 1))).status).toBe(200);
    app.clock.nextStep(-1);
    const events = app.events.length;
    expect((await verify('a little', codeAt(app, authenticator))).status).toBe(401);
    expect(namesSince(events)).toEqual(['challenge.failed']);
    app.clock.nextStep(-1);
    expect((await verify('a little', codeAt(app, authenticator))).status).toBe(401);
    expect(namesSince(events)).toEqual(['challenge.failed', 'challenge.failed', 'clock.behind']);
    app.clock.nextStep(3);
  });

  test('SF-18 a year: `unlock` makes the present the last step, and the next code is good', async () => {
    const authenticator = await importUser(app, 'a year');
    app.clock.move(minutes(1));
    expect((await verify('a year', codeAt(app, authenticator))).status).toBe(200);
    app.clock.move(-365 * minutes(60 * 24));
    expect((await verify('a year', codeAt(app, authenticator))).status).toBe(401);
    await app.mfa.service.unlock('a year');
    // The present step may have been used before the clock went wrong.
    expect((await verify('a year', codeAt(app, authenticator))).status).toBe(401);
    expect((await verify('a year', codeAt(app, authenticator, 1))).status).toBe(200);
    app.clock.move(365 * minutes(60 * 24));
  });

  test('SF-18 a pending login, a second step and an enrolment of the future have ended', async () => {
    const authenticator = await importUser(app, 'future');
    app.clock.move(minutes(5));
    const full = app.browser();
    await full.post('/login', { user: 'future', password: 'password of future' });
    expect((await full.post('/mfa/totp/verify', { code: codeAt(app, authenticator) })).status).toBe(200);
    const pending = await app.pending('future');
    const enrolling = await app.pending('enrols in the future');
    const started = await enrolling.post('/mfa/totp/enroll', {});
    const state = await app.rawState('future');

    app.clock.move(-minutes(1));
    expect((await full.get('/private')).status).toBe(200);
    expect((await pending.get('/private')).body.error_type).toBe('MFA_REQUIRED');
    app.clock.move(-1);
    expect((await full.get('/private')).body.error_type).toBe('MFA_REQUIRED');
    expect((await pending.get('/private')).body.error_type).toBe('UNAUTHENTICATED');
    const response = await pending.post('/mfa/totp/verify', { code: wrongCode(app, authenticator) });
    expect(response.body.error_type).toBe('NO_PENDING_LOGIN');
    const confirmed = await enrolling.post('/mfa/totp/verify-enrollment', {
      code: codeAt(app, started.body.data),
    });
    expect(confirmed.body.error_type).toBe('NO_PENDING_ENROLLMENT');
    expect(await app.rawState('future')).toBe(state);
    await expectNothingKnown(app, 'enrols in the future');
    app.clock.move(minutes(1) + 1);
  });

  test('SF-18 a wait is never longer than an hour from now', async () => {
    const authenticator = await importUser(app, 'waits');
    app.clock.move(minutes(1));
    for (let i = 0; i < 5; i++) {
      expect((await verify('waits', wrongCode(app, authenticator))).status).toBe(401);
    }
    app.clock.move(-minutes(60 * 24 * 30));
    const response = await verify('waits', codeAt(app, authenticator));
    expect(response.status).toBe(429);
    expect(response.body.data.retry_after).toBe(3_600);
    expect(response.headers['retry-after']).toBe('3600');
    app.clock.move(minutes(60 * 24 * 30));
  });
});

test("SF-18 the clock jumps ahead by a day: nothing is open, and today's code is good", async () => {
  const authenticator = await importUser(app, 'jumps');
  app.clock.move(minutes(1));
  const pending = await app.pending('jumps');
  const old = codeAt(app, authenticator);
  app.clock.move(minutes(60 * 24));
  expect((await pending.post('/mfa/totp/verify', { code: codeAt(app, authenticator) })).body.error_type).toBe(
    'NO_PENDING_LOGIN',
  );
  expect((await verify('jumps', old)).body.error_type).toBe('INVALID_CODE');
  expect((await verify('jumps', codeAt(app, authenticator))).status).toBe(200);
});
