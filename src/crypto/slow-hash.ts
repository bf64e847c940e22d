import bcrypt from 'bcrypt';
import { MfaError } from '../errors.ts';

/** bcrypt's cost: about 50 ms of processor time a hash. */
const cost = 10;
/** Node has four threads for such work, which `fs` and `dns` share: half of them stay free. */
const atOnce = 2;
/** A stored hash with another cost (31, say) would keep a thread busy for days. */
const storedForm = /^\$2b\$10\$[./A-Za-z0-9]{53}$/;

/** Somebody who logs in does not wait behind those who set up: comparisons come first. */
const urgent: (() => void)[] = [];
const patient: (() => void)[] = [];
let running = 0;

/** Asked when the turn of a job has come: where nobody waits for it any more, others need the time. */
type IsWanted = () => boolean;
const always: IsWanted = () => true;

/**
 * bcrypt of a text of at most 72 bytes.
 *
 * @throws MfaError `deadline_exceeded` where it is not wanted any more.
 */
export function slowHash(text: string, isWanted = always): Promise<string> {
  return limited(patient, isWanted, () => bcrypt.hash(text, cost));
}

/**
 * Whether `hash` is the hash of `text`.
 *
 * @throws MfaError `secret_unreadable` where `hash` is not of the form that {@link slowHash} gives;
 * `deadline_exceeded` where it is not wanted any more.
 */
export async function slowCompare(text: string, hash: string, isWanted = always): Promise<boolean> {
  if (!storedForm.test(hash)) throw new MfaError('secret_unreadable');
  return limited(urgent, isWanted, () => bcrypt.compare(text, hash));
}

async function limited<T>(queue: (() => void)[], isWanted: IsWanted, job: () => Promise<T>): Promise<T> {
  if (running >= atOnce) await new Promise<void>((resolve) => queue.push(resolve));
  else running++;
  try {
    if (!isWanted()) throw new MfaError('deadline_exceeded');
    return await job();
  } finally {
    // The place is handed over, not given back and taken again: nobody can slip in between.
    const next = urgent.shift() ?? patient.shift();
    if (next) next();
    else running--;
  }
}
