import type { UserId } from './user-id.ts';

/** Where a request came from: `ip` and `userAgent` only flows that began as an HTTP request know. */
export interface EventSource {
  readonly ip?: string | undefined;
  readonly userAgent?: string | undefined;
  /** Who it was where that was not the user: as the call of the service named them. */
  readonly actor?: string | undefined;
}

/** What every event carries: whom it is about and when it was, in ms since the epoch. */
export interface EventBase extends EventSource {
  readonly userId: UserId;
  readonly at: number;
}

/** Why a proof was not accepted. */
export type FailureReason = 'wrong' | 'replayed' | 'waiting' | 'disabled';

/** What somebody was doing: a `change` is one of factors, or the start of a set-up; a `check` the service's `verify`. */
export type Occasion = 'log_in' | 'step_up' | 'enrollment' | 'change' | 'check';

/** Every event by name, with what it carries beside {@link EventBase}. Never a secret, a code, a key or a hash. */
export interface MfaEventDetails {
  'enrollment.started': object;
  'enrollment.confirmed': object;
  'challenge.succeeded': { readonly method: string };
  /** Somebody who passed the first step failed the second: very likely somebody who knows the password. */
  'challenge.failed': {
    readonly method: string;
    readonly reason: FailureReason;
    readonly during: Occasion;
  };
  'factor.disabled_by_failures': { readonly failures: number };
  'backup_code.used': { readonly remaining: number };
  'backup_codes.low': { readonly remaining: number };
  'backup_codes.regenerated': object;
  'backup_codes.imported': { readonly count: number };
  'mfa.disabled': object;
  'mfa.reset': object;
  /** What every session of the user has proven so far counts no more; a sign to end what the app keeps open for them. */
  'sessions.ended': { readonly reason: 'asked' | 'logged_out_everywhere' | 'reset' | 'deleted' };
  /** The clock of this machine is behind the codes that were already used: it went back, or theirs ran ahead. */
  'clock.behind': { readonly steps: number };
  /** `isEnrolled` of the host said that there is an account, and the store has none: it may have lost more of them. */
  'account.missing': { readonly intended: string };
  /** From `resealAll`, `userId` is always text. */
  'secret.unreadable': { readonly what: 'account' | 'secret'; readonly intended: string };
  /** `intended` is the flow; where `operation` is `put`, it is not known whether the write took place. */
  'store.unavailable': { readonly operation: 'get' | 'put' | 'delete'; readonly intended: string };
}

/** The names of all events. */
export type MfaEventName = keyof MfaEventDetails;

/** An event of the given name. */
export type MfaEvent<N extends MfaEventName = MfaEventName> = {
  [K in N]: { readonly name: K } & EventBase & Readonly<MfaEventDetails[K]>;
}[N];

type Listener<N extends MfaEventName> = (event: MfaEvent<N>) => unknown;

/**
 * A typed emitter. Listeners are called after the write that they tell of, and are never awaited; one that
 * throws or rejects is reported to `onError` and changes no outcome.
 */
export interface MfaEvents {
  /** Calls `listener` for every event of that name, or for every event where the name is `'*'`. Returns how to stop. */
  on<N extends MfaEventName>(name: N, listener: Listener<N>): () => void;
  on(name: '*', listener: Listener<MfaEventName>): () => void;
}

/** The emitter, with the end at which the flows put events in. */
export interface EventHub extends MfaEvents {
  /** `event` is only called where somebody listens. */
  emit<N extends MfaEventName>(name: N, event: () => EventBase & MfaEventDetails[N]): void;
}

/** @param onError hears of listeners that throw or reject. */
export function createEventHub(onError: (error: unknown) => void): EventHub {
  const listeners = new Map<string, Set<(event: never) => unknown>>();

  async function tell(listener: (event: never) => unknown, event: object): Promise<void> {
    try {
      await listener(event as never);
    } catch (error) {
      onError(error);
    }
  }

  return {
    on(name: string, listener: (event: never) => unknown) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => void set.delete(listener);
    },
    emit(name, event) {
      const told = [...(listeners.get(name) ?? []), ...(listeners.get('*') ?? [])];
      if (told.length === 0) return;
      const value = Object.freeze({ name, ...event() });
      for (const listener of told) void tell(listener, value);
    },
  };
}
