import type { Body } from '../body.ts';
import type { Call } from '../call.ts';
import { finishCall } from '../finish-login.ts';
import { type Reply, refusal, success } from '../reply.ts';
import { siteLocalPath } from '../return-to.ts';

/** `POST /totp/verify` */
export async function verifyRoute(call: Call, { code, return_to }: Body): Promise<Reply> {
  const finished = await finishCall(call, { code, returnTo: siteLocalPath(return_to) });
  if (!finished.ok) return refusal(finished);
  return success('TOTP verification successful', {
    ...finished.data,
    user_id: finished.userId,
    method: finished.method,
    backup_codes_remaining: finished.backupCodesRemaining,
    failed_attempts: finished.failedAttempts,
    redirect_to: finished.redirectTo,
  });
}
