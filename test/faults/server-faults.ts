import { afterAll, beforeAll, test } from '@jest/globals';
import { makeBcryptCheap } from '../app/cheap-bcrypt.ts';
import type { Stage } from './stage.ts';
import { faultRounds, type StageFault, strikeRounds } from './strike-rounds.ts';

const faults: readonly StageFault<Stage>[] = [
  { name: 'killed', strike: ({ server }) => server.kill(), repair: ({ server }) => server.restart() },
  { name: 'frozen', strike: ({ server }) => server.freeze(), repair: ({ server }) => server.thaw() },
  {
    name: 'every answer delayed by 700 ms',
    strike({ proxy }) {
      proxy.delay = 700;
    },
    repair({ proxy }) {
      proxy.delay = 0;
    },
  },
  { name: 'its connections cut', strike: ({ proxy }) => proxy.cut() },
  { name: 'the connection cut instead of an answer', strike: ({ proxy }) => proxy.loseNextAnswer() },
  {
    name: 'the n-th command fails before it is done',
    strike({ commands }) {
      commands.next = 'before';
    },
  },
  {
    name: 'the n-th command fails when it is done',
    strike({ commands }) {
      commands.next = 'after';
    },
  },
];

/** Lets everything go wrong with a server of accounts. */
export function faultsOf(place: string, open: () => Promise<Stage>): void {
  let stage: Stage;
  beforeAll(async () => {
    makeBcryptCheap();
    stage = await open();
  });
  afterAll(() => stage.close());

  const rounds = faultRounds();
  test.each(faults)(
    '$name: old state or new, no code twice, no login by a 503, and on without a restart',
    async (fault) => {
      await strikeRounds(place, fault, { rounds, stageOf: async () => stage });
    },
    60_000 + rounds * 20_000,
  );
}
