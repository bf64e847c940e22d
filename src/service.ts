import type { MfaEvents } from './events.ts';
import type { Authority } from './flows/change-factors.ts';
import { type Disabled, disable } from './flows/disable.ts';
import { endSessions } from './flows/end-sessions.ts';
import { type EnrollmentFinished, finishEnrollment } from './flows/finish-enrollment.ts';
import { beginFlow, directCaller, type Flow, type FlowSettings } from './flows/flow.ts';
import { importBackupCodes } from './flows/import-backup-codes.ts';
import { type Imported, importTotp, type SecretEncoding } from './flows/import-totp.ts';
import type { Refusal } from './flows/refusal.ts';
import { type Regenerated, regenerateBackupCodes } from './flows/regenerate-backup-codes.ts';
import { type ResealOptions, type ResealReport, resealAll } from './flows/reseal-all.ts';
import { reset } from './flows/reset.ts';
import { type EnrollmentStarted, startEnrollment } from './flows/start-enrollment.ts';
import { type MfaStatus, status } from './flows/status.ts';
import { unlock } from './flows/unlock.ts';
import { deleteAccount } from './flows/update-account.ts';
import { type Verified, verify } from './flows/verify.ts';
import type { UserId } from './user-id.ts';
import { withoutPrototype } from './without-prototype.ts';

/** Who asks for it: told by the events, and nothing else is made of it. */
export interface By {
  /** The name or id of an admin, say. */
  readonly actor?: string | undefined;
}

/**
 * Every flow without HTTP. An expected refusal is a value with an `errorType`; every method rejects with an
 * `MfaError` where the store, a key or a hook fails or does not answer within two seconds, and with a TypeError for what is
 * no user id. Hashing backup codes comes on top: half a second of processor time a set.
 * Nothing here asks who is calling: that is the host's part.
 */
export interface MfaService {
  /** What happened, for audit logs and mails to users. */
  readonly events: MfaEvents;
  status(userId: UserId): Promise<MfaStatus>;
  /** A secret and backup codes that come into force with `finishEnrollment`, within ten minutes. */
  startEnrollment(userId: UserId): Promise<EnrollmentStarted | Refusal>;
  /** Enrols with the first code of the authenticator. */
  finishEnrollment(
    userId: UserId,
    input: { ticket: string; code: string },
  ): Promise<EnrollmentFinished | Refusal>;
  /** Checks and uses up a TOTP or backup code. */
  verify(userId: UserId, input: { code: string }): Promise<Verified | Refusal>;
  /** Replaces the backup codes, at most once a minute. A `code` that is given is checked and used up. */
  regenerateBackupCodes(userId: UserId, input?: { code?: string } & By): Promise<Regenerated | Refusal>;
  /** Removes every factor. A `code` that is given is checked and used up. */
  disable(userId: UserId, input?: { code?: string } & By): Promise<Disabled | Refusal>;
  /** For admins: removes every factor and ends every verified session, also where the record cannot be read. */
  reset(userId: UserId, by?: By): Promise<void>;
  /** For admins: ends a wait, and brings back an authenticator that was disabled by failures. */
  unlock(userId: UserId, by?: By): Promise<void>;
  /**
   * Ends every session of the user: what they proved no longer counts, and a login whose first step is done cannot be
   * completed. Call it when a password was changed: both were begun with the old one.
   */
  endSessions(userId: UserId, by?: By): Promise<void>;
  /**
   * Takes over an authenticator from another system; no code up to the present one is accepted.
   *
   * @throws TypeError where the secret is not of that encoding or shorter than 16 bytes.
   */
  importTotp(
    userId: UserId,
    secret: string,
    options: { encoding: SecretEncoding } & By,
  ): Promise<Imported | Refusal>;
  /**
   * Takes over the unused backup codes that belong to an imported authenticator, once and before the user has
   * made new ones; they keep their form. `NOT_ENROLLED` or `CONFLICT` where it is not so.
   *
   * @throws TypeError where they are not 1 to 32 texts of 6 to 40 printable characters of ASCII.
   */
  importBackupCodes(userId: UserId, codes: readonly string[], by?: By): Promise<Imported | Refusal>;
  /**
   * Seals every account of the realm with the newest key, so that older ones can be removed; logins go on. Can
   * be stopped and started again, and takes a store with a `list`.
   *
   * @throws MfaConfigError where the store has no `list`.
   */
  resealAll(options?: ResealOptions): Promise<ResealReport>;
  /** Removes the record: for users who are deleted. To switch a second step off, use `reset`. */
  deleteUser(userId: UserId, by?: By): Promise<void>;
}

/** The service of a router: every method is a flow of its own, with a deadline of its own. */
export function createService(settings: FlowSettings): MfaService {
  function begin(intended: string, userId: UserId, by: By = {}): Flow {
    return beginFlow(settings, userId, intended, directCaller(actorOf(by)));
  }
  return {
    events: settings.events,
    status: async (userId) => status(begin('status', userId)),
    startEnrollment: async (userId) => startEnrollment(begin('start enrollment', userId)),
    finishEnrollment: async (userId, input) =>
      forHosts(await finishEnrollment(begin('finish enrollment', userId), withoutPrototype(input))),
    async verify(userId, input) {
      const { code } = withoutPrototype(input);
      return forHosts(await verify(begin('verify', userId), { code, login: undefined }));
    },
    regenerateBackupCodes: async (userId, input = {}) =>
      regenerateBackupCodes(begin('regenerate backup codes', userId, input), authorityOf(input)),
    disable: async (userId, input = {}) => disable(begin('disable', userId, input), authorityOf(input)),
    reset: async (userId, by) => reset(begin('reset', userId, by)),
    unlock: async (userId, by) => unlock(begin('unlock', userId, by)),
    endSessions: async (userId, by) => endSessions(begin('end sessions', userId, by)),
    importTotp: async (userId, secret, options) =>
      importTotp(begin('import totp', userId, options), secret, withoutPrototype(options).encoding),
    importBackupCodes: async (userId, codes, by) =>
      importBackupCodes(begin('import backup codes', userId, by), codes),
    resealAll: async (options = {}) => resealAll(settings, withoutPrototype(options)),
    deleteUser: async (userId, by) => deleteAccount(begin('delete user', userId, by)),
  };
}

/** @throws TypeError where it is no name. */
function actorOf(by: By): string | undefined {
  const { actor } = withoutPrototype(by);
  if (actor === undefined || (typeof actor === 'string' && actor !== '')) return actor;
  throw new TypeError('Give `actor` as a text: who asks for it.');
}

/** A code that is named and missing was meant to be checked: it is malformed, not left out. */
function authorityOf(input: { code?: string }): Authority {
  return Object.hasOwn(input, 'code') ? { code: input.code ?? null } : {};
}

/** What is for a session: there is none. */
function forHosts<T extends { readonly proven: unknown }>(result: T | Refusal): Omit<T, 'proven'> | Refusal {
  if (!Object.hasOwn(result, 'proven')) return result as Refusal;
  const { proven: _ours, ...told } = result as T;
  return told;
}
