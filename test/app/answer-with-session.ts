import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from '@jest/globals';
import express, { type RequestHandler } from 'express';
import session, { type SessionOptions } from 'express-session';
import request, { type Response } from 'supertest';

type Options = Partial<SessionOptions> & Required<Pick<SessionOptions, 'store'>> & { cookie?: string };

/** The answer to one request of an app with nothing but express-session and this handler. */
export async function answerWithSession(
  handler: RequestHandler,
  { cookie = '', ...options }: Options,
): Promise<Response> {
  const app = express();
  app.use(session({ secret: 's', resave: false, saveUninitialized: true, ...options, name: 'sid' }));
  app.get('/', handler);
  let thrown: unknown;
  app.use(((error, _req, res, _next) => {
    thrown = error;
    res.status(500).end();
  }) satisfies express.ErrorRequestHandler);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const response = await request(url).get('/').set('Cookie', cookie);
    // What the handler expects in vain is the test's failure.
    if (thrown !== undefined) throw thrown;
    expect(response.status).toBe(200);
    return response;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
