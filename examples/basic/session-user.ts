import type { Request } from 'express';

declare module 'express-session' {
  interface SessionData {
    /** Who is logged in. Nobody else but `logIn` in app.ts sets it. */
    user: { id: string };
    /** What the next page of the account tells. */
    notice: string;
  }
}

/** Whom the app takes for logged in. */
export function sessionUserId(req: Request): string | undefined {
  return req.session.user?.id;
}
