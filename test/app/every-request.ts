import type { Response } from 'supertest';
import type { Browser } from './browser.ts';

type Request = (browser: Browser) => Promise<Response>;
/** Requests by name. */
export type Requests = Readonly<Record<string, Request>>;

const html = { Accept: 'text/html' };
const form = { ...html, 'Content-Type': 'application/x-www-form-urlencoded' };

export function get(path: string, headers = {}): Request {
  return (browser) => browser.get(path, headers);
}

export function post(path: string, body: object | string = {}, headers = {}): Request {
  return (browser) => browser.post(path, body, headers);
}

/** What looks at the session, of user A, and leaves it. */
export const usesSession: Requests = {
  enrol: post('/mfa/totp/enroll', { password: 'password of A' }),
  'confirm an enrolment': post('/mfa/totp/verify-enrollment', { code: '123456' }),
  'no code': post('/mfa/totp/verify'),
  'a wrong code': post('/mfa/totp/verify', { code: 'no code' }),
  status: get('/mfa/totp/status'),
  disable: (browser) => browser.delete('/mfa/totp/disable', {}),
  'disable by POST': post('/mfa/totp/disable'),
  'new backup codes': post('/mfa/totp/regenerate-backup-codes'),
  'challenge page': get('/mfa/challenge', html),
  'setup page': get('/mfa/setup', html),
  'backup codes page': get('/mfa/backup-codes', html),
  'backup codes file': get('/mfa/backup-codes.txt'),
  'security page': get('/mfa/security', html),
  'code by form': post('/mfa/totp/verify', 'code=123456', form),
  'saved by form': post('/mfa/backup-codes/saved', 'saved=yes', form),
  guard: get('/private'),
  'guard of a browser': get('/private', html),
  'guard with maxAge': get('/sensitive'),
  'lenient guard': get('/lenient'),
  'pending()': get('/pending'),
};

/** What is answered before anybody looks at the session. */
export const needsNoSession: Requests = {
  'wrong method': (browser) => browser.send('PUT', '/mfa/totp/status'),
  'wrong method of a browser': (browser) => browser.send('PUT', '/mfa/totp/verify', undefined, html),
  'no JSON': post('/mfa/totp/verify', '{', { 'Content-Type': 'application/json' }),
  'cross-site': post('/mfa/totp/verify', {}, { 'Sec-Fetch-Site': 'cross-site' }),
  'style sheet': get('/mfa/style.css'),
  script: get('/mfa/script.js'),
};

/** Members that answer with a value. The host sends it. */
export const asksMember: Requests = {
  'check()': get('/check'),
  'finishLogin()': post('/finish', { code: 'no code' }),
};

/** What leaves nothing of the session. */
export const endsSession: Requests = {
  'startLogin()': post('/login', { user: 'A', password: 'password of A' }),
  'startLogin() of another': post('/login', { user: 'B', password: 'password of B' }),
  'logOut()': post('/log-out'),
};

/** All of them. */
export const everyRequest: Requests = { ...usesSession, ...needsNoSession, ...asksMember, ...endsSession };
