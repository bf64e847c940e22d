import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server on which things go wrong. */
export interface TcpProxy {
  readonly port: number;
  /** Where new connections lead. */
  target: number;
  /** How long every answer is on its way, in ms. */
  delay: number;
  /** Closes all connections; new ones are taken at once. */
  cut(): void;
  /** Closes a connection instead of passing on what the server answers next. */
  loseNextAnswer(): void;
  close(): void;
}

/** Starts it in front of the server on the loopback port `target`. */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let losing = false;

  const server = createServer((client) => {
    const upstream = connect(proxy.target, '127.0.0.1');
    let lastArrival = 0;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket
        .setNoDelay(true)
        .on('error', () => socket.destroy())
        .on('close', () => sockets.delete(socket));
    }
    client.on('data', (bytes) => upstream.write(bytes));
    upstream.on('data', (bytes) => {
      if (losing) {
        losing = false;
        client.destroy();
        return;
      }
      // None overtakes another, also where the delay has become shorter meanwhile.
      const now = performance.now();
      lastArrival = Math.max(lastArrival, now + proxy.delay);
      if (lastArrival <= now) client.write(bytes);
      else setTimeout(() => client.write(bytes), lastArrival - now);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };

  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    target,
    delay: 0,
    cut,
    loseNextAnswer() {
      losing = true;
    },
    close() {
      server.close();
      cut();
    },
  };
  return proxy;
}
