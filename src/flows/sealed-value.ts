import * as v from 'valibot';
import { open, type SealScope, seal } from '../crypto/seal.ts';
import { MfaError } from '../errors.ts';
import type { Flow } from './flow.ts';

type Schema = v.GenericSchema<unknown, unknown>;
type Purpose = SealScope['purpose'];

/** A JSON value for this user alone, to be kept by somebody else: a session, or the host. */
export function sealValue(flow: Flow, purpose: Purpose, value: unknown): string {
  return seal(Buffer.from(JSON.stringify(value)), scopeOf(flow, purpose));
}

/**
 * Opens what {@link sealValue} made.
 *
 * @throws MfaError `secret_unreadable` where it was sealed for another user or purpose, its key is gone, or it is
 * of another form: that of another release, say.
 */
export function openValue<S extends Schema>(
  flow: Flow,
  purpose: Purpose,
  { sealed, schema }: { sealed: unknown; schema: S },
): v.InferOutput<S> {
  if (typeof sealed !== 'string') throw new MfaError('secret_unreadable');
  const value = v.safeParse(schema, parseJson(open(sealed, scopeOf(flow, purpose)).toString()));
  if (!value.success) throw new MfaError('secret_unreadable');
  return value.output;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MfaError('secret_unreadable');
  }
}

function scopeOf({ keyRing, realm, user }: Flow, purpose: Purpose): SealScope {
  return { keyRing, realm, user, purpose };
}
