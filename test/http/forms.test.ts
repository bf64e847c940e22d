import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser } from '../app/imported-user.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

test('a form does what JSON does, and POST what DELETE does', async () => {
  const authenticator = await importUser(app, 'F');
  app.clock.nextStep();
  const browser = await app.pending('F');
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const spaced = codeAt(app, authenticator).replace(/(...)/, '$1+');
  expect((await browser.post('/mfa/totp/verify', `code=${spaced}&is_backup_code=`, form)).status).toBe(200);
  const disabled = await browser.post('/mfa/totp/disable', 'code=&password=password+of+F', form);
  expect([disabled.status, disabled.body.data]).toEqual([200, { totp_enabled: false }]);
});
