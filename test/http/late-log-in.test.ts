import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Request } from 'express';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { importUser } from '../app/imported-user.ts';
import { loggedInSessions } from '../app/stored-sessions.ts';

const late = [{ code: 'deadline_exceeded', cause: new Error('`logIn` did not answer in time.') }];

/** A `logIn` that comes after the deadline, and does then what Passport does. */
let app: TestApp;
let goOn: () => void;
let ran: Promise<string[]>;
beforeAll(async () => {
  app = await createTestApp({ mfa: { logIn: (req, userId) => lateLogIn(req, userId) } });
});
afterAll(() => app.close());

function lateLogIn(req: Request, userId: string | number): Promise<void> {
  let done: (report: string[]) => void = () => undefined;
  ran = new Promise((resolve) => {
    done = resolve;
  });
  return new Promise((_resolve, reject) => {
    goOn = () => {
      const report: string[] = [];
      req.session.userId = userId;
      req.sessionStore.generate(req);
      req.session.userId = userId;
      req.session.touch();
      req.session.regenerate((error) => report.push(`regenerate: ${error instanceof Error}`));
      req.session.save((error) => report.push(`save: ${error instanceof Error}`));
      req.session.destroy((error) => report.push(`destroy: ${error instanceof Error}`));
      req.session.reload((error) => report.push(`reload: ${error instanceof Error}`));
      report.push(`id: ${req.sessionID}`);
      done(report);
      reject(new Error('too late'));
    };
  });
}

test('a logIn that runs on after the deadline logs nobody in, and fails on no session that is gone', async () => {
  const authenticator = await importUser(app, 'slow');
  const browser = await app.pending('slow');
  const response = await browser.post('/mfa/totp/verify', { code: authenticator.code() });
  expect([response.status, response.body.error_type]).toEqual([503, 'UNAVAILABLE']);
  expect(response.headers['set-cookie']).toBeUndefined();
  // Nothing of the host's has failed yet: it is told who was late.
  expect(app.errors.splice(0)).toMatchObject(late);

  goOn();
  expect(await ran).toEqual([
    'regenerate: true',
    'save: true',
    'destroy: true',
    'reload: true',
    'id: undefined',
  ]);
  expect(await loggedInSessions(app, 'slow')).toBe(0);
  expect((await browser.get('/whoami')).body).toEqual({ userId: null });
});

test('the same after a first step that was all, where the host is told that time was up', async () => {
  app.clock.move(60_000);
  const response = await app.browser().post('/login', { user: 'quick', password: 'password of quick' });
  expect([response.status, response.body]).toEqual([503, { error: 'MfaError', code: 'deadline_exceeded' }]);
  expect(app.errors.splice(0)).toMatchObject(late);
  goOn();
  expect(await ran).toContain('save: true');
  expect(await loggedInSessions(app, 'quick')).toBe(0);
});
