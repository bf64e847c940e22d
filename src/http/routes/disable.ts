import { amrOfSecondStep } from '../../account/factors.ts';
import { disable } from '../../flows/disable.ts';
import type { Body } from '../body.ts';
import { type Call, flowOf, loginOf } from '../call.ts';
import { authorityFor } from '../fresh-proof.ts';
import { type Reply, refusal, success } from '../reply.ts';
import { renewLogin } from '../upgrade-session.ts';
import { withUser } from '../with-user.ts';

/** `DELETE /totp/disable`, and POST for forms */
export function disableRoute(call: Call, body: Body): Promise<Reply> {
  return withUser(call, async (userId) => {
    const allowed = await authorityFor(call, userId, body);
    if (allowed.refused) return allowed.refused;
    const disabled = await disable(flowOf(call, userId, 'disable'), allowed.authority);
    if (!disabled.ok) return refusal(disabled);

    const { authenticatedAt, amr } = loginOf(call, userId) ?? { authenticatedAt: 0, amr: [] };
    const firstStep = amr.filter((name) => !amrOfSecondStep.has(name));
    await renewLogin(call, 'change', {
      userId,
      authenticatedAt,
      proofs: [],
      amr: firstStep,
      epoch: disabled.epoch,
    });
    return success('TOTP disabled', { totp_enabled: false });
  });
}
