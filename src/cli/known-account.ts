import { createDeadline } from '../deadline.ts';
import type { FlowSettings } from '../flows/flow.ts';
import { accountKey } from '../user-id.ts';

/** Whether anything is stored about the user, readable or not: a mistyped id must not make an account. */
export async function isKnownAccount({ store, realm }: FlowSettings, user: string): Promise<boolean> {
  const key = accountKey(realm, user);
  return (await createDeadline().run(() => store.get(key))) !== undefined;
}

/** What to say where nothing is. */
export function unknownAccount({ realm }: FlowSettings, user: string): string {
  const where = realm === '' ? '' : ` in the realm ${realm}`;
  return `Nothing is stored about ${JSON.stringify(user)}${where}; nothing was changed.\n`;
}
