import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MfaEvent, MfaService, UserId } from 'express-mfa';
import { createTestApp, type TestApp } from './app/create-test-app.ts';
import { expectNothingKnown } from './app/expect-nothing-known.ts';
import { codeAt, importUser, wrongCode } from './app/imported-user.ts';

let app: TestApp;
let service: MfaService;
beforeAll(async () => {
  app = await createTestApp();
  ({ service } = app.mfa);
});
afterAll(() => app.close());

/** What is emitted about a user while `run` goes on, without what every event carries. */
async function eventsOf(user: UserId, run: () => Promise<unknown>): Promise<object[]> {
  const before = app.events.length;
  await run();
  return app.events.slice(before).map((event: MfaEvent) => {
    const { userId, at, ...rest } = event;
    expect([userId, at]).toEqual([user, app.clock.now()]);
    return rest;
  });
}
const refused = (errorType: string) => ({ ok: false, errorType });

test('enrol, verify, spend codes, regenerate, disable; each with its events', async () => {
  expect(await service.status('A')).toEqual({
    enrolled: false,
    totpEnabled: false,
    totpLocked: false,
    methods: [],
    backupCodesRemaining: 0,
    backupCodesImported: false,
    backupCodesLow: false,
    epoch: '',
  });

  const started = await service.startEnrollment('A');
  if (!started.ok) throw new Error('The enrolment did not start.');
  expect(started.expiresAt).toBe(app.clock.now() + 600_000);
  expect(await service.finishEnrollment('A', { ticket: started.ticket, code: '12345' })).toEqual(
    refused('VALIDATION_ERROR'),
  );
  const wrong = wrongCode(app, { ...started, code: () => '' });
  expect(await service.finishEnrollment('A', { ticket: started.ticket, code: wrong })).toEqual(
    refused('INVALID_CODE'),
  );
  expect((await service.status('A')).enrolled).toBe(false);
  const confirm = () => service.finishEnrollment('A', { ticket: started.ticket, code: codeAt(app, started) });
  expect(await eventsOf('A', confirm)).toEqual([{ name: 'enrollment.confirmed' }]);
  expect(await confirm()).toEqual(refused('NO_PENDING_ENROLLMENT'));
  expect(await service.startEnrollment('A')).toEqual(refused('CONFLICT'));
  const { epoch, ...status } = await service.status('A');
  expect(epoch).toMatch(/^[\w-]{22}$/);
  expect(status).toEqual({
    enrolled: true,
    totpEnabled: true,
    totpLocked: false,
    methods: ['totp', 'backup_code'],
    backupCodesRemaining: 10,
    backupCodesImported: false,
    backupCodesLow: false,
  });

  const spend = (code = '') => service.verify('A', { code });
  for (let left = 9; left > 2; left--) await spend(started.backupCodes[left]);
  expect(await eventsOf('A', () => spend(started.backupCodes[2]))).toEqual([
    { name: 'challenge.succeeded', method: 'backup_code' },
    { name: 'backup_code.used', remaining: 2 },
    { name: 'backup_codes.low', remaining: 2 },
  ]);
  expect((await service.status('A')).backupCodesLow).toBe(true);
  expect(await spend(wrong)).toEqual(refused('INVALID_CODE'));
  expect(await service.verify('A', { code: codeAt(app, started, 1) })).toEqual({
    ok: true,
    method: 'totp',
    epoch,
    backupCodesRemaining: 2,
    failedAttempts: 1,
  });

  app.clock.nextStep(2);
  expect(await service.regenerateBackupCodes('A', { code: wrong })).toEqual(refused('INVALID_CODE'));
  const regenerate = () => service.regenerateBackupCodes('A');
  expect(await eventsOf('A', regenerate)).toEqual([{ name: 'backup_codes.regenerated' }]);
  expect(await regenerate()).toEqual({ ...refused('TOO_MANY_ATTEMPTS'), retryAfter: 60 });
  expect(await spend(started.backupCodes[0])).toEqual(refused('INVALID_CODE'));
  expect(await service.status('A')).toMatchObject({ epoch, backupCodesRemaining: 10 });

  expect(await service.disable('A', { code: wrong })).toEqual(refused('INVALID_CODE'));
  const disable = () => service.disable('A', { code: codeAt(app, started) });
  expect(await eventsOf('A', disable)).toEqual([
    { name: 'challenge.succeeded', method: 'totp' },
    { name: 'mfa.disabled' },
  ]);
  for (const again of [disable, regenerate]) expect(await again()).toEqual(refused('NOT_ENROLLED'));
  expect((await service.status('A')).epoch).not.toBe(epoch);
});

test('startEnrollment tells that it started, and stores nothing', async () => {
  expect(await eventsOf('N', () => service.startEnrollment('N'))).toEqual([{ name: 'enrollment.started' }]);
  await expectNothingKnown(app, 'N');
});

test('a ticket is one user’s, for ten minutes, and for the account of its time', async () => {
  const started = await service.startEnrollment('T');
  if (!started.ok) throw new Error('The enrolment did not start.');
  const { ticket } = started;
  const finish = (user: string, sealed = ticket) =>
    service.finishEnrollment(user, { ticket: sealed, code: codeAt(app, started) });
  for (const [user, sealed] of [
    ['U', ticket],
    ['T', ticket.slice(0, -2)],
    ['T', 'v1'],
    ['T', ''],
  ] as const) {
    await expect(finish(user, sealed)).rejects.toMatchObject({ name: 'MfaError', code: 'secret_unreadable' });
  }
  await service.endSessions('T');
  expect(await finish('T')).toEqual(refused('NO_PENDING_ENROLLMENT'));
  const fresh = await service.startEnrollment('T');
  if (!fresh.ok) throw new Error('The enrolment did not start.');
  app.clock.move(600_000);
  expect(await finish('T', fresh.ticket)).toEqual(refused('NO_PENDING_ENROLLMENT'));
  expect(await service.status('T')).toMatchObject({ enrolled: false });
});

test('verify refuses as a value, and counts', async () => {
  const authenticator = await importUser(app, 'V');
  for (const code of [123456, null, undefined, ['123456'], '', '12345']) {
    expect(await service.verify('V', { code: code as string })).toEqual(refused('VALIDATION_ERROR'));
  }
  expect((await app.state('V')).budget.failures).toBe(0);
  const guess = () => service.verify('V', { code: wrongCode(app, authenticator) });
  for (let failure = 0; failure < 5; failure++) expect(await guess()).toEqual(refused('INVALID_CODE'));
  expect(await guess()).toEqual({ ...refused('TOO_MANY_ATTEMPTS'), retryAfter: 30 });
  expect(await service.verify('nobody', { code: '123456' })).toEqual(refused('INVALID_CODE'));
});

test('unlock ends a wait, keeps the epoch, and brings back no code that was used', async () => {
  const authenticator = await importUser(app, 'L');
  const used = authenticator.code();
  await service.verify('L', { code: used });
  for (let failure = 0; failure < 5; failure++)
    await service.verify('L', { code: wrongCode(app, authenticator) });
  const { epoch } = await app.state('L');
  await service.unlock('L');
  expect(await app.state('L')).toMatchObject({ epoch, budget: { failures: 0, waitUntil: 0 } });
  expect(await service.verify('L', { code: codeAt(app, authenticator) })).toEqual(refused('INVALID_CODE'));
});

test('reset removes every factor and deleteUser the record; both may be repeated', async () => {
  const authenticator = await importUser(app, 'R');
  const { epoch } = await app.state('R');
  expect(await eventsOf('R', () => service.reset('R'))).toEqual([
    { name: 'mfa.reset' },
    { name: 'sessions.ended', reason: 'reset' },
  ]);
  const after = await app.state('R');
  expect(after).toMatchObject({ backupCodes: [], budget: { failures: 0 } });
  expect([after.authenticators, after.epoch === epoch, after.epoch === '']).toEqual([[], false, false]);
  expect(await service.verify('R', { code: codeAt(app, authenticator, 1) })).toEqual(refused('INVALID_CODE'));
  await service.reset('R');
  for (let time = 0; time < 2; time++) {
    expect(await eventsOf('R', () => service.deleteUser('R'))).toEqual([
      { name: 'sessions.ended', reason: 'deleted' },
    ]);
    expect(await app.rawState('R')).toBeNull();
  }
});
