import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createClock } from '../app/clock.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectNothingKnown } from '../app/expect-nothing-known.ts';
import { codeAt, importUser, wrongCode } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

const answers = watchAnswers();
const newKey = () => randomBytes(32).toString('base64');
const [k1, k2, k3] = [newKey(), newKey(), newKey()];
const prefix = `test:${randomBytes(6).toString('hex')}:`;
const clock = createClock();
/** One app before, during and after the rotation: the same accounts and sessions. */
let before: TestApp;
let during: TestApp;
let afterwards: TestApp;
const withKeys = (keys: string[]) => createTestApp({ before: answers.watch, prefix, clock, mfa: { keys } });

beforeAll(async () => {
  [before, during, afterwards] = await Promise.all([withKeys([k1]), withKeys([k2, k1]), withKeys([k2])]);
});
afterEach(answers.check);
afterAll(() => Promise.all([before.close(), during.close(), afterwards.close()]));

const kidOf = ({ authenticators }: { authenticators: { secret: string }[] }) =>
  authenticators[0]?.secret.split('.')[1];

async function logIn(app: TestApp, user: string, code: string | undefined) {
  const browser = await app.pending(user);
  return { browser, response: await browser.post('/mfa/totp/verify', { code }) };
}

describe('an authenticator that was enrolled under the old key', () => {
  test('SF-13 works with both keys, is resealed by its next write, and then needs the new one only', async () => {
    const authenticator = await importUser(before, 'seen');
    const sealed = await before.state('seen');
    const first = await logIn(during, 'seen', authenticator.code());
    expect(first.response.status).toBe(200);
    const resealed = await during.state('seen');
    expect(kidOf(resealed)).not.toBe(kidOf(sealed));
    expect(resealed.epoch).toBe(sealed.epoch);

    clock.nextStep(2);
    const { browser, response } = await logIn(afterwards, 'seen', authenticator.code());
    expect(response.status).toBe(200);
    expect((await browser.get('/private')).status).toBe(200);
    // And the old key alone opens nothing any more.
    clock.nextStep(2);
    const state = await before.rawState('seen');
    expect((await logIn(before, 'seen', authenticator.code())).response.status).toBe(503);
    expect(answers.takeFaults()).toEqual(['POST /mfa/totp/verify: 503']);
    expect(await before.rawState('seen')).toBe(state);
  });

  test('SF-13 that nobody saw in between is a fault with an event, not a wrong code, and nothing is counted', async () => {
    const authenticator = await importUser(before, 'unseen');
    const state = await before.rawState('unseen');
    const events = afterwards.events.length;
    for (const code of [authenticator.code(), wrongCode(before, authenticator)]) {
      const { response, browser } = await logIn(afterwards, 'unseen', code);
      expect(response.status).toBe(503);
      expect(response.body.error_type).toBe('UNAVAILABLE');
      expect((await browser.get('/private')).status).toBe(401);
    }
    expect(answers.takeFaults()).toHaveLength(2);
    expect(await before.rawState('unseen')).toBe(state);
    const unreadable = expect.objectContaining({
      name: 'secret.unreadable',
      userId: 'unseen',
      what: 'secret',
      intended: 'complete login',
    });
    expect(afterwards.events.slice(events)).toEqual([unreadable, unreadable]);
    // With the key back in the list nothing is lost.
    clock.nextStep(2);
    expect((await logIn(during, 'unseen', authenticator.code())).response.status).toBe(200);
  });

  test('SF-13 is resealed by a failure too, which is a write like any other', async () => {
    const authenticator = await importUser(before, 'fails');
    const sealed = kidOf(await before.state('fails'));
    expect((await logIn(during, 'fails', wrongCode(during, authenticator))).response.status).toBe(401);
    const state = await during.state('fails');
    expect(state.budget.failures).toBe(1);
    expect(kidOf(state)).not.toBe(sealed);
    expect((await logIn(afterwards, 'fails', authenticator.code())).response.status).toBe(200);
  });

  test('SF-14 no other key is tried: a third one neither opens nor replaces it', async () => {
    const stranger = await withKeys([k3, k2]);
    const authenticator = await importUser(before, 'foreign');
    const state = await before.rawState('foreign');
    expect((await logIn(stranger, 'foreign', authenticator.code())).response.status).toBe(503);
    expect(answers.takeFaults()).toEqual(['POST /mfa/totp/verify: 503']);
    expect(await before.rawState('foreign')).toBe(state);
    expect(stranger.events.map(({ name }) => name)).toEqual(['secret.unreadable']);
    await stranger.close();
  });

  test('SF-14 an admin can still reset what no key opens', async () => {
    await importUser(before, 'is reset');
    await afterwards.mfa.service.reset('is reset');
    expect(await before.state('is reset')).toHaveProperty('authenticators', []);
    const authenticator = await importUser(afterwards, 'is reset');
    expect((await logIn(afterwards, 'is reset', authenticator.code())).response.status).toBe(200);
  });
});

describe('an enrolment that was begun under the old key', () => {
  test('SF-13 can be completed while that key is listed, and is a fault when it is not', async () => {
    const browser = await before.pending('begins');
    const started = await browser.post('/mfa/totp/enroll', {});
    const cookie = browser.cookie;
    const code = codeAt(before, started.body.data);
    const late = afterwards.browser();
    late.cookie = cookie;
    expect((await late.post('/mfa/totp/verify-enrollment', { code })).status).toBe(503);
    expect(answers.takeFaults()).toEqual(['POST /mfa/totp/verify-enrollment: 503']);
    await expectNothingKnown(before, 'begins');

    const timely = during.browser();
    timely.cookie = cookie;
    expect((await timely.post('/mfa/totp/verify-enrollment', { code })).status).toBe(200);
    const afresh = await logIn(afterwards, 'begins', codeAt(afterwards, started.body.data, 1));
    expect(afresh.response.status).toBe(200);
  });
});

describe('backup codes that were made under the old key', () => {
  test('SF-15 work while that key is listed; after that they neither count nor are guessed at', async () => {
    const { backupCodes } = await before.enrol('has codes');
    const { response } = await logIn(during, 'has codes', backupCodes[0]);
    expect(response.status).toBe(200);
    expect(response.body.data.backup_codes_remaining).toBe(9);
    // That write has resealed the secret, but a hash cannot be made anew.
    const state = await during.state('has codes');
    expect(new Set(state.backupCodes.map(([kid]: [string]) => kid))).not.toContain(kidOf(state));

    const events = afterwards.events.length;
    const { browser, response: late } = await logIn(afterwards, 'has codes', backupCodes[1]);
    expect(late.status).toBe(503);
    expect(answers.takeFaults()).toEqual(['POST /mfa/totp/verify: 503']);
    expect(afterwards.events.slice(events).map(({ name }) => name)).toEqual(['secret.unreadable']);
    expect(await during.state('has codes')).toEqual(state);
    expect((await browser.get('/private')).status).toBe(401);
    // With the key back in the list it works.
    expect((await logIn(during, 'has codes', backupCodes[1])).response.status).toBe(200);
  });

  test('SF-15 do not stop the authenticator, and new ones replace them', async () => {
    const authenticator = await before.enrol('regenerates');
    expect((await logIn(during, 'regenerates', authenticator.backupCodes[0])).response.status).toBe(200);
    const { browser, response } = await logIn(afterwards, 'regenerates', authenticator.code());
    expect(response.status).toBe(200);
    expect(response.body.data.backup_codes_remaining).toBe(0);
    const status = await browser.get('/mfa/totp/status');
    expect(status.body.data).toMatchObject({ backup_codes_remaining: 0, backup_codes_low: true });
    const made = await browser.post('/mfa/totp/regenerate-backup-codes', {
      password: 'password of regenerates',
    });
    expect(made.status).toBe(200);
    const used = await logIn(afterwards, 'regenerates', made.body.data.backup_codes[0]);
    expect(used.response.status).toBe(200);
    expect((await logIn(afterwards, 'regenerates', authenticator.backupCodes[1])).response.status).toBe(401);
  });
});
