import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { MfaService, UserId } from 'express-mfa';
import { createTestApp, type TestApp } from './app/create-test-app.ts';

let app: TestApp;
let service: MfaService;
beforeAll(async () => {
  app = await createTestApp();
  ({ service } = app.mfa);
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => app.close());

const calls: [string, (service: MfaService, user: UserId) => Promise<unknown>][] = [
  ['status', (s, user) => s.status(user)],
  ['startEnrollment', (s, user) => s.startEnrollment(user)],
  ['finishEnrollment', (s, user) => s.finishEnrollment(user, { ticket: '', code: '123456' })],
  ['verify', (s, user) => s.verify(user, { code: '123456' })],
  ['regenerateBackupCodes', (s, user) => s.regenerateBackupCodes(user)],
  ['disable', (s, user) => s.disable(user)],
  ['reset', (s, user) => s.reset(user)],
  ['unlock', (s, user) => s.unlock(user)],
  ['endSessions', (s, user) => s.endSessions(user)],
  ['importTotp', (s, user) => s.importTotp(user, 'A'.repeat(32), { encoding: 'base32' })],
  ['deleteUser', (s, user) => s.deleteUser(user)],
];

test.each(calls)(
  '%s rejects with a TypeError for what is no user id, before the store is asked',
  async (_name, call) => {
    const asked = [
      jest.spyOn(app.store, 'get'),
      jest.spyOn(app.store, 'put'),
      jest.spyOn(app.store, 'delete'),
    ];
    for (const user of ['', 1.5, Number.NaN, null, undefined, { $gt: '' }, ['A'], '\ud800']) {
      await expect(call(service, user as UserId)).rejects.toThrow(/^Pass the user id as/);
    }
    for (const spy of asked) expect(spy).not.toHaveBeenCalled();
  },
);

test.each(calls.filter(([name]) => name !== 'finishEnrollment'))(
  '%s rejects with an MfaError, and says so by an event, where the store fails',
  async (name, call) => {
    const intended = name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
    for (const operation of ['get', 'put', 'delete'] as const)
      jest.spyOn(app.store, operation).mockRejectedValue(new Error('down'));
    const before = app.events.length;
    await expect(call(service, 'S')).rejects.toMatchObject({
      name: 'MfaError',
      status: 503,
      code: 'store_unavailable',
    });
    expect(app.events.slice(before)).toEqual([
      expect.objectContaining({ name: 'store.unavailable', userId: 'S', intended }),
    ]);
  },
);
