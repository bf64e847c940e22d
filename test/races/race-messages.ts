import type { StoreKind } from '../stores/store-kind.ts';
import type { Outcome, RaceCall } from './race-call.ts';

/** What the parent sends first: the place that all processes share. */
export interface RaceSettings {
  readonly kind: StoreKind;
  readonly address: string;
  readonly key: string;
  readonly cheapBcrypt: boolean;
}

/** What it sends then: calls of the service, all to be under way at once, at that time. */
export interface RaceRequest {
  readonly now: number;
  /** Whether the first write waits until every process is about to write. */
  readonly meet: boolean;
  readonly calls: readonly RaceCall[];
}

/** What the parent is told before that write, and what it tells when all of them are there. */
export const atTheWrite = 'at the write';
export const goOn = 'go on';

/** The results in order, and how many of the writes came second to another one. */
export interface RaceReply {
  readonly outcomes: readonly Outcome[];
  readonly lostWrites: number;
}
