import { type Answer, openConnection } from './connection.ts';

/** Requests to send, and the one status that counts as an answer. */
export interface Load {
  readonly port: number;
  readonly requests: readonly string[];
  readonly connections: number;
  readonly status: number;
}

/** The answers in the order of the requests, and how long it took from the first byte to the last. */
export interface Sent {
  readonly answers: readonly Answer[];
  readonly seconds: number;
}

/**
 * Sends every request once, over connections that are open before the clock starts.
 *
 * @throws Error at the first answer with another status.
 */
export async function sendAll({ port, requests, connections, status }: Load): Promise<Sent> {
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(port)));
  const answers: Answer[] = new Array(requests.length);
  let next = 0;
  try {
    const start = performance.now();
    await Promise.all(
      open.map(async (connection) => {
        for (let index = next++; index < requests.length; index = next++) {
          const answer = await connection.exchange(requests[index] ?? '');
          if (answer.status !== status) throw new Error(`Expected ${status}, and got:\n${answer.text}`);
          answers[index] = answer;
        }
      }),
    );
    return { answers, seconds: (performance.now() - start) / 1000 };
  } finally {
    for (const connection of open) connection.close();
  }
}
