import type { IncomingMessage } from 'node:http';
import type { Method } from '../account/factor.ts';
import { beginCall } from './call.ts';
import { denyPending } from './check.ts';
import { reportFault } from './fault.ts';
import { asSessionRequest, leaveSessionAlone } from './session.ts';
import type { HttpSettings } from './settings.ts';

/** A login whose second step is still to be done. */
export interface Pending {
  readonly methods: readonly Method[];
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/** The pending login of this session, if there is one that can still be completed. */
export async function pending(settings: HttpSettings, req: IncomingMessage): Promise<Pending | undefined> {
  try {
    const call = beginCall(settings, req);
    if (!call.mfa.pending) return undefined;
    const { methods, expiresAt } = await denyPending(call, call.mfa.pending);
    return expiresAt === undefined ? undefined : { methods, expiresAt };
  } catch (error) {
    // Whatever the host answers: express-session would wait for a frozen store before the last byte.
    leaveSessionAlone(asSessionRequest(req));
    reportFault(settings, error);
    throw error;
  }
}
