import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { editAccount } from '../app/edit-account.ts';
import { codeAt, importUser } from '../app/imported-user.ts';

/** An account of which nobody knows any more which codes were used. */
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterEach(() => expect(app.errors).toEqual([]));
afterAll(() => app.close());

const lost: readonly [string, (totp: Record<string, unknown>) => unknown][] = [
  ['missing', (totp) => delete totp.lastStep],
  ['null', (totp) => Object.assign(totp, { lastStep: null })],
  ['a text', (totp) => Object.assign(totp, { lastStep: '58000000' })],
  ['no whole number', (totp) => Object.assign(totp, { lastStep: 0.5 })],
];

async function userWhoseStepIs(user: string, lose: (totp: Record<string, unknown>) => unknown) {
  const authenticator = await importUser(app, user);
  await editAccount(app, user, ({ authenticators }) => void lose(authenticators[0]));
  return { authenticator, verify: (code: string) => app.mfa.service.verify(user, { code }) };
}

test.each(lost)(
  'with a last step that is %s no code opens it, however often it is sent',
  async (name, lose) => {
    const { authenticator, verify } = await userWhoseStepIs(`once ${name}`, lose);
    const state = await app.rawState(`once ${name}`);
    for (const steps of [0, 1, 1]) {
      await expect(verify(codeAt(app, authenticator, steps))).rejects.toMatchObject({
        code: 'secret_unreadable',
      });
    }
    expect(await app.rawState(`once ${name}`)).toBe(state);
  },
);

test.each(lost)(
  'an unlock of one that is %s refuses everything up to now, and takes what follows',
  async (name, lose) => {
    const { authenticator, verify } = await userWhoseStepIs(`unlocked ${name}`, lose);
    await app.mfa.service.unlock(`unlocked ${name}`);
    const refused = { ok: false, errorType: 'INVALID_CODE' };
    expect(await verify(codeAt(app, authenticator, -1))).toEqual(refused);
    expect(await verify(codeAt(app, authenticator, 0))).toEqual(refused);
    const next = codeAt(app, authenticator, 1);
    expect(await verify(next)).toMatchObject({ ok: true, method: 'totp' });
    expect(await verify(next)).toEqual(refused);
  },
);
