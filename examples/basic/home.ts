import type { RequestHandler } from 'express';

const text = `This is the basic example of express-mfa. It speaks JSON; examples/README.md has a whole login with curl.

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

/** What a browser sees that comes to look. */
export const home: RequestHandler = (_req, res) => {
  res.type('text').send(text);
};
