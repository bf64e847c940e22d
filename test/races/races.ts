import { expect } from '@jest/globals';
import { Secret } from 'otpauth';
import type { Outcome, RaceCall } from './race-call.ts';
import type { Racers } from './start-racers.ts';

/** One round of a race: gives how many of the calls succeeded, and has looked at everything else. */
type Round = (index: number) => Promise<number>;

export function oneTotpCode(racers: Racers): Round {
  let secret = '';
  return async (index) => {
    const userId = 'totp';
    if (index === 0) secret = await importUser(racers, userId);
    racers.nextStep();
    const outcomes = await racers.race(fourTimes(5, { flow: 'verify', userId, code: racers.codeOf(secret) }));
    expectOthersRefused(outcomes, ['INVALID_CODE']);
    return successesIn(outcomes);
  };
}

export function oneBackupCode(racers: Racers): Round {
  let userId = '';
  let unused: string[] = [];
  return async (index) => {
    if (unused.length === 0) {
      userId = `backup codes ${index}`;
      const started = await startEnrollment(racers, userId);
      expect(await racers.call(confirm(racers, userId, started))).toMatchObject({ ok: true });
      unused = [...started.backupCodes];
    }
    const code = unused.pop() ?? '';
    const outcomes = await racers.race(fourTimes(5, { flow: 'verify', userId, code }));
    // What comes when the code is gone from the record is a wrong one like any other.
    expectOthersRefused(outcomes, ['INVALID_CODE', 'TOO_MANY_ATTEMPTS']);
    expect(outcomes.find(({ ok }) => ok)?.backupCodesRemaining).toBe(unused.length);
    expect(await racers.call({ flow: 'status', userId })).toMatchObject({
      backupCodesRemaining: unused.length,
    });
    return successesIn(outcomes);
  };
}

/** Two enrolments of one user, each confirmed in two processes. */
export function twoEnrolments(racers: Racers): Round {
  return async (index) => {
    const userId = `enrolment ${index}`;
    const first = await startEnrollment(racers, userId);
    const second = await startEnrollment(racers, userId);
    const inTurn = index % 2 === 0 ? [first, second, first, second] : [second, first, second, first];
    const calls = inTurn.map((started) => [confirm(racers, userId, started)]);
    const outcomes = await racers.race(calls, { meet: true });
    expectOthersRefused(outcomes, ['NO_PENDING_ENROLLMENT']);

    const told = outcomes.find(({ ok }) => ok)?.backupCodes;
    const [winner, loser] = told?.[0] === first.backupCodes[0] ? [first, second] : [second, first];
    expect(told).toEqual(winner.backupCodes);
    const verify = (code = '') => racers.call({ flow: 'verify', userId, code });
    expect(await verify(loser.backupCodes[0])).toMatchObject({ ok: false, errorType: 'INVALID_CODE' });
    expect(await verify(winner.backupCodes[0])).toMatchObject({ ok: true, backupCodesRemaining: 9 });
    racers.nextStep();
    expect(await verify(racers.codeOf(loser.secret))).toMatchObject({ ok: false });
    expect(await verify(racers.codeOf(winner.secret))).toMatchObject({ ok: true });
    return successesIn(outcomes);
  };
}

/** Two processes turn the second step off while two others verify; with the same code in every other round. */
export function disableAgainstVerify(racers: Racers): Round {
  return async (index) => {
    const userId = `disabled ${index}`;
    const secret = await importUser(racers, userId);
    racers.nextStep();
    const code = racers.codeOf(secret);
    const withCode = index % 2 === 0;
    const disable: RaceCall = withCode ? { flow: 'disable', userId, code } : { flow: 'disable', userId };
    const verify: RaceCall = { flow: 'verify', userId, code };
    const lists =
      index % 4 < 2 ? [[disable], [verify], [disable], [verify]] : [[verify], [disable], [verify], [disable]];
    const outcomes = await racers.race(lists);
    expect(outcomes.filter(({ fault }) => fault !== undefined)).toEqual([]);
    const calls = lists.flat();
    const [disabled, verified] = (['disable', 'verify'] as const).map((flow) =>
      outcomes.filter(({ ok }, which) => ok && calls[which]?.flow === flow),
    );
    const state = await racers.call({ flow: 'status', userId });

    // The guard lets in whom the present epoch was proven to: none that was granted before it was turned off.
    const stillLetIn = verified?.filter(({ epoch }) => epoch === state.epoch);
    expect(disabled?.length).toBeLessThanOrEqual(1);
    expect(verified?.length).toBeLessThanOrEqual(1);
    if (disabled?.length === 1) {
      expect(state).toMatchObject({ enrolled: false, epoch: disabled[0]?.epoch, backupCodesRemaining: 0 });
      expect(stillLetIn).toEqual([]);
    } else {
      expect(state.enrolled).toBe(true);
      expect(stillLetIn).toEqual(verified);
    }
    // One code is good for one of them; without one, turning it off always succeeds.
    return withCode ? successesIn(outcomes) : (disabled?.length ?? 0);
  };
}

const fourTimes = (times: number, call: RaceCall) =>
  Array.from({ length: 4 }, () => Array.from({ length: times }, () => call));

const successesIn = (outcomes: readonly Outcome[]) => outcomes.filter(({ ok }) => ok).length;

function expectOthersRefused(outcomes: readonly Outcome[], errorTypes: readonly string[]): void {
  for (const { ok, fault, errorType } of outcomes) {
    expect(fault).toBeUndefined();
    if (!ok) expect(errorTypes).toContain(errorType);
  }
}

async function importUser(racers: Racers, userId: string): Promise<string> {
  const secret = new Secret({ size: 20 }).base32;
  expect(await racers.call({ flow: 'importTotp', userId, secret })).toMatchObject({ ok: true });
  return secret;
}

/** An enrolment that waits for its first code. */
interface Started {
  readonly ticket: string;
  readonly secret: string;
  readonly backupCodes: readonly string[];
}

async function startEnrollment(racers: Racers, userId: string): Promise<Started> {
  const { ticket, secret, backupCodes } = await racers.call({ flow: 'startEnrollment', userId });
  if (!ticket || !secret || !backupCodes) throw new Error('No enrolment was begun.');
  return { ticket, secret, backupCodes };
}

function confirm(racers: Racers, userId: string, { ticket, secret }: Started): RaceCall {
  return { flow: 'finishEnrollment', userId, ticket, code: racers.codeOf(secret) };
}
