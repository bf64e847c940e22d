import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { memoryMfaStore } from 'express-mfa';
import { createKeyRing } from '../../src/crypto/key-ring.ts';
import { seal } from '../../src/crypto/seal.ts';
import { createEventHub } from '../../src/events.ts';
import { beginFlow, directCaller } from '../../src/flows/flow.ts';
import { openShownCodes, sealShownCodes } from '../../src/flows/shown-codes.ts';
import { createSilences } from '../../src/silence.ts';

const keyRing = createKeyRing([randomBytes(32).toString('base64')]);
const flow = beginFlow(
  {
    store: memoryMfaStore(),
    keyRing,
    realm: '',
    issuer: 'Acme',
    now: () => 1_000,
    events: createEventHub(() => undefined),
    reportFault: () => undefined,
    silences: createSilences(),
    accountName: String,
    verifyPassword: undefined,
    isEnrolled: undefined,
  },
  'A',
  'show backup codes',
  directCaller(),
);

test('codes that were sealed in another form are shown no more', async () => {
  const scope = { keyRing, realm: '', user: 'A', purpose: 'shown backup codes' } as const;
  const older = seal(Buffer.from(JSON.stringify({ backupCodes: ['a'], madeAt: 1_000 })), scope);
  expect(await openShownCodes(flow, older)).toBeUndefined();
  const now = sealShownCodes(flow, { backupCodes: ['a'], epoch: '' });
  expect(await openShownCodes(flow, now)).toEqual(['a']);
});
