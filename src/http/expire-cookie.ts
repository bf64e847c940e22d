import type { Request } from 'express';
import type { Cookie } from 'express-session';

/**
 * Takes the session's cookie back, which express-session does not do. The session is gone without it as well;
 * but a cookie that is set is what makes Chromium drop the pages of before, which the back button would show
 * from memory else, so it is set to nothing before it is removed. Its name is the host's: it is known by what
 * it holds.
 */
export function expireCookie(
  { res, headers }: Request,
  { sessionID, cookie: { path, domain, secure, sameSite, httpOnly } }: { sessionID: string; cookie: Cookie },
): void {
  const value = encodeURIComponent(`s:${sessionID}.`);
  const cookie = headers?.cookie
    ?.split(/; */)
    .find((pair) => pair.slice(pair.indexOf('=') + 1).startsWith(value));
  // The handshake of a socket has no response.
  if (cookie === undefined || !res || res.headersSent) return;
  const name = cookie.slice(0, cookie.indexOf('='));
  const attributes = {
    path: path ?? '/',
    ...(domain !== undefined && { domain }),
    secure: secure === true,
    ...(sameSite !== undefined && { sameSite }),
    httpOnly: httpOnly !== false,
  };
  try {
    res.cookie(name, '', attributes);
    res.clearCookie(name, attributes);
  } catch {
    // With attributes that cannot be written nobody has set the cookie: what is stored is damaged.
  }
}
