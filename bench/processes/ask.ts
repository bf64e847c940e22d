import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

interface Question {
  readonly id: number;
  readonly name: string;
  readonly input: never;
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: string;
}

/** A process of this benchmark that answers questions. */
export interface Helper {
  ask(name: string, input?: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

// The project's own compiler settings map the package's name to its sources; here the built package counts.
const tsconfig = fileURLToPath(new URL('../tsconfig.built.json', import.meta.url));

/** In a child: answers the parent's questions, and ends when the parent does. */
export function answerQuestions(handlers: Readonly<Record<string, (input: never) => unknown>>): void {
  process.on('message', async ({ id, name, input }: Question) => {
    try {
      process.send?.({ id, value: await handlers[name]?.(input) });
    } catch (error) {
      process.send?.({ id, failure: error instanceof Error ? error.stack : String(error) });
    }
  });
  process.once('disconnect', () => process.exit());
}

/** Starts the TypeScript file as a child process. What is asked before it is ready waits. */
export function startHelper(file: URL, args: readonly string[]): Helper {
  const child = fork(file, args, {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, NODE_ENV: 'production', TSX_TSCONFIG_PATH: tsconfig },
  });
  const asked = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let lastId = 0;

  child.on('message', ({ id, value, failure }: Answer) => {
    if (failure === undefined) asked.get(id)?.resolve(value);
    else asked.get(id)?.reject(new Error(failure));
    asked.delete(id);
  });
  child.once('exit', () => {
    for (const { reject } of asked.values()) reject(new Error('A process of the benchmark ended early.'));
  });

  return {
    ask(name, input) {
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        asked.set(id, { resolve, reject });
        child.send({ id, name, input }, (error) => (error ? reject(error) : undefined));
      });
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
