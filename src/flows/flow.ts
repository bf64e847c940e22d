import type { KeyRing } from '../crypto/key-ring.ts';
import { createDeadline, type Deadline } from '../deadline.ts';
import type { EventHub, EventSource, MfaEventDetails, MfaEventName } from '../events.ts';
import type { FaultReporter } from '../fault-reporter.ts';
import type { Silences } from '../silence.ts';
import type { MfaStore } from '../stores/store.ts';
import { accountKey, type UserId, userKey } from '../user-id.ts';

/** What every flow of a router works with. */
export interface FlowSettings {
  readonly store: MfaStore;
  readonly keyRing: KeyRing;
  readonly realm: string;
  readonly issuer: string;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly events: EventHub;
  readonly reportFault: FaultReporter;
  readonly silences: Silences;
  readonly accountName: (userId: UserId) => string | Promise<string>;
  readonly verifyPassword: VerifyPassword | undefined;
  /** The host's own flag of who has a second step, where it keeps one. */
  readonly isEnrolled: ((userId: UserId) => boolean | Promise<boolean>) | undefined;
}

/** The host's check of a password; `'no_password'` for a user who has none. */
type VerifyPassword = (userId: UserId, password: string) => PasswordAnswer | Promise<PasswordAnswer>;
type PasswordAnswer = boolean | 'no_password';

/** On whose behalf a flow runs: the request that it belongs to, where there is one. */
export interface Caller {
  readonly deadline: Deadline;
  readonly source: () => EventSource;
}

/** One flow of one user. */
export interface Flow extends FlowSettings, Caller {
  readonly userId: UserId;
  /** The user id as text. */
  readonly user: string;
  /** The name under which the store keeps the account. */
  readonly key: string;
  /** What the flow is about to do, for the events that tell of a fault. */
  readonly intended: string;
}

/** A caller that is no HTTP request, and whom it acts for. */
export function directCaller(actor?: string): Caller {
  return { deadline: createDeadline(), source: () => (actor === undefined ? {} : { actor }) };
}

/** @throws TypeError where `userId` is no user id. */
export function beginFlow(settings: FlowSettings, userId: UserId, intended: string, caller: Caller): Flow {
  const { store, keyRing, realm, issuer, now, events, reportFault, silences } = settings;
  const { accountName, verifyPassword, isEnrolled } = settings;
  const { deadline, source } = caller;
  const user = userKey(userId);
  const key = accountKey(realm, userId);
  // Named one by one: every guarded request comes by here, and a spread costs a hundred times as much.
  return {
    store,
    keyRing,
    realm,
    issuer,
    now,
    events,
    reportFault,
    silences,
    accountName,
    verifyPassword,
    isEnrolled,
    deadline,
    source,
    userId,
    user,
    key,
    intended,
  };
}

/** Tells whoever listens. Only ever after the write that it tells of. */
export function tell<N extends MfaEventName>(flow: Flow, name: N, details: MfaEventDetails[N]): void {
  flow.events.emit(name, () => ({ userId: flow.userId, at: flow.now(), ...flow.source(), ...details }));
}
