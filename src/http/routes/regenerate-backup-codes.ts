import { regenerateBackupCodes } from '../../flows/regenerate-backup-codes.ts';
import type { Body } from '../body.ts';
import { type Call, flowOf } from '../call.ts';
import { authorityFor } from '../fresh-proof.ts';
import { failure, type Reply, refusal, success } from '../reply.ts';
import { keepToBeShown } from '../to-be-shown.ts';
import { withUser } from '../with-user.ts';

/** `POST /totp/regenerate-backup-codes` */
export function regenerateBackupCodesRoute(call: Call, body: Body): Promise<Reply> {
  return withUser(call, async (userId) => {
    const allowed = await authorityFor(call, userId, body);
    if (allowed.refused) return allowed.refused;
    const made = await regenerateBackupCodes(
      flowOf(call, userId, 'regenerate backup codes'),
      allowed.authority,
    );
    if (!made.ok) return refusal(made);
    if (!(await keepToBeShown(call, userId, made))) return failure('UNAUTHENTICATED');
    return success('Backup codes regenerated', { backup_codes: made.backupCodes });
  });
}
