import { once } from 'node:events';
import { createServer } from 'node:http';
import { freePort } from '../servers/free-port.ts';

/** An answer to GET: `policy` is its Content-Security-Policy. */
export interface ServedPage {
  readonly status?: number;
  readonly type?: string;
  readonly policy?: string;
  /** Without one the request is never answered. */
  readonly body?: string;
}

/** A server of its own for what the tests' tools are tried on: 404 for every path that is not listed. */
export async function servePages(pages: Readonly<Record<string, ServedPage>>) {
  const server = createServer((req, res) => {
    const { status, type, policy, body } = pages[req.url ?? ''] ?? { status: 404, body: 'Not found' };
    if (body === undefined) return;
    if (policy) res.setHeader('Content-Security-Policy', policy);
    res.writeHead(status ?? 200, { 'Content-Type': type ?? 'text/html; charset=utf-8' });
    res.end(body);
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
