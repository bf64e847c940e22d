import { createHash, randomBytes } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { MfaRouter } from 'express-mfa';
import type { KeyValue } from '../basic/key-value.ts';

const cookieName = 'remember_me';
const lifeMs = 30 * 24 * 3_600_000;

export type RememberMe = ReturnType<typeof createRememberMe>;

/**
 * A cookie that stands for the password for thirty days, and for nothing more: whoever comes back with it is
 * asked for the second step. Each token is good once and replaced by the next.
 */
export function createRememberMe({ mfa, records }: { mfa: MfaRouter; records: KeyValue }) {
  const cookie = {
    httpOnly: true,
    sameSite: 'lax',
    secure: process.env.NODE_ENV === 'production',
    path: '/',
  } as const;

  async function remember(res: Response, userId: string): Promise<void> {
    const token = randomBytes(32).toString('base64url');
    // New with a password reset, a log-out everywhere and every change of factors: they end the token, too.
    const { epoch } = await mfa.service.status(userId);
    await records.set(keyOf(token), JSON.stringify({ userId, epoch }), lifeMs);
    res.cookie(cookieName, token, { ...cookie, maxAge: lifeMs });
  }

  /** Uses the token up. */
  async function redeem(token: string): Promise<string | undefined> {
    const record = await records.get(keyOf(token));
    if (record === undefined || !(await records.remove(keyOf(token)))) return undefined;
    const { userId, epoch } = JSON.parse(record);
    return (await mfa.service.status(userId)).epoch === epoch ? userId : undefined;
  }

  /** Goes between Passport's session and the routes. */
  const comeBack: RequestHandler = async (req, res, next) => {
    const token = tokenOf(req);
    if (token === undefined || req.user || (await mfa.pending(req))) return next();
    const userId = await redeem(token);
    // Where it was not good, it may be that another tab has just used it: its new cookie is left alone.
    if (userId !== undefined) {
      await mfa.startLogin(req, userId, { via: 'remember_me' });
      await remember(res, userId);
    }
    next();
  };

  async function forget(req: Request, res: Response): Promise<void> {
    const token = tokenOf(req);
    if (token !== undefined) await records.remove(keyOf(token));
    res.clearCookie(cookieName, cookie);
  }

  return { remember, comeBack, forget };
}

function tokenOf({ headers }: Request): string | undefined {
  return new RegExp(`(?:^|; )${cookieName}=([\\w-]{43})(?:;|$)`).exec(headers.cookie ?? '')?.[1];
}

/** A hash: the database does not tell how to get in. */
function keyOf(token: string): string {
  return `remember-me:${createHash('sha256').update(token).digest('hex')}`;
}
