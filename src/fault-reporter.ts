import type { MfaError } from './errors.ts';

/**
 * Tells the host why a store, a session or a hook did not do what it was asked: `onError` hears the fault and its
 * cause. Once a minute at most for each kind, since an outage fails every request; and each fault once, however
 * many it comes by.
 */
export type FaultReporter = (kind: string, fault: MfaError) => void;

const pauseMs = 60_000;

/** @param now a clock, in ms. */
export function createFaultReporter(onError: (error: unknown) => void, now: () => number): FaultReporter {
  const toldAt = new Map<string, number>();
  const told = new WeakSet<MfaError>();
  return (kind, fault) => {
    if (told.has(fault)) return;
    told.add(fault);
    const at = now();
    // A clock that was set back must not keep it quiet for longer.
    if (Math.abs(at - (toldAt.get(kind) ?? Number.NEGATIVE_INFINITY)) < pauseMs) return;
    toldAt.set(kind, at);
    onError(fault);
  };
}
