import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../app/create-test-app.ts';
import {
  createDamagedSessions,
  type Damage,
  type DamagedSessions,
  each,
  here,
  statusOf,
} from '../app/damaged-sessions.ts';
import { asksMember, endsSession, everyRequest, needsNoSession, usesSession } from '../app/every-request.ts';
import { codeAt } from '../app/imported-user.ts';

let sessions: DamagedSessions;
let app: TestApp;
beforeAll(async () => {
  sessions = await createDamagedSessions();
  app = sessions.app;
});
beforeEach(() => app.writeRawState('A', sessions.state));
afterAll(() => app.close());

const asItWas: Damage = () => undefined;
function inCookie(key: string): Damage {
  return (session) => Object.assign(session.cookie as object, { [key]: here });
}
/** An object that is no text and no number, whoever asks. */
const inconvertible = '{"toString":1,"valueOf":1}';

describe.each(['pending', 'full'] as const)('a stored session (%s) whose cookie is damaged', (who) => {
  test.each(['"garbage"', '7', '{"a":1}', inconvertible, '[1]', 'true', 'null', '1e400', '"9999999-01-01"'])(
    'is used where `expires` is %s',
    async (raw) => {
      const expected = await sessions.statuses(everyRequest, who, asItWas);
      expect(await sessions.statuses(everyRequest, who, inCookie('expires'), raw)).toEqual(expected);
    },
  );

  test.each(['-5', '0', 'null', '9e15'])('is used where `originalMaxAge` is %s', async (raw) => {
    const expected = await sessions.statuses(everyRequest, who, asItWas);
    expect(await sessions.statuses(everyRequest, who, inCookie('originalMaxAge'), raw)).toEqual(expected);
  });

  test.each(['"garbage"', '"3600000"', '{"a":1}', inconvertible, '[1]', 'true', '1e400'])(
    'is refused, but can be ended, where `originalMaxAge` is %s',
    async (raw) => {
      const damage = inCookie('originalMaxAge');
      const reached = app.reached();
      expect(await sessions.statuses(usesSession, who, damage, raw)).toEqual(each(usesSession, 503));
      expect(app.reached()).toBe(reached);
      expect(await sessions.statuses(needsNoSession, who, damage, raw)).toEqual(
        await sessions.statuses(needsNoSession, who, asItWas),
      );
      expect(await sessions.statuses(asksMember, who, damage, raw)).toEqual(each(asksMember, 200));
      expect(await app.rawState('A')).toBe(sessions.state);
      expect(await sessions.statuses(endsSession, who, damage, raw)).toEqual(each(endsSession, 200));
    },
  );

  test.each([
    ['path', '";x"'],
    ['path', '5'],
    ['domain', '{}'],
    ['sameSite', '"odd"'],
  ])('is ended by a log-out where `%s` is %s', async (key, raw) => {
    const browser = await sessions.browserWith(who, inCookie(key), raw);
    expect((await browser.post('/log-out', {})).status).toBe(200);
    expect(await app.sessionOf(browser)).toBeUndefined();
  });

  test.each<[string, Damage, string]>([
    ['is missing', (session) => Reflect.deleteProperty(session, 'cookie'), ''],
    ['is a text', (session) => Object.assign(session, { cookie: 'text' }), ''],
    ['is a number', (session) => Object.assign(session, { cookie: 5 }), ''],
    ['has a text as `maxAge`', inCookie('maxAge'), '"x"'],
  ])('never reaches us where the cookie %s', async (_name, damage, raw) => {
    const before = sessions.read();
    expect(await sessions.statuses(everyRequest, who, damage, raw)).toEqual(each(everyRequest, 500));
    expect(sessions.read()).toBe(before);
  });
});

describe('what a damaged cookie says to a host', () => {
  test('`check` and `finishLogin` deny, and tell the host why', async () => {
    app.clock.move(60_000);
    app.errors.splice(0);
    const damaged = () => sessions.browserWith('full', inCookie('originalMaxAge'), '"x"');
    expect((await (await damaged()).get('/check')).body).toEqual({ ok: false, alone: true });
    const finished = await (await damaged()).post('/finish', { code: codeAt(app, sessions.authenticator) });
    expect(finished.body).toEqual({ ok: false, status: 503, errorType: 'UNAVAILABLE' });
    expect(await app.rawState('A')).toBe(sessions.state);
    expect(app.errors.splice(0)).toEqual([
      expect.objectContaining({
        code: 'session_failed',
        cause: new TypeError('`cookie.originalMaxAge` of the stored session is no number.'),
      }),
    ]);
  });
});

describe('a step-up in a session whose `expires` is damaged', () => {
  test.each(['"garbage"', '{"a":1}', inconvertible, '"9999999-01-01"'])(
    'succeeds, and it lives on: %s',
    async (raw) => {
      const browser = await sessions.browserWith('full', inCookie('expires'), raw);
      const code = codeAt(app, sessions.authenticator);
      expect(await statusOf(browser.post('/mfa/totp/verify', { code }))).toBe(200);
      expect((await app.sessionOf(browser)).cookie.expires).toBeNull();
      expect((await browser.get('/sensitive')).status).toBe(200);
    },
  );

  test('so does an enrolment', async () => {
    const fresh = await app.pending('N');
    const session = await app.sessionOf(fresh);
    session.cookie.expires = JSON.parse(inconvertible);
    await app.redis.set(`${app.prefix}sess:${fresh.sessionId}`, JSON.stringify(session));
    expect(await statusOf(fresh.post('/mfa/totp/enroll', {}))).toBe(201);
    expect((await app.sessionOf(fresh)).mfa).toHaveProperty('enrollment');
  });
});
