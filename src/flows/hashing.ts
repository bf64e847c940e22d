import type { Flow } from './flow.ts';

/**
 * Work that takes long on a busy machine: done for as long as what follows upon it can be told within the deadline, or
 * those who have to write it down are answering.
 *
 * @throws MfaError `deadline_exceeded` where they answer nobody, and the request is old.
 */
export function hashing<T>(flow: Flow, work: () => Promise<T>): Promise<T> {
  return flow.deadline.work(work, [flow.silences.put, flow.silences.session]);
}
