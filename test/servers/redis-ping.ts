import { connect } from 'node:net';

/** True if a Redis server on this loopback port answers PING within `timeout` milliseconds. */
export function redisAnswers(port: number, timeout = 500): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const finish = (answers: boolean): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(timeout, () => finish(false));
    socket.once('error', () => finish(false));
    // A server with a password is up as well; one that still loads its data says -LOADING.
    socket.once('data', (data) => finish(/^(\+PONG|-NOAUTH)/.test(data.toString('latin1'))));
  });
}
