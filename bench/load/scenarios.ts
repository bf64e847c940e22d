import type { Redis } from '../apps/base-app.ts';
import { tutorialKey } from '../apps/tutorial.ts';
import type { Accounts } from '../processes/start-accounts.ts';
import type { AppName, RunningApp } from '../processes/start-app.ts';
import { createBackupCodePool, wrongBackupCode } from './backup-codes.ts';
import { logIn, newUserIds, verifyRequest } from './log-in.ts';
import { cookieOf, requestText } from './request-text.ts';
import { sendAll } from './send-all.ts';
import { codeAt, wrongCode } from './totp-codes.ts';

/** One kind of measured request. */
export interface Scenario {
  readonly app: AppName;
  /** The answer that counts. */
  readonly status: number;
  /** Does everything that is not measured, and gives the requests to send: each is for a session of its own. */
  prepare(app: RunningApp, count: number): Promise<readonly string[]>;
}

/** What the scenarios work with. */
export interface Supplies {
  readonly accounts: Accounts;
  readonly redis: Redis;
}

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

/** All kinds of requests, by the name under which the cases refer to them. */
export function createScenarios({ accounts, redis }: Supplies) {
  const takeBackupCodes = createBackupCodePool(accounts);

  async function withoutChecks(app: RunningApp, count: number) {
    const cookies = await logIn(app, newUserIds(count));
    return cookies.map((cookie) => verifyRequest(cookie, { code: '123456' }));
  }

  async function tutorial(app: RunningApp, count: number) {
    const userIds = newUserIds(count);
    await Promise.all(userIds.map((userId) => redis.set(tutorialKey(userId), secret)));
    const cookies = await logIn(app, userIds);
    return cookies.map((cookie) => verifyRequest(cookie, { code: codeAt(secret, 0) }));
  }

  /** New users of our library, each with a pending login and this body. */
  async function pending(app: RunningApp, count: number, body: () => unknown) {
    const cookies = await logIn(app, await accounts.importUsers(count, secret));
    return cookies.map((cookie) => verifyRequest(cookie, body()));
  }

  // After an import no code of the past is accepted: the next step's is, and stays good for half a minute.
  const totp = (app: RunningApp, count: number) => pending(app, count, () => ({ code: codeAt(secret, 1) }));

  async function rightBackupCode(app: RunningApp, count: number) {
    const codes = await takeBackupCodes(count);
    const cookies = await logIn(
      app,
      codes.map(({ userId }) => userId),
    );
    return codes.map(({ code }, index) => verifyRequest(cookies[index], { code, is_backup_code: true }));
  }

  /** A page at the second step; the floor's comes from a string. */
  const pageAt =
    (path: string, userIds: (count: number) => string[] | Promise<string[]>) =>
    async (app: RunningApp, count: number) => {
      const cookies = await logIn(app, await userIds(count));
      return cookies.map((cookie) => requestText({ method: 'GET', path, cookie, accept: 'text/html' }));
    };

  return {
    floor: { app: 'floor', status: 200, prepare: withoutChecks },
    tutorial: { app: 'tutorial', status: 200, prepare: tutorial },
    totp: { app: 'express-mfa', status: 200, prepare: totp },
    wrongTotp: {
      app: 'express-mfa',
      status: 401,
      prepare: (app, count) => pending(app, count, () => ({ code: wrongCode(secret) })),
    },
    wrongBackupCode: {
      app: 'express-mfa',
      status: 401,
      prepare: (app, count) => pending(app, count, () => ({ code: wrongBackupCode(), is_backup_code: true })),
    },
    bcryptReference: { app: 'bcrypt-reference', status: 200, prepare: withoutChecks },
    rightBackupCode: { app: 'express-mfa', status: 200, prepare: rightBackupCode },
    unguarded: { app: 'floor', status: 200, prepare: loggedIn(withoutChecks) },
    guarded: { app: 'express-mfa', status: 200, prepare: loggedIn(totp) },
    totpWithoutPages: { app: 'without-pages', status: 200, prepare: totp },
    guardedWithoutPages: { app: 'without-pages', status: 200, prepare: loggedIn(totp) },
    staticPage: { app: 'floor', status: 200, prepare: pageAt('/page', newUserIds) },
    challengePage: {
      app: 'express-mfa',
      status: 200,
      prepare: pageAt('/mfa/challenge', (count) => accounts.importUsers(count, secret)),
    },
  } satisfies Record<string, Scenario>;
}

/** The kinds of requests. */
export type ScenarioName = keyof ReturnType<typeof createScenarios>;

/** Requests to the guarded route by users who have just completed a login. They change nothing, so they are kept. */
function loggedIn(secondStep: Scenario['prepare']): Scenario['prepare'] {
  const kept = new Map<number, string[]>();
  return async (app, count) => {
    const requests = kept.get(app.port) ?? [];
    if (requests.length < count) {
      const { answers } = await sendAll({
        port: app.port,
        requests: await secondStep(app, count - requests.length),
        connections: 16,
        status: 200,
      });
      requests.push(
        ...answers.map((answer) =>
          requestText({ method: 'GET', path: '/guarded', cookie: cookieOf(answer) }),
        ),
      );
      kept.set(app.port, requests);
    }
    return requests.slice(0, count);
  };
}
