import type { Account } from '../account/account.ts';
import { ofKind } from '../account/authenticator.ts';
import { totpState } from '../account/totp.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { keyIdOf } from '../crypto/seal.ts';

/** How many accounts hang on a key. */
export interface KeyUse {
  /** The key's id. */
  readonly kid: string;
  /** Whether it is one of `keys`; the first of them is the one that seals. */
  readonly listed: boolean;
  /** Accounts whose authenticator's secret is sealed with it. */
  readonly secrets: number;
  /** Accounts with backup codes made under it. They cannot be made anew, only used up or replaced by their user. */
  readonly backupCodes: number;
}

/** Counts, account by account, which keys are still needed. */
export function countKeyUse(keyRing: KeyRing) {
  const uses = new Map(keyRing.all.map(({ kid }) => [kid, { secrets: 0, backupCodes: 0 }]));
  function use(kid: string) {
    const known = uses.get(kid) ?? { secrets: 0, backupCodes: 0 };
    uses.set(kid, known);
    return known;
  }
  return {
    add({ authenticators, backupCodes }: Account): void {
      const secrets = ofKind(authenticators, 'totp').map((authenticator) => totpState(authenticator).secret);
      for (const kid of new Set(secrets.map(keyIdOf))) use(kid).secrets++;
      for (const kid of new Set(backupCodes.map(({ kid }) => kid))) use(kid).backupCodes++;
    },
    uses: (): KeyUse[] =>
      [...uses].map(([kid, use]) => ({ kid, listed: keyRing.find(kid) !== undefined, ...use })),
  };
}
