import type { MfaService } from 'express-mfa';

/** A call of the service that can be sent to another process. */
export type RaceCall =
  | { readonly flow: 'importTotp'; readonly userId: string; readonly secret: string }
  | { readonly flow: 'startEnrollment'; readonly userId: string }
  | {
      readonly flow: 'finishEnrollment';
      readonly userId: string;
      readonly ticket: string;
      readonly code: string;
    }
  | { readonly flow: 'verify'; readonly userId: string; readonly code: string }
  | { readonly flow: 'disable'; readonly userId: string; readonly code?: string }
  | { readonly flow: 'status'; readonly userId: string };

/** What came of it, as far as races look at it. */
export interface Outcome {
  readonly ok: boolean;
  readonly errorType?: string | undefined;
  /** The code of the fault, where it rejected. */
  readonly fault?: string | undefined;
  readonly epoch?: string | undefined;
  readonly enrolled?: boolean;
  readonly ticket?: string;
  readonly secret?: string;
  readonly backupCodes?: readonly string[];
  readonly backupCodesRemaining?: number;
}

export async function runCall(service: MfaService, call: RaceCall): Promise<Outcome> {
  try {
    return await run(service, call);
  } catch (error) {
    return { ok: false, fault: error instanceof Error ? String(Reflect.get(error, 'code') ?? error) : '?' };
  }
}

async function run(service: MfaService, call: RaceCall): Promise<Outcome> {
  const { userId } = call;
  switch (call.flow) {
    case 'importTotp':
      return service.importTotp(userId, call.secret, { encoding: 'base32' });
    case 'startEnrollment':
      return service.startEnrollment(userId);
    case 'finishEnrollment':
      return service.finishEnrollment(userId, call);
    case 'verify':
      return service.verify(userId, call);
    case 'disable':
      return service.disable(userId, call.code === undefined ? {} : { code: call.code });
    case 'status':
      return { ok: true, ...(await service.status(userId)) };
  }
}
