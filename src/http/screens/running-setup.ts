import { type RunningEnrollmentDetails, runningEnrollment } from '../../flows/running-enrollment.ts';
import { type UserId, userKey } from '../../user-id.ts';
import { type Call, flowOf } from '../call.ts';

/** The set-up of this user that waits for its first code in this session, however old the login has become. */
export async function runningSetup(
  call: Call,
  userId: UserId,
): Promise<RunningEnrollmentDetails | undefined> {
  const { enrollment } = call.mfa;
  if (!enrollment || userKey(enrollment.userId) !== userKey(userId)) return undefined;
  return runningEnrollment(flowOf(call, userId, 'set-up page'), enrollment.ticket);
}
