import { createDeadline } from '../deadline.ts';
import { isMfaError, MfaError } from '../errors.ts';
import type { FlowSettings } from '../flows/flow.ts';
import { accountKey } from '../user-id.ts';

/**
 * Whether anything is stored about the user, readable or not: a mistyped id must not make an account.
 *
 * @throws MfaError where the store fails.
 */
export async function isKnownAccount({ store, realm }: FlowSettings, user: string): Promise<boolean> {
  const key = accountKey(realm, user);
  try {
    return (await createDeadline().run(() => store.get(key))) !== undefined;
  } catch (cause) {
    throw isMfaError(cause) ? cause : new MfaError('store_unavailable', { cause });
  }
}

/** What to say where nothing is. */
export function unknownAccount({ realm }: FlowSettings, user: string): string {
  const where = realm === '' ? '' : ` in the realm ${realm}`;
  return `Nothing is stored about ${JSON.stringify(user)}${where}; nothing was changed.\n`;
}
