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

/** bcrypt of a text of at most 72 bytes. */
export function slowHash(text: string): Promise<string> {
  return limited(patient, () => bcrypt.hash(text, cost));
}

/**
 * Whether `hash` is the hash of `text`.
 *
 * @throws MfaError `secret_unreadable` where `hash` is not of the form that {@link slowHash} gives.
 */
export async function slowCompare(text: string, hash: string): Promise<boolean> {
  if (!storedForm.test(hash)) throw new MfaError('secret_unreadable');
  return limited(urgent, () => bcrypt.compare(text, hash));
}

async function limited<T>(queue: (() => void)[], job: () => Promise<T>): Promise<T> {
  if (running >= atOnce) await new Promise<void>((resolve) => queue.push(resolve));
  else running++;
  try {
    return await job();
  } finally {
    // The place is handed over, not given back and taken again: nobody can slip in between.
    const next = urgent.shift() ?? patient.shift();
    if (next) next();
    else running--;
  }
}
