import { Router } from 'express';
import type { MfaRouter } from 'express-mfa';
import { newPassword, textField } from './requests.ts';
import type { Users } from './users.ts';

/**
 * Registration, login and log-out: the app's own. Put a rate limit by address before the first two
 * (express-rate-limit, say): the library counts only second steps.
 */
export function loginRoutes({ users, mfa }: { users: Users; mfa: MfaRouter }): Router {
  const router = Router();

  // A real app mails a link first, and then the answer does not tell who is registered already.
  router.post('/register', async (req, res) => {
    const user = await users.register(textField(req.body, 'email'), newPassword(req.body));
    if (!user) return void res.status(409).json({ message: 'There is an account with this address.' });
    res.status(201).json(await mfa.startLogin(req, user.id));
  });

  router.post('/login', async (req, res) => {
    const user = await users.authenticate(textField(req.body, 'email'), textField(req.body, 'password'));
    // The same words, whichever of the two is wrong.
    if (!user) return void res.status(401).json({ message: 'The address or the password is wrong.' });
    // Without the library: req.session.user = { id: user.id }
    res.json(await mfa.startLogin(req, user.id));
  });

  router.post('/log-out', async (req, res) => {
    await mfa.logOut(req, { everywhere: req.body?.everywhere === true });
    res.json({ message: 'You are logged out.' });
  });

  return router;
}
