import { status } from '../../flows/status.ts';
import { type Call, flowOf, loginOf } from '../call.ts';
import { isProven } from '../check.ts';
import { hasPassword, isRecentLogin } from '../fresh-proof.ts';
import { type Reply, success } from '../reply.ts';
import { withUser } from '../with-user.ts';

/** `GET /totp/status` */
export function statusRoute(call: Call): Promise<Reply> {
  return withUser(call, async (userId) => {
    const { flows } = call.settings;
    const account = await status(flowOf(call, userId, 'status'));
    const asksForPassword = account.enrolled || !isRecentLogin(call, userId, account);
    return success('TOTP status retrieved', {
      totp_enabled: account.totpEnabled,
      methods: account.methods,
      backup_codes_remaining: account.backupCodesRemaining,
      backup_codes_low: account.backupCodesLow,
      verified: isProven(loginOf(call, userId), account, Number.POSITIVE_INFINITY, flows.now()),
      password_required: asksForPassword && (await hasPassword(call, userId)),
    });
  });
}
