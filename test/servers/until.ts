import { setTimeout as delay } from 'node:timers/promises';

/** Resolves when it holds, and rejects with the complaint after 20 seconds. */
export async function until(complaint: string, holds: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > giveUpAt) throw new Error(complaint);
    await delay(20);
  }
}
