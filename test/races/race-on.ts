import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StoreKind } from '../stores/store-kind.ts';
import { disableAgainstVerify, oneBackupCode, oneTotpCode, twoEnrolments } from './races.ts';
import { type Racers, startRacers } from './start-racers.ts';

/** RACE_ROUNDS for each of them; without it so many that the whole takes seconds. */
const races = [
  { title: 'one TOTP code sent twenty times at once is accepted once', round: oneTotpCode, usual: 100 },
  { title: 'one backup code sent twenty times at once is accepted once', round: oneBackupCode, usual: 50 },
  {
    title: 'of two enrolments confirmed twice at once one is in force, the one that was told',
    round: twoEnrolments,
    usual: 20,
  },
  {
    title: 'turning it off against logging in: the old state or the new one, and no login outlives its epoch',
    round: disableAgainstVerify,
    usual: 100,
  },
];

/** The races of four processes for the accounts of one user, on the server that `start` gives. */
export function raceOn(
  kind: StoreKind,
  start: () => Promise<{ readonly url: string; stop(): Promise<unknown> }>,
): void {
  let server: Awaited<ReturnType<typeof start>>;
  let racers: Racers;
  beforeAll(async () => {
    server = await start();
    racers = await startRacers({ kind, address: server.url });
  });
  afterAll(async () => {
    await racers.stop();
    await server.stop();
  });

  const given = process.env.RACE_ROUNDS;
  test.each(races)(
    'RP-04 in four processes: $title',
    async ({ title, round, usual }) => {
      const rounds = Number(given ?? usual);
      const runRound = round(racers);
      const lostBefore = racers.lostWrites();
      const began = performance.now();
      let successes = 0;
      for (let index = 0; index < rounds; index++) successes += await runRound(index);

      const seconds = Math.round((performance.now() - began) / 100) / 10;
      const lostWrites = racers.lostWrites() - lostBefore;
      report({ kind, title, rounds, successes, lostWrites, seconds });
      expect(successes).toBe(rounds);
      // Where no write ever came second, nothing was a race.
      expect(lostWrites).toBeGreaterThan(0);
    },
    60_000 + Number(given ?? 0) * 5_000,
  );
}

/** Where RACE_REPORT names a file, the figures go there. */
function report(figures: object): void {
  if (process.env.RACE_REPORT) appendFileSync(process.env.RACE_REPORT, `${JSON.stringify(figures)}\n`);
}
