import { afterEach, beforeAll, test } from '@jest/globals';
import { makeBcryptCheap } from '../app/cheap-bcrypt.ts';
import type { Stage } from './stage.ts';
import { faultRounds, type StageFault, strikeRounds } from './strike-rounds.ts';

/** An app whose accounts are on the first of two servers, until the second one takes its place. */
export interface FailoverStage extends Pick<Stage, 'app' | 'records' | 'calls'> {
  /** Puts the second one out of reach: the first one alone has what is written from now on. */
  separate(): Promise<void>;
  /** Kills the first one, whereupon the second one takes its place by and by. */
  failOver(): Promise<void>;
  close(): Promise<void>;
}

/** How two servers keep accounts. */
export interface Replication {
  readonly name: string;
  /** Whether the first one answers no write that the second one does not have. */
  readonly waits: boolean;
  open(): Promise<FailoverStage>;
}

/** Lets the second server take over: in mid-flight, and when it has missed something. */
export function failoversOf(place: string, replications: readonly Replication[]): void {
  let stage: FailoverStage | undefined;
  async function close(): Promise<void> {
    await stage?.close();
    stage = undefined;
  }
  beforeAll(makeBcryptCheap);
  afterEach(close);

  const faults = replications.flatMap(({ name, waits, open }) => {
    const inFlight: StageFault<FailoverStage> = {
      name: `failed over in mid-flight, ${name}`,
      strike: (struck) => struck.failOver(),
      loses: waits ? 'nothing' : 'perhaps something',
    };
    const outOfReach: StageFault<FailoverStage> = {
      name: `the second server out of reach, then failed over, ${name}`,
      beforehand: true,
      strike: (struck) => struck.separate(),
      repair: (struck) => struck.failOver(),
      loses: waits ? 'nothing' : 'something',
    };
    return [
      { open, ...inFlight },
      { open, ...outOfReach },
    ];
  });
  const rounds = faultRounds(1);
  test.each(faults)(
    '$name: never half a state, and $loses is lost of what was told to be done',
    async ({ open, ...fault }) => {
      // Each round has servers of its own: the one that was killed does not come back as the first.
      const stageOf = async () => {
        await close();
        stage = await open();
        return stage;
      };
      await strikeRounds(place, fault, { rounds, stageOf });
    },
    60_000 + rounds * 40_000,
  );
}
