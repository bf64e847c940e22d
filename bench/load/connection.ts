import { once } from 'node:events';
import { connect } from 'node:net';

/** What came back. */
export interface Answer {
  readonly status: number;
  /** Status line, headers and body. */
  readonly text: string;
}

/** A keep-alive connection that carries one request at a time. */
export interface Connection {
  exchange(request: string): Promise<Answer>;
  close(): void;
}

/** How long an answer may take before the run fails, in ms. */
const patience = 20_000;

/**
 * A client on a bare socket: a general one needs as much processor time for a request as the app that is
 * measured, and both share the machine.
 */
export async function openConnection(port: number): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  let received = '';
  let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  function fail(error: Error): void {
    waiting?.reject(error);
    waiting = undefined;
    socket.destroy();
  }
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('The app closed a connection.')));
  socket.setTimeout(patience, () => fail(new Error(`No answer within ${patience} ms.`)));
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    if (!isComplete(received)) return;
    const text = received;
    received = '';
    waiting?.resolve({ status: Number(text.slice(9, 12)), text });
  });

  return {
    exchange(request) {
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      });
    },
    close() {
      waiting = undefined;
      socket.destroy();
    },
  };
}

function isComplete(text: string): boolean {
  const endOfHead = text.indexOf('\r\n\r\n');
  if (endOfHead === -1) return false;
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(text)?.[1];
  if (length === undefined) throw new Error(`An answer without Content-Length:\n${text}`);
  return text.length >= endOfHead + 4 + Number(length);
}
