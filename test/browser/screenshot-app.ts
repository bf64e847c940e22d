import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createMfaRouter, memoryMfaStore } from 'express-mfa';
import { enrol } from 'express-mfa/testing';
import session from 'express-session';
import { Secret, TOTP } from 'otpauth';

/** An app in memory, with one user. */
export interface ScreenshotApp {
  /** As browsers see it. */
  readonly url: string;
  enrol(): Promise<void>;
  codeOf(secret: string): string;
  wrongCode(): string;
  close(): Promise<void>;
}

const userId = 'ada@example.com';

export async function startScreenshotApp(): Promise<ScreenshotApp> {
  const now = Date.now;
  const mfa = createMfaRouter({
    issuer: 'Acme',
    keys: [randomBytes(32).toString('base64')],
    store: memoryMfaStore(),
    currentUserId: (req) => req.session.userId,
    logIn(req, id) {
      req.session.userId = id;
    },
    accountName: String,
    verifyPassword: () => true,
    now,
  });
  const app = express();
  app.use(session({ secret: 'pictures', resave: false, saveUninitialized: false }));
  app.use('/mfa', mfa);
  app.get('/login', async (req, res) => {
    const login = await mfa.startLogin(req, userId);
    res.redirect(login.redirectTo);
  });
  app.get('/', (_req, res) => void res.send('Home'));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async enrol() {
      await enrol(mfa, userId, { now });
    },
    codeOf: (secret) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now() }),
    wrongCode: () => '000000',
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
