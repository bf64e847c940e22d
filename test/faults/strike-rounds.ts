import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { TestApp } from '../app/create-test-app.ts';
import { importUser } from '../app/imported-user.ts';
import { ownTime } from '../app/own-time.ts';
import { type Attempt, attempts } from './attempts.ts';
import type { Stage } from './stage.ts';

/** What happens in the midst of requests, and how it ends. */
export interface StageFault<S> {
  readonly name: string;
  strike(stage: S): unknown;
  /** Left out where it ends by itself: then the time until the app serves again counts from the strike. */
  readonly repair?: (stage: S) => unknown;
  /** Whether it has struck before the first request, instead of right before or after the n-th call. */
  readonly beforehand?: boolean;
  /** How much may be missing of what was answered with success. Default: nothing. */
  readonly loses?: 'nothing' | 'perhaps something' | 'something';
}

type FaultStage = Pick<Stage, 'app' | 'records' | 'calls'>;

/** How often each fault strikes: FAULT_ROUNDS, else few. */
export const faultRounds = (usual = 3): number => Number(process.env.FAULT_ROUNDS ?? usual);

/** Lets a fault strike `rounds` times, each time at another moment, and looks at everything afterwards. */
export async function strikeRounds<S extends FaultStage>(
  place: string,
  fault: StageFault<S>,
  { rounds, stageOf }: { rounds: number; stageOf: (round: number) => Promise<S> },
): Promise<void> {
  const statuses: number[] = [];
  const times: number[] = [];
  let lost = 0;
  for (let round = 0; round < rounds; round++) {
    const result = await strikeOnce(await stageOf(round), fault, round);
    statuses.push(...result.statuses);
    times.push(result.servedAgain);
    lost += result.lost;
  }
  times.sort((a, b) => a - b);
  const count = (status: number) => statuses.filter((each) => each === status).length;
  const unavailable = count(503);
  // How long until a read and a write succeeded again, in ms.
  const servedAgain = { median: times[Math.floor(times.length / 2)] ?? 0, max: times.at(-1) ?? 0 };
  const figures = { place, fault: fault.name, rounds, succeeded: count(200), unavailable, lost, servedAgain };
  if (process.env.FAULT_REPORT) appendFileSync(process.env.FAULT_REPORT, `${JSON.stringify(figures)}\n`);
  if (fault.loses === 'something') expect(lost).toBeGreaterThan(0);
  // Where nothing was ever refused, no fault came upon anything.
  else if (fault.loses !== 'perhaps something') expect([lost, unavailable > 0]).toEqual([0, true]);
}

async function strikeOnce<S extends FaultStage>(stage: S, fault: StageFault<S>, round: number) {
  const { app, calls } = stage;
  calls.begin();
  app.clock.nextStep(4);
  const name = `${fault.name} ${round}`;
  const serves = await createProbe(app, `probe of ${name}`);
  const ready: Attempt[] = [];
  for (const [index, prepare] of attempts.entries()) ready.push(await prepare(stage, `${name} ${index}`));

  let struckAt = 0;
  let servedAgain: Promise<number> | undefined;
  let struck: Promise<void> | undefined;
  async function strike(): Promise<void> {
    struckAt = ownTime();
    await fault.strike(stage);
    if (!fault.repair) servedAgain = untilServed(serves);
  }
  if (fault.beforehand) await strike();
  else {
    // Each round another moment, spread over what these requests ask of their stores.
    const at = 1 + ((round * 17 + 7) % 29);
    const happens = () => {
      struck = strike();
    };
    calls.begin({ at, when: round % 2 === 0 ? 'before' : 'after', happens });
  }
  const sentAt = ownTime();
  const answers = await Promise.all(ready.map(({ send }) => send()));
  expect(struckAt).toBeGreaterThan(0);
  expect(ownTime() - Math.max(struckAt, sentAt)).toBeLessThan(3_000);
  await struck;
  calls.begin();
  const statuses = answers.flat().map(({ status }) => status);
  for (const status of statuses) expect([200, 401, 503]).toContain(status);

  const repairing = fault.repair?.(stage);
  servedAgain ??= untilServed(serves);
  await repairing;
  const time = await servedAgain;
  // The way on which the test looks at accounts comes back by itself as well.
  await untilServed(() => succeeds(stage.records.get('')));
  let lost = 0;
  for (const [index, { check }] of ready.entries()) lost += await check(answers[index] ?? []);
  return { statuses, servedAgain: time, lost };
}

/** Whether the app reads and writes accounts. */
async function createProbe({ clock, full, mfa }: TestApp, user: string): Promise<() => Promise<boolean>> {
  const visitor = await full(user, await importUser({ mfa, clock }, user));
  return async () => {
    const { status } = await visitor.copy().get('/private');
    if (status !== 200) return false;
    // Not the probe's own account, to which a write that is late may still come.
    return succeeds(importUser({ mfa, clock }, `${user} ${performance.now()}`));
  };
}

const succeeds = (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => true,
    () => false,
  );

async function untilServed(serves: () => Promise<boolean>): Promise<number> {
  const began = performance.now();
  const begun = ownTime();
  while (!(await serves())) {
    if (ownTime() - begun > 90_000) throw new Error('The app did not serve again within 90 seconds.');
    await delay(10);
  }
  return Math.round(performance.now() - began);
}
