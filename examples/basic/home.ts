import type { Request, RequestHandler } from 'express';
import type { MfaRouter } from 'express-mfa';
import { wantsPage } from './faces.ts';
import { homePage, type Visitor } from './home-page.ts';
import { sendPage } from './pages.ts';
import type { Users } from './users.ts';

const text = `This is the basic example of express-mfa. To browsers it shows pages, to programs it speaks
JSON; examples/README.md has a whole login with curl.

POST   /register                             email, password
POST   /login                                email, password
POST   /password-reset                       email
POST   /password-reset/confirm               token, password
POST   /log-out                              everywhere (true or false)

GET    /mfa/totp/status
POST   /mfa/totp/enroll                      password (if the login is older than five minutes)
POST   /mfa/totp/verify-enrollment           code
POST   /mfa/totp/verify                      code (of the authenticator, or a backup code)
POST   /mfa/totp/regenerate-backup-codes     password, code
DELETE /mfa/totp/disable                     password, code

GET    /account                              for whoever is logged in
POST   /transfer                             to, amount; asks for a second step of the last five minutes
`;

/** What somebody sees who comes to look. */
export function home({ users, mfa }: { users: Users; mfa: MfaRouter }): RequestHandler {
  async function visitorOf(req: Request): Promise<Visitor> {
    if (await mfa.pending(req)) return 'halfway';
    // Not the app's own word alone: this session may have been ended from elsewhere.
    const login = await mfa.check(req, { unenrolled: 'allow' });
    const user = login.ok ? await users.byId(String(login.userId)) : undefined;
    return user ?? 'guest';
  }

  return async (req, res) => {
    if (wantsPage(req)) sendPage(res, homePage(await visitorOf(req)));
    else res.type('text').send(text);
  };
}
