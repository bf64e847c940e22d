import type { Body } from '../body.ts';
import type { Call } from '../call.ts';
import { failure, type Reply, success } from '../reply.ts';
import { forgetShown } from '../to-be-shown.ts';
import { withUser } from '../with-user.ts';

/** `POST /backup-codes/saved` */
export function backupCodesSavedRoute(call: Call, { saved }: Body): Promise<Reply> {
  return withUser(call, async () => {
    if (saved !== 'yes') return failure('VALIDATION_ERROR');
    await forgetShown(call);
    return success('Backup codes saved', {});
  });
}
