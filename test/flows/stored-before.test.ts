import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parseAccount, serialiseAccount } from '../../src/account/account.ts';
import { createKeyRing } from '../../src/crypto/key-ring.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { signedIn } from '../app/page-visitor.ts';

/** What version 0.1.0 has stored under a key of the tests, and what opens it. */
interface Stored {
  readonly key: string;
  readonly keys: Readonly<Record<'kid' | 'sealing' | 'backupCodes' | 'forms', string>>;
  readonly accounts: readonly {
    readonly realm: string;
    readonly userId: string;
    /** In the store. */
    readonly name: string;
    readonly data: string;
    /** Codes of the authenticator, each with a time at which it is right. */
    readonly codes: readonly (readonly [number, string])[];
    readonly backupCodes: readonly string[];
  }[];
  readonly enrollment: {
    readonly userId: string;
    readonly ticket: string;
    readonly startedAt: number;
    readonly code: string;
    readonly backupCodes: readonly string[];
  };
  readonly shownCodes: { readonly userId: string; readonly sealed: string; readonly madeAt: number };
}

/**
 * Never to be written anew: users have such accounts. A release that stores something else gets a file of its own
 * beside this one.
 */
const stored: Stored = JSON.parse(readFileSync(join(__dirname, 'stored-by-0.1.0.json'), 'utf8'));
const { accounts, enrollment, shownCodes } = stored;

let time = 0;
let app: TestApp;
const openApp = async (realm = '') => {
  const clock = { now: () => time, move: () => undefined, nextStep: () => undefined };
  app = await createTestApp({
    clock,
    realBcrypt: true,
    mfa: { keys: [stored.key], ...(realm !== '' && { realm }) },
  });
  return app;
};
afterEach(async () => {
  expect(app.errors).toEqual([]);
  await app.close();
});

describe.each(accounts)('the account $name', ({ realm, userId, name, data, codes, backupCodes }) => {
  test('takes the codes of its authenticator, and all of its backup codes once', async () => {
    const { mfa, writeRawState } = await openApp(realm);
    await writeRawState(name, `version\n${data}`);
    for (const [at, code] of codes) {
      time = at;
      expect(await mfa.service.verify(userId, { code })).toMatchObject({ ok: true, method: 'totp' });
      expect(await mfa.service.verify(userId, { code })).toMatchObject({ ok: false });
    }
    for (const [spent, code] of backupCodes.entries()) {
      const backupCodesRemaining = backupCodes.length - spent - 1;
      const expected = { ok: true, method: 'backup_code', backupCodesRemaining };
      expect(await mfa.service.verify(userId, { code })).toMatchObject(expected);
      expect(await mfa.service.verify(userId, { code })).toMatchObject({ ok: false });
    }
  });

  test('is stored from now on as a record of version 2, with all that it held', async () => {
    await openApp(realm);
    const { totp, usedLogins, ...rest } = JSON.parse(data);
    const { secret, lastStep, enrolledAt: addedAt } = totp;
    const authenticators = [{ id: 'totp', kind: 'totp', addedAt, secret, lastStep }];
    const expected = { ...rest, v: 2, authenticators, used: usedLogins };
    expect(JSON.parse(serialiseAccount(parseAccount(data)))).toEqual(expected);
  });
});

test('a first enrolment that 0.1.0 began is opened, and begun anew: it builds upon no record', async () => {
  const { mfa } = await openApp();
  const { userId, ticket, startedAt, code } = enrollment;
  time = startedAt;
  // Opened, that is: what cannot be opened is a fault.
  const refused = { ok: false, errorType: 'NO_PENDING_ENROLLMENT' };
  expect(await mfa.service.finishEnrollment(userId, { ticket, code })).toEqual(refused);
});

test('backup codes that were made before are shown until they are saved', async () => {
  const { redis, prefix, sessionOf, writeRawState } = await openApp();
  const { userId, sealed, madeAt } = shownCodes;
  const account = accounts.find(({ name }) => name === userId);
  time = madeAt + 599_999;
  const visitor = await signedIn(app, userId);
  const session = await sessionOf(visitor.browser);
  const mfa = { ...session.mfa, shownCodes: { userId, sealed } };
  await redis.set(`${prefix}sess:${visitor.browser.sessionId}`, JSON.stringify({ ...session, mfa }));
  await writeRawState(userId, `version\n${account?.data}`);
  const { text } = await visitor.get('/mfa/backup-codes');
  for (const code of account?.backupCodes ?? ['none']) expect(text).toContain(code);
});

test('everything that is derived from the key is what it was', async () => {
  await openApp();
  const { kid, sealing, backupCodes, forms } = createKeyRing([stored.key]).newest;
  const [sealingHex, backupCodesHex, formsHex] = [sealing, backupCodes, forms].map((key) =>
    key.export().toString('hex'),
  );
  expect({ kid, sealing: sealingHex, backupCodes: backupCodesHex, forms: formsHex }).toEqual(stored.keys);
});
