import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestAuthenticator } from 'express-mfa/testing';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

const answers = watchAnswers();
let app: TestApp;
let authenticator: TestAuthenticator;
let browser: Browser;
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
  authenticator = await importUser(app, 'A');
  browser = await app.full('A', authenticator);
  app.clock.nextStep(2);
});
afterEach(answers.check);
afterAll(() => app.close());

const routes = [
  ['/totp/enroll', ['POST']],
  ['/totp/verify-enrollment', ['POST']],
  ['/totp/verify', ['POST']],
  ['/totp/status', ['GET']],
  ['/totp/disable', ['DELETE', 'POST']],
  ['/totp/regenerate-backup-codes', ['POST']],
] as const;
const everyMethod = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

describe.each(routes)('%s', (path, allowed) => {
  const others = everyMethod.filter((method) => !allowed.some((name) => name === method));

  test.each(others)('CS-05 %s is 405 with Allow, and nothing is executed', async (method) => {
    const before = [await app.rawState('A'), await app.sessionOf(browser), app.events.length];
    const body = { code: codeAt(app, authenticator), password: 'password of A' };
    const response = await browser.send(method, `/mfa${path}`, method === 'HEAD' ? undefined : body);
    expect(response.status).toBe(405);
    expect(response.headers.allow).toBe(allowed.join(', '));
    if (method !== 'HEAD') expect(response.body.error_type).toBe('METHOD_NOT_ALLOWED');
    expect(response.headers['set-cookie']).toBeUndefined();
    expect([await app.rawState('A'), await app.sessionOf(browser), app.events.length]).toEqual(before);
  });
});

test.each(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'])(
  'CS-05 %s does not make a DELETE of a GET, nor a GET of a POST',
  async (header) => {
    const before = await app.rawState('A');
    const body = { code: codeAt(app, authenticator), password: 'password of A' };
    const asDelete = await browser.send('GET', '/mfa/totp/disable?_method=DELETE', body, {
      [header]: 'DELETE',
    });
    expect(asDelete.status).toBe(405);
    const asGet = await browser.post('/mfa/totp/status?_method=GET', {}, { [header]: 'GET' });
    expect(asGet.status).toBe(405);
    expect(await app.rawState('A')).toBe(before);
  },
);

test('CS-05 GET and HEAD on the routes of the enrolment tell nothing of one that is running', async () => {
  const enrolling = await app.pending('N');
  const { secret, backup_codes } = (await enrolling.post('/mfa/totp/enroll', {})).body.data;
  for (const path of ['/mfa/totp/enroll', '/mfa/totp/verify-enrollment']) {
    for (const method of ['GET', 'HEAD']) {
      const response = await enrolling.send(method, path);
      expect(response.status).toBe(405);
      const told = JSON.stringify([response.headers, response.text ?? '']);
      for (const hidden of [secret, backup_codes[0], 'otpauth:']) expect(told).not.toContain(hidden);
    }
  }
});

test('CS-05 paths beside the routes are the host’s: they fall through without our headers', async () => {
  const host = await createTestApp();
  for (const path of ['/mfa', '/mfa/', '/mfa/totp', '/mfa/totp/enroll/x', '/mfa/totp/secret']) {
    const response = await host.browser().get(path);
    expect(response.status).toBe(404);
    expect(response.headers['cache-control']).toBeUndefined();
  }
  await host.close();
});
