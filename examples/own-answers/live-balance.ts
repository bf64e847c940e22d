import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import type { MfaRouter } from 'express-mfa';
import type { Session } from 'express-session';
import { Server } from 'socket.io';
import { explain } from './explain.ts';

/** A socket behind the same guard. `check` needs no more than a request with a session, which a handshake is. */
export function liveBalance(
  http: HttpServer,
  { mfa, sessions }: { mfa: MfaRouter; sessions: RequestHandler },
) {
  const io = new Server(http);
  io.engine.use(sessions);

  io.use(async (socket, next) => {
    const result = await mfa.check(socket.request);
    next(result.ok ? undefined : Object.assign(new Error('denied'), { data: explain(result) }));
  });

  io.on('connection', (socket) => {
    socket.on('balance', async (answer: (message: object) => void) => {
      // A socket outlives what was true at its handshake: whoever has logged out since is found out here.
      await reloadSession(socket.request);
      const result = await mfa.check(socket.request);
      answer(result.ok ? { result: 100 } : { problem: explain(result) });
      if (!result.ok) socket.disconnect();
    });
  });
  return io;
}

/** Reads the session anew. Where it is gone the request has none, and every check fails. */
function reloadSession(request: IncomingMessage & { session?: Session }): Promise<void> {
  return new Promise((resolve) => {
    if (!request.session) return resolve();
    request.session.reload((error: unknown) => {
      if (error) delete request.session;
      resolve();
    });
  });
}
