import { randomBytes, randomUUID } from 'node:crypto';
import { redisMfaStore } from 'express-mfa';
import { connectRedis } from '../apps/base-app.ts';
import { createMfa } from '../apps/mfa.ts';
import { codeAt } from '../load/totp-codes.ts';
import { answerQuestions } from './ask.ts';

const redis = await connectRedis(process.argv[2] ?? '');
const store = redisMfaStore(redis);
const { service } = createMfa(redis);
let template: Promise<unknown> | undefined;

answerQuestions({ enrol, importUsers: (input: { count: number; secret: string }) => importUsers(input) });

/** A user as the enrolment makes one; the ten hashes take half a second of processor time. */
async function enrol(): Promise<{ userId: string; backupCodes: readonly string[] }> {
  const userId = randomUUID();
  const started = await service.startEnrollment(userId);
  if (!started.ok) throw new Error(started.errorType);
  const { ticket, secret, backupCodes } = started;
  const finished = await service.finishEnrollment(userId, { ticket, code: codeAt(secret, 0) });
  if (!finished.ok) throw new Error(finished.errorType);
  return { userId, backupCodes };
}

/**
 * Users with a known secret. Their ten backup codes are those of another user: they open nothing, but a
 * record without them would be a third of the size that real ones have.
 */
async function importUsers({ count, secret }: { count: number; secret: string }): Promise<string[]> {
  template ??= enrol().then(
    async ({ userId }) => JSON.parse((await store.get(userId))?.data ?? '').backupCodes,
  );
  const backupCodes = await template;
  const userIds = Array.from({ length: count }, () => randomUUID());
  for (let start = 0; start < count; start += 100) {
    await Promise.all(
      userIds.slice(start, start + 100).map((userId) => importUser(userId, secret, backupCodes)),
    );
  }
  return userIds;
}

async function importUser(userId: string, secret: string, backupCodes: unknown): Promise<void> {
  await service.importTotp(userId, secret, { encoding: 'base32' });
  const stored = await store.get(userId);
  const next = {
    version: randomBytes(16).toString('base64url'),
    data: JSON.stringify({ ...JSON.parse(stored?.data ?? ''), backupCodes }),
    enrolled: true,
  };
  if (!(await store.put(userId, next, stored?.version)))
    throw new Error('Somebody else has written this account.');
}
