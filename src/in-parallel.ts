/** So many at once, and when to begin no more. */
interface Work<T> {
  readonly inHand: number;
  /** Hands out one item at a time, to whoever asks first. */
  readonly items: AsyncIterator<T>;
  readonly signal: AbortSignal | undefined;
  readonly run: (item: T) => Promise<void>;
}

/**
 * Runs over all items, some of them at a time, until the end or the signal. True where it came to the end.
 *
 * @throws what the first that failed has thrown, once those in hand have ended: none is left at work behind the
 * caller's back.
 */
export async function inParallel<T>({ inHand, items, signal, run }: Work<T>): Promise<boolean> {
  let failed = false;
  let atTheEnd = false;
  async function work(): Promise<void> {
    while (!failed && !signal?.aborted) {
      const { value, done } = await items.next();
      if (done) {
        atTheEnd = true;
        return;
      }
      await run(value);
    }
  }
  const workers = Array.from({ length: inHand }, () =>
    work().catch((error) => {
      failed = true;
      throw error;
    }),
  );
  const ends = await Promise.allSettled(workers);
  await items.return?.();
  const fault = ends.find((end) => end.status === 'rejected');
  if (fault) throw fault.reason;
  return atTheEnd;
}
