import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import express, { type ErrorRequestHandler } from 'express';
import type { TestAuthenticator } from 'express-mfa/testing';
import type { Response } from 'supertest';
import type { Browser } from './browser.ts';
import { createTestApp, type TestApp } from './create-test-app.ts';
import type { Requests } from './every-request.ts';
import { importUser } from './imported-user.ts';

/** Changes a stored session. */
export type Damage = (session: Record<string, unknown>) => void;
type Who = 'pending' | 'full';
type Statuses = Record<string, number | 'none'>;

/** Where JSON is to stand that JavaScript would not write. */
export const here = '(here)';

/** An app whose user A has an authenticator, and browsers whose sessions were damaged in the store. */
export interface DamagedSessions {
  readonly app: TestApp;
  readonly authenticator: TestAuthenticator;
  /** The account of A as it was. */
  readonly state: string | null;
  /** How many requests express-session could read the session of. */
  read(): number;
  /** A browser of A whose session is as `damage` leaves it, with `raw` in the place of {@link here}. */
  browserWith(who: Who, damage: Damage, raw?: string): Promise<Browser>;
  /** Sends each request with a session of its own. */
  statuses(requests: Requests, who: Who, damage: Damage, raw?: string): Promise<Statuses>;
}

const secret = 'a secret of damaged sessions';

export async function createDamagedSessions(): Promise<DamagedSessions> {
  let read = 0;
  const app = await createTestApp({
    session: { secret },
    beforeRoutes(host, mfa) {
      host.use((req, _res, next) => {
        read++;
        if (req.headers['x-put-big-int']) Object.assign(req.session, { big: 7n });
        next();
      });
      host.get('/check', (req, res, next) => {
        mfa.check(req).then(({ ok }) => res.json({ ok, alone: req.sessionID === undefined }), next);
      });
      host.post('/finish', express.json(), (req, res, next) => {
        mfa.finishLogin(req, req.body).then((result) => res.json(result), next);
      });
    },
    after(host) {
      // What express-session cannot read, it cannot write either: the host's own answer would hang.
      const careful: ErrorRequestHandler = (error, req, _res, next) => {
        if (error instanceof RangeError) Reflect.deleteProperty(req, 'session');
        next(error);
      };
      host.use(careful);
    },
  });
  const authenticator = await importUser(app, 'A');
  const pending = await app.sessionOf(await app.pending('A'));
  const full = await app.sessionOf(await app.full('A', authenticator));
  app.clock.nextStep();

  async function browserWith(who: Who, damage: Damage, raw = 'null'): Promise<Browser> {
    const session = structuredClone(who === 'pending' ? pending : full);
    damage(session);
    const text = JSON.stringify(session).replace(`"${here}"`, () => raw);
    const id = randomBytes(18).toString('hex');
    await app.redis.set(`${app.prefix}sess:${id}`, text);
    const signature = createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '');
    const browser = app.browser();
    browser.cookie = `sid=${encodeURIComponent(`s:${id}.${signature}`)}`;
    return browser;
  }
  return {
    app,
    authenticator,
    state: await app.rawState('A'),
    read: () => read,
    browserWith,
    async statuses(requests, who, damage, raw) {
      const answers = Object.entries(requests).map(async ([name, send]) => {
        return [name, await statusOf(send(await browserWith(who, damage, raw)))] as const;
      });
      return Object.fromEntries(await Promise.all(answers));
    },
  };
}

/** The status of an answer whose last byte comes within two seconds. */
export async function statusOf(answer: Promise<Response>): Promise<number | 'none'> {
  const controller = new AbortController();
  const late = wait(2_000, 'none' as const, { signal: controller.signal });
  late.catch(() => undefined);
  const status = await Promise.race([answer.then((response) => response.status), late]);
  controller.abort();
  return status;
}

/** The same status for all of them. */
export function each(requests: Requests, status: number): Statuses {
  return Object.fromEntries(Object.keys(requests).map((name) => [name, status]));
}
