import { startEnrollment } from '../../flows/start-enrollment.ts';
import { status } from '../../flows/status.ts';
import { answersHtml } from '../answers-html.ts';
import type { Body } from '../body.ts';
import { type Call, flowOf } from '../call.ts';
import { isRecentLogin, passwordRefusal, replaceableUnder } from '../fresh-proof.ts';
import { writeMfaSession } from '../mfa-session.ts';
import { failure, type Reply, refusal, success } from '../reply.ts';
import { saveSession } from '../session.ts';
import { withUser } from '../with-user.ts';

/** `POST /totp/enroll` */
export function enrollRoute(call: Call, { password }: Body): Promise<Reply> {
  return withUser(call, async (userId) => {
    const account = await status(flowOf(call, userId, 'start enrollment'));
    const replaceUnder = replaceableUnder(call, userId, account);
    if (account.enrolled && replaceUnder === undefined) return failure('CONFLICT');
    if (password !== undefined || !isRecentLogin(call, userId, account)) {
      const refused = await passwordRefusal(call, { userId, account, password, required: true });
      if (refused) return refused;
    }
    const started = await startEnrollment(flowOf(call, userId, 'start enrollment'), replaceUnder);
    if (!started.ok) return refusal(started);

    const { session, settings, mfa } = call;
    writeMfaSession(session, settings.sessionKey, {
      ...mfa.login,
      ...(mfa.shownCodes && { shownCodes: mfa.shownCodes }),
      enrollment: {
        userId,
        ticket: started.ticket,
        ...(answersHtml(settings, call.req) && { untold: true }),
      },
    });
    await saveSession(call);
    return success(
      'TOTP enrollment initiated',
      {
        secret: started.secret,
        provisioning_uri: started.provisioningUri,
        qr_code: started.qrCode,
        backup_codes: started.backupCodes,
      },
      201,
    );
  });
}
