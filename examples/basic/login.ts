import { Router } from 'express';
import { html, type MfaRouter } from 'express-mfa';
import { goOn, goOnWith, shown, submitted } from './faces.ts';
import { loginPage, registerPage, returnTo } from './login-pages.ts';
import { newPassword, Refusal, text, textField } from './requests.ts';
import type { Users } from './users.ts';

const page = loginPage({
  title: 'Log in',
  action: '/login',
  more: html`<p><a href="/password-reset">I have forgotten my password</a></p>
<p><a href="/register">I have no account yet</a></p>`,
});

/**
 * Registration, login and log-out: the app's own. Put a rate limit by address before the first two
 * (express-rate-limit, say): the library counts only second steps.
 */
export function loginRoutes({ users, mfa }: { users: Users; mfa: MfaRouter }): Router {
  const router = Router();

  router.get('/register', shown(registerPage));
  router.get('/login', shown(page));

  // A real app mails a link first, and then the answer does not tell who is registered already.
  router.post(
    '/register',
    submitted(registerPage, async (req, res) => {
      const user = await users.register(textField(req.body, 'email'), newPassword(req.body));
      if (!user) throw new Refusal(409, 'There is an account with this address.');
      const login = await mfa.startLogin(req, user.id);
      res.status(201);
      goOnWith(req, res, login);
    }),
  );

  router.post(
    '/login',
    submitted(page, async (req, res) => {
      const user = await users.authenticate(textField(req.body, 'email'), textField(req.body, 'password'));
      // The same words, whichever of the two is wrong.
      if (!user) throw new Refusal(401, 'The address or the password is wrong.');
      // Without the library: req.session.user = { id: user.id }
      const login = await mfa.startLogin(req, user.id, { returnTo: returnTo(req) });
      goOnWith(req, res, login);
    }),
  );

  router.post('/log-out', async (req, res) => {
    const everywhere = req.body?.everywhere === true || text(req.body, 'everywhere') === 'true';
    await mfa.logOut(req, { everywhere });
    goOn(req, res, { to: '/', json: { message: 'You are logged out.' } });
  });

  return router;
}
