import { finishEnrollment } from '../../flows/finish-enrollment.ts';
import { userKey } from '../../user-id.ts';
import type { Body } from '../body.ts';
import { type Call, flowOf, loginOf } from '../call.ts';
import { verifiedLogin } from '../finish-login.ts';
import { failure, type Reply, refusal, success } from '../reply.ts';
import { toBeShown } from '../to-be-shown.ts';
import { renewLogin } from '../upgrade-session.ts';
import { withUser } from '../with-user.ts';

/** `POST /totp/verify-enrollment` */
export function verifyEnrollmentRoute(call: Call, { code }: Body): Promise<Reply> {
  return withUser(call, async (userId) => {
    if (code === undefined) return failure('VALIDATION_ERROR');
    const { enrollment } = call.mfa;
    if (!enrollment || userKey(enrollment.userId) !== userKey(userId))
      return failure('NO_PENDING_ENROLLMENT');
    const { ticket, untold } = enrollment;
    const finished = await finishEnrollment(flowOf(call, userId, 'finish enrollment'), { ticket, code });
    if (!finished.ok) return refusal(finished);

    const { authenticatedAt, amr } = loginOf(call, userId) ?? { authenticatedAt: 0, amr: [] };
    const first = { userId, authenticatedAt, amr, proofs: [] };
    await renewLogin(call, 'enrollment', {
      ...verifiedLogin(call, first, finished),
      ...toBeShown(call, userId, finished, untold),
    });
    return success('TOTP enrollment completed', { totp_enabled: true });
  });
}
