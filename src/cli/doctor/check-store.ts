import { emptyAccount, serialiseAccount } from '../../account/account.ts';
import { randomId } from '../../crypto/random-id.ts';
import { createDeadline } from '../../deadline.ts';
import { faultText } from '../../fault-text.ts';
import { isMemoryStore } from '../../stores/memory.ts';
import type { MfaStore } from '../../stores/store.ts';
import { accountKey } from '../../user-id.ts';
import { patienceMs, withPatience } from '../patience.ts';
import { type Finding, findingsAbout } from './finding.ts';

const about = findingsAbout('store');

const slowMs = 100;

/** What the store answers to one account that nobody has, from its first write to its removal. */
export async function checkStore(store: MfaStore, realm: string): Promise<Finding[]> {
  const probe = { key: accountKey(realm, `doctor ${randomId()}`), tried: false };
  return [
    ...memory(store),
    ...(await roundTrip(store, probe)),
    ...(await cleanUp(store, probe)),
    ...list(store),
  ];
}

function memory(store: MfaStore): Finding[] {
  if (!isMemoryStore(store)) return [];
  return [about('error', 'Use a durable store: memoryMfaStore forgets who has a second step.')];
}

function list({ list }: MfaStore): Finding[] {
  if (list) return [about('ok', 'It has `list`, so `express-mfa reseal` can walk the accounts.')];
  return [
    about('warning', 'Give the store a `list`: without it keys cannot be rotated by `express-mfa reseal`.'),
  ];
}

/** An account that nobody has. */
interface Probe {
  readonly key: string;
  /** Whether it may have been written. */
  tried: boolean;
}

async function roundTrip(store: MfaStore, probe: Probe): Promise<Finding[]> {
  const { key } = probe;
  const record = () => ({ version: randomId(), data: serialiseAccount(emptyAccount), enrolled: false });
  const timed = timer();
  try {
    const absent = await timed('get', () => store.get(key));
    const first = record();
    probe.tried = true;
    const written = await timed('put', () => store.put(key, first, undefined));
    const again = await timed('put', () => store.put(key, record(), undefined));
    const stale = await timed('put', () => store.put(key, record(), randomId()));
    const kept = await timed('get', () => store.get(key));
    await timed('delete', () => store.delete(key));
    const removed = await timed('get', () => store.get(key));

    const broken = [
      [absent === undefined, 'it gave an account for a name that nobody has'],
      [written === true, 'it did not write the first version of an account'],
      [again === false, 'it wrote an account that was there already as if it were new'],
      [stale === false, 'it wrote although the expected version was not the stored one'],
      [kept?.version === first.version && kept.data === first.data, 'it did not give back what was written'],
      [removed === undefined, 'it kept an account that was removed'],
    ] as const;
    const complaints = broken.filter(([fine]) => !fine).map(([, complaint]) => complaint);
    if (complaints.length === 0) return [speed(timed.times)];
    const advice = 'run the suite of express-mfa/testing on it';
    return complaints.map((complaint) => about('error', `Mend the store (${advice}): ${complaint}.`));
  } catch (error) {
    return [about('error', `Mend the connection or the schema of the store: ${faultText(error)}`)];
  }
}

/** Whatever went wrong, the probe shall not stay; why it does was said already. */
async function cleanUp(store: MfaStore, { key, tried }: Probe): Promise<Finding[]> {
  if (!tried) return [];
  try {
    await withPatience('The store', () => store.delete(key));
    return [];
  } catch {
    return [about('error', `Remove the account named ${JSON.stringify(key)}: it may be left behind.`)];
  }
}

type Operation = 'get' | 'put' | 'delete';

/**
 * Runs calls, and remembers how long each took, in ms. It waits longer than a request does, so that a slow store is
 * told from a dead one.
 */
function timer() {
  const times: Record<Operation, number[]> = { get: [], put: [], delete: [] };
  const { run } = createDeadline(patienceMs);
  async function timed<T>(operation: Operation, call: () => Promise<T>): Promise<T> {
    const begin = performance.now();
    const result = await run(call);
    times[operation].push(performance.now() - begin);
    return result;
  }
  return Object.assign(timed, { times });
}

function speed(times: Record<Operation, readonly number[]>): Finding {
  // The fastest: the first call may have had to connect.
  const best = Object.entries(times).map(([operation, ms]) => [operation, Math.min(...ms)] as const);
  const figures = best.map(([operation, ms]) => `${operation} ${ms.toFixed(1)} ms`).join(', ');
  if (best.every(([, ms]) => ms < slowMs))
    return about('ok', `It keeps, refuses and removes as it should: ${figures}.`);
  return about('warning', `Move the store closer: every request waits for it, and it took ${figures}.`);
}
