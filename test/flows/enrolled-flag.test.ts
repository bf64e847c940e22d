import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser } from '../app/imported-user.ts';

/** What a store is told of who has a second step, with every write: hosts ask their database for it. */
let app: TestApp;
const written: boolean[] = [];
beforeAll(async () => {
  app = await createTestApp();
  const put = app.store.put.bind(app.store);
  jest.spyOn(app.store, 'put').mockImplementation((userId, next, expected) => {
    written.push(next.enrolled);
    return put(userId, next, expected);
  });
});
beforeEach(() => void written.splice(0));
afterAll(() => app.close());

test('who is enrolled is so with each write, until it is turned off', async () => {
  const { service } = app.mfa;
  const authenticator = await importUser(app, 'A');
  await service.verify('A', { code: codeAt(app, authenticator, 1) });
  await service.endSessions('A');
  expect(written.splice(0)).toEqual([true, true, true]);
  await service.disable('A');
  await service.endSessions('A');
  expect(written).toEqual([false, false]);
});

test('who has only backup codes left is enrolled, too', async () => {
  const { backupCodes } = await app.enrol('B');
  const state = await app.state('B');
  await app.writeRawState('B', `version\n${JSON.stringify({ ...state, authenticators: [] })}`);
  written.splice(0);
  await app.mfa.service.verify('B', { code: backupCodes[0] ?? '' });
  expect(written).toEqual([true]);
});

test('who is not enrolled, or was reset, is not', async () => {
  await app.mfa.service.endSessions('N');
  await importUser(app, 'R');
  await app.mfa.service.reset('R');
  expect(written).toEqual([false, true, false]);
});
