import type { Express, Request } from 'express';
import type { MfaRouter } from 'express-mfa';

declare module 'express-session' {
  interface SessionData {
    flash: Record<string, string[]>;
  }
}

/** A message for the next page, kept in the session as connect-flash does it. */
export function addNotice(req: Request, notice: string): void {
  req.session.flash ??= {};
  req.session.flash.info = [...(req.session.flash.info ?? []), notice];
}

/** A host that says goodbye on the page after the log-out. */
export function flashHost(app: Express, mfa: MfaRouter): void {
  app.post('/leave', (req, res, next) => {
    mfa.logOut(req, { everywhere: req.query.everywhere === 'yes' }).then(() => {
      addNotice(req, 'You are logged out.');
      res.redirect(303, '/notices');
    }, next);
  });
  app.get('/notices', (req, res) => {
    const notices = req.session.flash?.info ?? [];
    delete req.session.flash;
    res.json({ notices, userId: req.session.userId ?? null });
  });
}
