import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { TOTP } from 'otpauth';
import type { StoreKind } from '../stores/store-kind.ts';
import type { Outcome, RaceCall } from './race-call.ts';
import { atTheWrite, goOn, type RaceReply, type RaceRequest, type RaceSettings } from './race-messages.ts';

/** Four processes of one app, each with its own connections to the same accounts. */
export interface Racers {
  /** Moves the clock of all of them to the next time step. */
  nextStep(): void;
  /** The present code of an authenticator. */
  codeOf(secret: string): string;
  /** How many writes came second to another one so far: where it stays 0 nothing was a race. */
  readonly lostWrites: () => number;
  /**
   * Runs these calls at once, each list in one of the processes; the outcomes are in the same order. With `meet`
   * none of the processes writes before all of them are about to.
   */
  race(lists: readonly (readonly RaceCall[])[], options?: { meet: boolean }): Promise<Outcome[]>;
  /** Runs one call in the first process. */
  call(call: RaceCall): Promise<Outcome>;
  stop(): Promise<void>;
}

/** @param place.address of the server, or the directory for SQLite. */
export async function startRacers(place: { kind: StoreKind; address: string }): Promise<Racers> {
  const cheapBcrypt = process.env.RACE_BCRYPT !== 'real';
  const settings: RaceSettings = { ...place, key: randomBytes(32).toString('base64'), cheapBcrypt };
  const children: ChildProcess[] = [];
  for (let count = 0; count < 4; count++)
    children.push(fork(join(__dirname, 'race-process.ts'), processOptions));
  await Promise.all(children.map((child) => begin(child, settings)));
  let lostWrites = 0;

  function ask(
    child: ChildProcess | undefined,
    request: RaceRequest,
    arrive: () => Promise<unknown>,
  ): Promise<readonly Outcome[]> {
    if (!child) throw new Error('There are four processes.');
    child.send(request);
    return new Promise((resolve) => {
      child.on('message', async (message: RaceReply | typeof atTheWrite) => {
        if (message === atTheWrite) {
          await arrive();
          child.send(goOn);
          return;
        }
        child.removeAllListeners('message');
        lostWrites += message.lostWrites;
        resolve(message.outcomes);
      });
    });
  }

  let now = Math.floor(Date.now() / 30_000) * 30_000 + 10_000;
  const racers: Racers = {
    nextStep() {
      now += 30_000;
    },
    codeOf: (secret) => new TOTP({ secret }).generate({ timestamp: now }),
    lostWrites: () => lostWrites,
    async race(lists, { meet } = { meet: false }) {
      const arrive = meetingOf(lists.length);
      const outcomes = lists.map((calls, index) => ask(children[index], { now, meet, calls }, arrive));
      return (await Promise.all(outcomes)).flat();
    },
    async call(call) {
      const [outcome] = await racers.race([[call]]);
      if (!outcome) throw new Error('The process gave no outcome.');
      return outcome;
    },
    async stop() {
      await Promise.all(
        children.map(async (child) => {
          const ended = once(child, 'exit');
          child.kill('SIGKILL');
          await ended;
        }),
      );
    },
  };
  return racers;
}

/** Everybody who arrives waits for the last of them. */
function meetingOf(count: number): () => Promise<unknown> {
  const target = new EventTarget();
  const complete = once(target, 'complete');
  let arrived = 0;
  return () => {
    if (++arrived === count) target.dispatchEvent(new Event('complete'));
    return complete;
  };
}

const processOptions = { execArgv: ['--import', 'tsx'] };

async function begin(child: ChildProcess, settings: RaceSettings): Promise<void> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`A process ended with code ${code} before it was ready.`);
  });
  const ready = once(child, 'message');
  child.send(settings);
  await Promise.race([ready, ended]);
  ended.catch(() => undefined);
}
