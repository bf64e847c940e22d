import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createCommandReader } from './resp-commands.ts';

/** A way to Redis that keeps a record of what goes over it. */
export interface RedisProxy {
  readonly url: string;
  /** What was sent since the last call: an array of commands for each round trip. */
  take(): string[][];
  close(): void;
}

/** How far away the proxy makes Redis look, in ms: commands sent within that time travel together. */
const distance = 5;

/** Starts it in front of the Redis on `redisPort`. A round trip begins with the first command after a reply. */
export async function startRedisProxy(redisPort: number): Promise<RedisProxy> {
  let trips: string[][] = [];
  const sockets = new Set<Socket>();

  const server = createServer((client) => {
    const redis = connect(redisPort, '127.0.0.1');
    const readCommands = createCommandReader();
    let awaitingReply = false;
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket
        .setNoDelay(true)
        .on('error', () => socket.destroy())
        .on('close', () => sockets.delete(socket));
    }
    client.on('data', (bytes) => {
      if (!awaitingReply) trips.push([]);
      awaitingReply = true;
      trips.at(-1)?.push(...readCommands(bytes));
      redis.write(bytes);
    });
    redis.on('data', (bytes) => {
      setTimeout(() => {
        awaitingReply = false;
        client.write(bytes);
      }, distance);
    });
    client.on('close', () => redis.destroy());
    redis.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');

  return {
    url: `redis://127.0.0.1:${address.port}`,
    take() {
      const taken = trips;
      trips = [];
      return taken;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
