import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../../app/create-test-app.ts';
import { codeAt, importUser } from '../../app/imported-user.ts';
import { headingOf, type PageVisitor, signedIn } from '../../app/page-visitor.ts';

let app: TestApp;
let secret: string;
let ada: PageVisitor;
beforeAll(async () => {
  app = await createTestApp();
  ({ secret } = await importUser(app, 'A'));
  app.clock.nextStep();
  ada = await signedIn(app, 'A');
  await ada.get('/mfa/challenge');
  await ada.submit('/totp/verify', { code: codeAt(app, { secret }) });
  app.clock.nextStep(2);
  await ada.get('/mfa/security');
});
afterAll(() => app.close());

const everything = async () => [await app.rawState('A'), await app.sessionOf(ada.browser)];
const multipart = (fields: Record<string, string>) =>
  `${Object.entries(fields)
    .map(([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join('')}--x--\r\n`;

describe('CS-01 what our own page would not send is not read, with the right token and from this site', () => {
  test.each<[string, (fields: Record<string, string>) => string, number]>([
    ['multipart/form-data; boundary=x', multipart, 415],
    ['text/plain', (fields) => new URLSearchParams(fields).toString(), 415],
    ['text/plain', JSON.stringify, 415],
    ['application/xml', () => '<code>1</code>', 415],
    [
      'application/x-www-form-urlencoded; charset=utf-16',
      (fields) => new URLSearchParams(fields).toString(),
      415,
    ],
    ['application/x-www-form-urlencoded', () => 'x=1&'.repeat(1_000), 413],
    ['application/json', () => '["form_token"]', 400],
    ['application/json', () => '{"__proto__":{"form_token":"x"}}', 400],
  ])('CS-01 %s', async (type, write, status) => {
    const { form_token: token = '' } = ada.hidden('/totp/disable');
    const body = write({ form_token: token, password: 'password of A', code: codeAt(app, { secret }) });
    const before = await everything();
    for (const path of [
      '/totp/verify',
      '/totp/disable',
      '/totp/regenerate-backup-codes',
      '/backup-codes/saved',
    ]) {
      const response = await ada.browser.post(`/mfa${path}`, body, { 'Content-Type': type });
      expect([path, response.status, response.type]).toEqual([path, status, 'text/html']);
      expect(response.headers['set-cookie']).toBeUndefined();
    }
    expect(await everything()).toEqual(before);
  });

  test('CS-01 JSON with HTML wanted is a form like any other: without the token 403, with it, done', async () => {
    const { form_token: token = '' } = ada.hidden('/totp/disable');
    const before = await everything();
    const fields = { password: 'password of A', code: codeAt(app, { secret }) };
    for (const form_token of [undefined, '', null, 7, true, [token], { token }]) {
      const refused = await ada.browser.post('/mfa/totp/disable', { ...fields, form_token });
      expect([form_token, refused.status, refused.type]).toEqual([form_token, 403, 'text/html']);
    }
    expect(await everything()).toEqual(before);
    const asDelete = await ada.browser.delete('/mfa/totp/disable', fields);
    expect([asDelete.status, await everything()]).toEqual([403, before]);
    const done = await ada.browser.delete('/mfa/totp/disable', { ...fields, form_token: token });
    expect([done.status, done.headers.location]).toEqual([303, '/mfa/security']);
    expect(headingOf(await ada.get('/mfa/security'))).toBe('Your second step');
    expect((await app.state('A')).authenticators).toEqual([]);
  });
});
