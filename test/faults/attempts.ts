import { expect } from '@jest/globals';
import type { Response } from 'supertest';
import type { TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import type { Stage } from './stage.ts';

/** Requests for one user that a fault comes upon, and what must hold when all is well again. */
export interface Attempt {
  readonly send: () => Promise<Response[]>;
  /** Old state or new, never half. Gives how many writes are missing of those that were answered with success. */
  readonly check: (responses: readonly Response[]) => Promise<number>;
}

type Prepare = (stage: Pick<Stage, 'app' | 'records'>, user: string) => Promise<Attempt>;

/** Two browsers send the same code of an authenticator. */
const verify: Prepare = async (stage, user) => {
  const code = codeAt(stage.app, await importUser(stage.app, user), 1);
  const before = await stage.records.get(user);
  const step = Math.floor(stage.app.clock.now() / 30_000) + 1;
  return sentTwice(stage, { user, code }, async () => {
    const now = await stage.records.get(user);
    if (now?.version === before?.version) return 'old';
    expect(parse(now?.data)).toMatchObject({ authenticators: [{ lastStep: step }], budget: { failures: 0 } });
    return 'new';
  });
};

/** Two browsers send the same backup code. */
const verifyBackupCode: Prepare = async (stage, user) => {
  const { backupCodes } = await stage.app.enrol(user);
  const before = parse((await stage.records.get(user))?.data);
  return sentTwice(stage, { user, code: backupCodes[0] ?? '' }, async () => {
    const now = parse((await stage.records.get(user))?.data);
    expect(now).toMatchObject({ authenticators: before.authenticators, epoch: before.epoch });
    if (now.backupCodes.length === 10) {
      expect(now).toEqual(before);
      return 'old';
    }
    expect(before.backupCodes.filter((code) => !contains(now.backupCodes, code))).toHaveLength(1);
    expect(now.backupCodes).toHaveLength(9);
    return 'new';
  });
};

const confirm: Prepare = async ({ app, records }, user) => {
  const browser = await app.pending(user);
  const { secret, backup_codes: shown } = (await browser.post('/mfa/totp/enroll', {})).body.data;
  const code = codeAt(app, { secret });
  const begun = await records.get(user);
  return {
    send: async () => [await browser.post('/mfa/totp/verify-enrollment', { code })],
    async check([response]) {
      const stored = await records.get(user);
      if (response?.status !== 200) expect((await browser.get('/private')).status).not.toBe(200);
      if (!stored) return 1;
      if (stored.version === begun?.version) return response?.status === 200 ? 1 : 0;
      const state = parse(stored.data);
      expect(state.authenticators).toHaveLength(1);
      expect(state.backupCodes).toHaveLength(10);
      expect(await tryCode(app, user, shown[0])).toBe(200);
      return 0;
    },
  };
};

const regenerate: Prepare = async ({ app, records }, user) => {
  const authenticator = await app.enrol(user);
  const browser = await app.full(user, authenticator);
  const before = parse((await records.get(user))?.data);
  const password = `password of ${user}`;
  return {
    send: async () => [await browser.post('/mfa/totp/regenerate-backup-codes', { password })],
    async check([response]) {
      const now = parse((await records.get(user))?.data);
      expect(now.authenticators).toEqual(before.authenticators);
      expect(now.backupCodes).toHaveLength(10);
      const kept = before.backupCodes.filter((code) => contains(now.backupCodes, code)).length;
      expect([0, 10]).toContain(kept);
      expect(await tryCode(app, user, authenticator.backupCodes[0])).toBe(kept === 10 ? 200 : 401);
      if (response?.status !== 200) return 0;
      if (kept === 10) return 1;
      expect(await tryCode(app, user, response.body.data.backup_codes[0])).toBe(200);
      return 0;
    },
  };
};

const disable: Prepare = async ({ app, records }, user) => {
  const browser = await app.full(user, await importUser(app, user));
  const before = await records.get(user);
  const password = `password of ${user}`;
  return {
    send: async () => [await browser.delete('/mfa/totp/disable', { password })],
    async check([response]) {
      const now = await records.get(user);
      if (now?.version === before?.version) return response?.status === 200 ? 1 : 0;
      const state = parse(now?.data);
      expect(state).toHaveProperty('authenticators', []);
      expect(state.backupCodes).toEqual([]);
      expect((await browser.get('/private')).status).not.toBe(200);
      return 0;
    },
  };
};

/** One of each flow, and more of those that happen most often. */
export const attempts: readonly Prepare[] = [
  verify,
  verifyBackupCode,
  confirm,
  verify,
  regenerate,
  disable,
  verify,
];

async function sentTwice(
  { app }: Pick<Stage, 'app'>,
  { user, code }: { user: string; code: string },
  stateNow: () => Promise<'old' | 'new'>,
): Promise<Attempt> {
  const browsers = [await app.pending(user), await app.pending(user)];
  return {
    send: () => Promise.all(browsers.map((browser) => browser.post('/mfa/totp/verify', { code }))),
    async check(responses) {
      const state = await stateNow();
      const accepted = responses.filter(({ status }) => status === 200).length;
      expect(accepted).toBeLessThanOrEqual(1);
      // No login but the one that was told.
      const opened = await Promise.all(browsers.map((browser) => browser.get('/private')));
      expect(opened.map(({ status }) => status)).toEqual(
        responses.map(({ status }) => (status === 200 ? 200 : 401)),
      );
      if ((await tryCode(app, user, code)) === 200) {
        expect(state).toBe('old');
        return accepted;
      }
      // Also where it was the old one: a write whose answer nobody waits for any more may come late.
      expect(await stateNow()).toBe('new');
      return 0;
    },
  };
}

async function tryCode(app: TestApp, user: string, code = ''): Promise<number> {
  return (await (await app.pending(user)).post('/mfa/totp/verify', { code })).status;
}

interface Record {
  readonly epoch: string;
  readonly authenticators: readonly object[];
  readonly backupCodes: readonly (readonly string[])[];
}

const parse = (data = 'null'): Record => JSON.parse(data);

const contains = (codes: Record['backupCodes'], code: readonly string[]): boolean =>
  codes.some(([, index]) => index === code[1]);
