import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser, wrongCode } from '../app/imported-user.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

/** What a later release may have written, and this one knows nothing of. */
const passkey = {
  id: 'later',
  kind: 'passkey',
  name: 'Key',
  addedAt: 1,
  publicKey: 'k',
  flags: { backedUp: true },
};
const later = { browsers: [{ id: 'b', hash: 'h' }], note: null };

async function withLater(user: string) {
  const authenticator = await app.enrol(user);
  const state = await app.state(user);
  const [phone] = state.authenticators;
  const authenticators = [{ ...phone, algorithm: 'SHA256' }, passkey];
  await app.writeRawState(user, `later\n${JSON.stringify({ ...state, ...later, authenticators })}`);
  return authenticator;
}

type Enrolled = Awaited<ReturnType<typeof withLater>>;
const flows: Record<string, (user: string, enrolled: Enrolled) => Promise<unknown>> = {
  'a right code': (user, enrolled) => app.mfa.service.verify(user, { code: codeAt(app, enrolled, 1) }),
  'a wrong code': (user, enrolled) => app.mfa.service.verify(user, { code: wrongCode(app, enrolled) }),
  'a backup code': (user, { backupCodes: [code = ''] }) => app.mfa.service.verify(user, { code }),
  'new backup codes': (user) => app.mfa.service.regenerateBackupCodes(user),
  'an end of all sessions': (user) => app.mfa.service.endSessions(user),
  'an unlock': (user) => app.mfa.service.unlock(user),
  'a log-in in both steps': (user, enrolled) => app.full(user, enrolled),
};

test.each(Object.keys(flows))('%s leaves what a later release has written as it is', async (name) => {
  const enrolled = await withLater(name);
  const before = await app.rawState(name);
  await flows[name]?.(name, enrolled);
  expect(await app.rawState(name)).not.toBe(before);
  const { authenticators, ...rest } = await app.state(name);
  expect(rest).toMatchObject(later);
  expect(authenticators).toEqual([expect.objectContaining({ kind: 'totp', algorithm: 'SHA256' }), passkey]);
});

test('who has nothing but what a later release can check is enrolled, and is let in by none of it', async () => {
  await withLater('later only');
  const state = await app.state('later only');
  const only = { ...state, authenticators: [passkey], backupCodes: [] };
  await app.writeRawState('later only', `later\n${JSON.stringify(only)}`);
  expect(await app.mfa.service.status('later only')).toMatchObject({ enrolled: true, methods: [] });
  const browser = await app.pending('later only');
  expect((await browser.get('/lenient')).status).toBe(401);
  const enrolment = await app.mfa.service.startEnrollment('later only');
  expect(enrolment).toEqual({ ok: false, errorType: 'CONFLICT' });
});

test('a lost phone is replaced, and the passkey stays', async () => {
  const { backupCodes } = await withLater('lost');
  const browser = await app.pending('lost');
  expect((await browser.post('/mfa/totp/verify', { code: backupCodes[0] })).status).toBe(200);
  const { body } = await browser.post('/mfa/totp/enroll', {});
  const code = codeAt(app, body.data);
  expect((await browser.post('/mfa/totp/verify-enrollment', { code })).status).toBe(200);
  const { authenticators } = await app.state('lost');
  expect(authenticators).toEqual([passkey, expect.objectContaining({ kind: 'totp' })]);
  expect(authenticators[1]).not.toHaveProperty('algorithm');
});

test('importing an authenticator keeps what is there', async () => {
  await importUser(app, 'imported');
  const state = await app.state('imported');
  await app.writeRawState('imported', `later\n${JSON.stringify({ ...state, ...later })}`);
  await app.mfa.service.importBackupCodes('imported', ['abcd-efgh']);
  expect(await app.state('imported')).toMatchObject({ ...later, imported: 'backup_codes' });
});
