import { once } from 'node:events';
import type { Server } from 'node:http';

/** Listens on loopback (or HOST) and port 3000 (or PORT), and gives the address for people. */
export async function listen(server: Server): Promise<string> {
  const { HOST = '127.0.0.1', PORT = '3000' } = process.env;
  server.listen(Number(PORT), HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw taken ? new Error(`Port ${PORT} is taken: set PORT to another one.`) : error;
  }
  const address = server.address();
  const name = HOST === '127.0.0.1' ? 'localhost' : HOST;
  return `http://${name}:${typeof address === 'object' ? address?.port : PORT}`;
}

/** Runs the start of an example. What goes wrong there is one sentence, not a stack. */
export async function start(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
