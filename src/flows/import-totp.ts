import { type Account, emptyAccount } from '../account/account.ts';
import { fullBudget } from '../account/budget.ts';
import { isEnrolled } from '../account/factors.ts';
import { newTotp, timeStep } from '../account/totp.ts';
import { decodeBase32 } from '../crypto/base32.ts';
import { decodeBase64 } from '../crypto/base64.ts';
import { minimumSecretBytes } from '../crypto/hotp.ts';
import { randomId } from '../crypto/random-id.ts';
import { type Flow, tell } from './flow.ts';
import { type Refusal, refuse } from './refusal.ts';
import { type Change, updateAccount } from './update-account.ts';

/** How an imported secret is written; `text` where the bytes of the text are the secret. */
export type SecretEncoding = 'base32' | 'base64' | 'hex' | 'text';

/** What was imported is in force. */
export interface Imported {
  readonly ok: true;
}

/**
 * Takes over an authenticator that the user already has. No code up to the present one is accepted: it may
 * have been used in the old system a moment ago.
 *
 * @throws TypeError where the secret is not of that encoding or shorter than 16 bytes.
 */
export async function importTotp(
  flow: Flow,
  secret: string,
  encoding: SecretEncoding,
): Promise<Imported | Refusal> {
  const bytes = readSecret(secret, encoding);
  function enrol(account: Account): Change<Imported | Refusal> {
    if (isEnrolled(account)) return { account, result: refuse('CONFLICT') };
    const now = flow.now();
    const authenticator = newTotp(bytes, { ...flow, now, lastStep: timeStep(now) });
    const authenticators = [...account.authenticators, authenticator];
    return {
      // An authenticator that starts out disabled would be of no use to anybody.
      account: { ...account, epoch: randomId(), authenticators, budget: fullBudget, imported: 'totp' },
      result: { ok: true },
      announce: () => tell(flow, 'enrollment.confirmed', {}),
    };
  }
  // The host's flag of who is enrolled may well be that of the system which is left.
  return updateAccount<Imported | Refusal>(flow, enrol, { missing: emptyAccount });
}

function readSecret(secret: string, encoding: SecretEncoding): Buffer {
  const bytes = decode(secret, encoding);
  if (bytes && bytes.length >= minimumSecretBytes) return bytes;
  throw new TypeError(
    `Import a secret of at least ${minimumSecretBytes} bytes, written in its \`encoding\`.`,
  );
}

function decode(secret: string, encoding: SecretEncoding): Buffer | undefined {
  switch (encoding) {
    case 'base32':
      return decodeBase32(secret);
    case 'base64':
      return decodeBase64(secret);
    case 'hex':
      return /^(?:[0-9a-f]{2})+$/i.test(secret) ? Buffer.from(secret, 'hex') : undefined;
    case 'text':
      return Buffer.from(secret);
  }
}
