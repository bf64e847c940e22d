import type { Method } from '../account/factor.ts';
import type { ErrorType } from '../error-types.ts';

/** Why a request may not pass. */
export interface Denial {
  readonly ok: false;
  /** The HTTP status that fits. */
  readonly status: number;
  readonly errorType: ErrorType;
  /** By what the second step can be proven. */
  readonly methods: readonly Method[];
  /** Where a browser can do something about it. */
  readonly redirectTo: string;
  /** When a pending login ends, in ms since the epoch. */
  readonly expiresAt?: number;
}
