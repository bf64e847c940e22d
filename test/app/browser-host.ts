import express, { type Express, Router } from 'express';
import type { MfaRouter } from 'express-mfa';

/** The pages of a host that people see: a login form, a home, a form behind the guard, a button to log out. */
export function browserHost(app: Express, mfa: MfaRouter): void {
  const router = Router();
  const form = express.urlencoded({ extended: false });

  // Browsers ask for it by themselves.
  router.get('/favicon.ico', (_req, res) => void res.status(204).end());
  router.get('/sign-in', (req, res) => {
    const returnTo = typeof req.query.return_to === 'string' ? req.query.return_to : '';
    res.send(
      document(
        'Sign in',
        `<form method="post" action="/sign-in">
<input type="hidden" name="return_to" value="${encodeURIComponent(returnTo)}">
<label>User <input name="user"></label><button>Sign in</button></form>`,
      ),
    );
  });
  router.post('/sign-in', form, async (req, res) => {
    const returnTo = decodeURIComponent(String(req.body.return_to)) || undefined;
    const login = await mfa.startLogin(req, String(req.body.user), { returnTo });
    res.redirect(303, login.redirectTo);
  });
  router.post('/sign-out', async (req, res) => {
    await mfa.logOut(req);
    res.redirect(303, '/home');
  });
  router.get('/home', (req, res) => {
    const who = req.session.userId ?? 'nobody';
    res.send(
      document(`Home of ${who}`, '<form method="post" action="/sign-out"><button>Sign out</button></form>'),
    );
  });
  router.get('/vault', mfa.requireMfa(), (req, res) => {
    res.send(document('The vault', `<p>Opened by ${req.session.userId}, for ${req.originalUrl}</p>`));
  });
  router.get('/payment', (_req, res) => {
    res.send(document('Payment', '<form method="post" action="/pay"><button>Pay</button></form>'));
  });
  router.post('/pay', mfa.requireMfa({ maxAge: 300_000 }), (_req, res) => res.redirect(303, '/paid'));
  router.get('/paid', (_req, res) => void res.send(document('Paid', '')));
  app.use(router);
}

/** The options of a router in such a host. */
export const browserHostPaths = { loginPath: '/sign-in', homePath: '/home' } as const;

function document(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>
<body><main><h1>${title}</h1>${body}</main></body></html>`;
}
