import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { answerCommand, type Documents } from './mongo-commands.ts';
import { encodeReply, readCommands } from './mongo-wire.ts';

/** What listens where a MongoDB would. */
export interface MongoStandIn {
  readonly url: string;
  /** Every command that was asked, but those of the driver's own housekeeping. */
  readonly asked: readonly Record<string, unknown>[];
  /** What the next write is answered besides, as a server whose replicas do not follow would. */
  failNextWrite(fault: Record<string, unknown>): void;
  stop(): Promise<void>;
}

const housekeeping = new Set(['hello', 'ping', 'endSessions', 'killCursors']);

/**
 * Speaks MongoDB's wire protocol, as far as the example needs it: npm brings no server. It does what the
 * manual says of these commands, so it can show that the store reads the driver's answers rightly, and cannot
 * show what a real server does.
 */
export async function startMongoStandIn(): Promise<MongoStandIn> {
  const documents: Documents = new Map();
  const asked: Record<string, unknown>[] = [];
  let fault: Record<string, unknown> | undefined;

  function answer(command: Record<string, unknown>): Record<string, unknown> {
    const reply = answerCommand(command, documents);
    if (housekeeping.has(Object.keys(command)[0] ?? '')) return reply;
    asked.push(command);
    if (!fault || !('writeConcern' in command)) return reply;
    const faulty = { ...reply, ...fault };
    fault = undefined;
    return faulty;
  }

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    readCommands(socket, (id, command) => socket.write(encodeReply(id, answer(command))));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('It listens nowhere.');

  return {
    url: `mongodb://127.0.0.1:${address.port}/?directConnection=true`,
    asked,
    failNextWrite(next) {
      fault = next;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
