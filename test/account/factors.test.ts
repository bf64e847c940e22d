import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { emptyAccount } from '../../src/account/account.ts';
import type { ProofContext } from '../../src/account/factor.ts';
import { readProof } from '../../src/account/factors.ts';
import { judge } from '../../src/account/judge.ts';
import { newTotp } from '../../src/account/totp.ts';
import { createKeyRing } from '../../src/crypto/key-ring.ts';

test('a fault while a code is looked up among imported ones is none of its being wrong', async () => {
  const keyRing = createKeyRing([randomBytes(32).toString('base64')]);
  const scope = { keyRing, realm: '', user: 'A', now: 3_000_000, lastStep: 10 };
  const account = {
    ...emptyAccount,
    authenticators: [newTotp(randomBytes(20), scope)],
    imported: 'backup_codes' as const,
  };
  const broken = {
    newest: keyRing.newest,
    find: keyRing.find,
    get all(): never {
      throw new Error('out of memory');
    },
  };
  const context: ProofContext = {
    ...scope,
    keyRing: broken,
    compare: async () => false,
    hasMatched: () => false,
  };
  const proof = readProof('000000');
  if (!proof) throw new Error('Six digits are a proof.');
  await expect(judge(account, proof, context)).rejects.toThrow('out of memory');
});
