import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

type Handlers = Record<string, (input: never) => unknown>;

/** A process of this benchmark that answers questions. */
export interface Helper {
  ask(name: string, input?: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** In a child: answers the parent's questions, and ends when the parent does. */
export function answerQuestions(handlers: Handlers): void {
  process.on('message', async ({ id, name, input }: { id: number; name: string; input: never }) => {
    try {
      process.send?.({ id, answer: await handlers[name]?.(input) });
    } catch (error) {
      process.send?.({ id, failure: error instanceof Error ? error.stack : String(error) });
    }
  });
  process.once('disconnect', () => process.exit());
  process.send?.({ id: 0 });
}

/** Starts the child process `file` and waits until it can be asked. */
export async function startHelper(file: URL, args: readonly string[]): Promise<Helper> {
  const child = fork(file, args, {
    execArgv: ['--import', 'tsx'],
    // The compiler settings of the project map the package's name to its sources; here the built package counts.
    env: { ...process.env, NODE_ENV: 'production', TSX_TSCONFIG_PATH: tsconfigPath },
  });
  await nextMessage(child, 0);
  let lastId = 0;
  return {
    async ask(name, input) {
      const id = ++lastId;
      const message = nextMessage(child, id);
      child.send({ id, name, input });
      return message;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

const tsconfigPath = new URL('../tsconfig.built.json', import.meta.url).pathname;

function nextMessage(child: ChildProcess, id: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = () => settle(() => reject(new Error('A process of the benchmark ended early.')));
    const onMessage = (message: { id: number; answer?: unknown; failure?: string }) => {
      if (message.id !== id) return;
      settle(() =>
        message.failure === undefined ? resolve(message.answer) : reject(new Error(message.failure)),
      );
    };
    function settle(tell: () => void): void {
      child.off('exit', onExit).off('message', onMessage);
      tell();
    }
    child.on('exit', onExit).on('message', onMessage);
  });
}
