import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import bcrypt from 'bcrypt';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { holdNext } from '../app/hold-store.ts';
import { importUser } from '../app/imported-user.ts';
import { ownTime } from '../app/own-time.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterEach(() => void jest.restoreAllMocks());
afterAll(() => app.close());

/** Asks for new backup codes in three tabs at once: one set is made after the other. */
async function threeTabs(user: string) {
  const browser = await app.full(user, await importUser(app, user));
  const password = `password of ${user}`;
  const tabs = [browser.copy(), browser.copy(), browser.copy()];
  return () => Promise.all(tabs.map((tab) => tab.post('/mfa/totp/regenerate-backup-codes', { password })));
}

test('a write that never ends: whoever waits for it is answered with it, and hashes nothing', async () => {
  const send = await threeTabs('waits');
  const before = await app.rawState('waits');
  const hash = jest.spyOn(bcrypt, 'hash');
  const held = holdNext(app.store, 'put');
  const began = ownTime();
  const responses = await send();
  expect(ownTime() - began).toBeLessThan(2_500);
  expect(responses.map(({ status }) => status)).toEqual([503, 503, 503]);
  expect(hash).toHaveBeenCalledTimes(10);
  expect(await app.rawState('waits')).toBe(before);
  held.release();
});

test('a write that fails: the next one in line makes its set, and one is told', async () => {
  const send = await threeTabs('goes on');
  jest.spyOn(app.store, 'put').mockRejectedValueOnce(new Error('planted'));
  const responses = await send();
  expect(responses.map(({ status }) => status).sort()).toEqual([200, 429, 503]);
  const told = responses.find(({ status }) => status === 200)?.body.data.backup_codes;
  for (const code of told)
    expect(await app.mfa.service.verify('goes on', { code })).toMatchObject({ ok: true });
});
