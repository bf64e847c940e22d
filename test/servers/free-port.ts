import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * A TCP port of the loopback interface that was free a moment ago. Not one of those that the operating system
 * hands out: while a server is down for a test, somebody's outgoing connection would get it.
 */
export async function freePort(): Promise<number> {
  for (let triesLeft = 20; triesLeft > 0; triesLeft--) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) return port;
  }
  throw new Error('No port is free between 20000 and 32000.');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
