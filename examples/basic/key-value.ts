/** Where the example keeps users and tokens: texts by key. A database of yours takes its place. */
export interface KeyValue {
  get(key: string): Promise<string | undefined>;
  /** @param lifeMs how long it is kept; for ever without it. */
  set(key: string, value: string, lifeMs?: number): Promise<void>;
  /** Sets what is not there yet. False where it is: of several at once exactly one gets true. */
  claim(key: string, value: string): Promise<boolean>;
  /** Removes it. True for exactly one of several at once. */
  remove(key: string): Promise<boolean>;
}

/** In this process's memory. */
export function memoryKeyValue(): KeyValue {
  const entries = new Map<string, { value: string; endsAt: number }>();
  function live(key: string): string | undefined {
    const entry = entries.get(key);
    if (entry && entry.endsAt <= Date.now()) entries.delete(key);
    return entries.get(key)?.value;
  }
  return {
    async get(key) {
      return live(key);
    },
    async set(key, value, lifeMs = Number.POSITIVE_INFINITY) {
      entries.set(key, { value, endsAt: Date.now() + lifeMs });
    },
    async claim(key, value) {
      if (live(key) !== undefined) return false;
      entries.set(key, { value, endsAt: Number.POSITIVE_INFINITY });
      return true;
    },
    async remove(key) {
      return live(key) !== undefined && entries.delete(key);
    },
  };
}
