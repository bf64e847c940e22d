import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt } from '../app/imported-user.ts';

/** What was begun before a user was deleted ends with that, as it does with a reset: nothing brings the record back. */
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const ways: [string, (user: string) => Promise<unknown>][] = [
  ['deleteUser', (user) => app.mfa.service.deleteUser(user)],
  ['reset', (user) => app.mfa.service.reset(user)],
  ['disable', (user) => app.mfa.service.disable(user)],
];

async function started(user: string) {
  const enrollment = await app.mfa.service.startEnrollment(user);
  if (!enrollment.ok) throw new Error('The enrolment did not start.');
  return { ticket: enrollment.ticket, code: codeAt(app, enrollment) };
}

test.each(ways)(
  'a ticket that was used before %s is not taken again with the same code',
  async (name, end) => {
    const user = `used before ${name}`;
    const input = await started(user);
    expect(await app.mfa.service.finishEnrollment(user, input)).toMatchObject({ ok: true });
    await end(user);
    const state = await app.rawState(user);
    const refused = { ok: false, errorType: 'NO_PENDING_ENROLLMENT' };
    expect(await app.mfa.service.finishEnrollment(user, input)).toEqual(refused);
    // Nor once somebody has begun to set up anew.
    const anew = await started(user);
    expect(await app.mfa.service.finishEnrollment(user, input)).toEqual(refused);
    expect((await app.mfa.service.status(user)).enrolled).toBe(false);
    if (name !== 'deleteUser') expect(await app.rawState(user)).toBe(state);
    expect(await app.mfa.service.finishEnrollment(user, anew)).toMatchObject({ ok: true });
  },
);

test.each(ways.slice(0, 2))(
  "another session's running enrolment is not confirmed after %s, and passes no guard",
  async (name, end) => {
    const user = `running before ${name}`;
    const browser = await app.pending(user);
    const { body } = await browser.post('/mfa/totp/enroll', {});
    await end(user);
    const response = await browser.post('/mfa/totp/verify-enrollment', { code: codeAt(app, body.data) });
    expect([response.status, response.body.error_type]).toEqual([409, 'NO_PENDING_ENROLLMENT']);
    expect((await app.mfa.service.status(user)).enrolled).toBe(false);
    expect((await browser.get('/private')).status).toBe(403);
    expect((await browser.get('/mfa/setup', { Accept: 'text/html' })).text).not.toContain(body.data.secret);
  },
);

test('EN-01 what the store keeps of an enrolment that has begun is that there is a record, and deleteUser removes it', async () => {
  await started('begins');
  const { recordId, ...rest } = await app.state('begins');
  expect(recordId).toMatch(/^[\w-]{22}$/);
  expect(rest).toEqual({
    v: 2,
    epoch: '',
    authenticators: [],
    backupCodes: [],
    budget: { failures: 0, waitUntil: 0 },
    used: [],
  });
  await started('begins');
  expect((await app.state('begins')).recordId).toBe(recordId);
  await app.mfa.service.deleteUser('begins');
  expect(await app.rawState('begins')).toBeNull();
});

test('a confirmed enrolment keeps no name of the record: from then on there is an epoch', async () => {
  const input = await started('confirms');
  await app.mfa.service.finishEnrollment('confirms', input);
  expect(await app.state('confirms')).not.toHaveProperty('recordId');
});
