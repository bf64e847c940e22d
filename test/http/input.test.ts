import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import bcrypt from 'bcrypt';
import express from 'express';
import type { TestAuthenticator } from 'express-mfa/testing';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

const answers = watchAnswers();
let app: TestApp;
/** The same app behind a host that has parsed every body, and takes anything for one. */
let parsing: TestApp;
let authenticator: TestAuthenticator;
let pending: Browser;
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
  parsing = await createTestApp({
    prefix: app.prefix,
    clock: app.clock,
    before(host) {
      answers.watch(host);
      host.use(express.json({ strict: false }), express.urlencoded({ extended: true }));
    },
  });
  authenticator = await importUser(app, 'A');
  pending = await app.pending('A');
  app.clock.nextStep();
});
afterEach(() => {
  jest.restoreAllMocks();
  answers.check();
});
afterAll(async () => {
  await app.close();
  await parsing.close();
});

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const json = { 'Content-Type': 'application/json' };
const right = () => codeAt(app, authenticator);

/** 400, and neither computed nor counted; sent to both kinds of host. */
async function expectInvalid(
  body: object | string,
  headers: Record<string, string> = json,
  path = '/mfa/totp/verify',
) {
  for (const host of [app, parsing]) {
    const browser = host.browser();
    browser.cookie = pending.cookie;
    const before = await app.rawState('A');
    const events = host.events.length;
    const put = jest.spyOn(host.store, 'put');
    const compare = jest.spyOn(bcrypt, 'compare');
    const response = await browser.post(path, body, headers);
    expect([response.status, response.body]).toEqual([
      400,
      {
        success: false,
        message: 'The request is not what this route takes.',
        error_type: 'VALIDATION_ERROR',
      },
    ]);
    expect(put).not.toHaveBeenCalled();
    expect(compare).not.toHaveBeenCalled();
    expect(await app.rawState('A')).toBe(before);
    expect(host.events.length).toBe(events);
  }
}

test.each<[string, (code: string) => unknown]>([
  ['an array', (code) => [code]],
  ['a nested array', (code) => [[code]]],
  ['an empty array', () => []],
  ['an object', (code) => ({ 0: code, length: 1, toString: code })],
  ['a number', (code) => Number(code)],
  ['a number with a fraction', (code) => Number(code) + 0.5],
  ['true', () => true],
  ['null', () => null],
])('IC-01 %s as a code', async (_name, make) => {
  await expectInvalid({ code: make(right()) });
});

test('IC-01 a code that a form sends twice, or with brackets', async () => {
  await expectInvalid(`code=${right()}&code=${right()}`, form);
  await expectInvalid(`code[]=${right()}`, form);
  await expectInvalid(`code[code]=${right()}`, form);
});

test('IC-01 a hint or a password that is no text spoils the request as well', async () => {
  await expectInvalid({ code: right(), is_backup_code: { $ne: true } });
  await expectInvalid({ code: right(), password: ['password of A'] });
});

test.each([
  [
    'full-width digits',
    (code: string) => code.replace(/\d/g, (d) => String.fromCodePoint(0xff10 + Number(d))),
  ],
  [
    'Arabic-Indic digits',
    (code: string) => code.replace(/\d/g, (d) => String.fromCodePoint(0x660 + Number(d))),
  ],
  [
    'mathematical digits',
    (code: string) => code.replace(/\d/g, (d) => String.fromCodePoint(0x1d7ce + Number(d))),
  ],
  ['a direction mark', (code: string) => `\u200e${code}`],
  ['a zero-width space', (code: string) => `${code.slice(0, 3)}\u200b${code.slice(3)}`],
  ['a byte order mark', (code: string) => `\ufeff${code}`],
  ['a no-break space', (code: string) => `${code.slice(0, 3)}\u00a0${code.slice(3)}`],
  ['NUL', (code: string) => `${code}\0`],
  ['a newline after it', (code: string) => `${code}\n`],
  ['a newline before it', (code: string) => `\n${code}`],
  ['a second line', (code: string) => `${code}\n000000`],
  ['a tab', (code: string) => `${code.slice(0, 3)}\t${code.slice(3)}`],
  ['a space before it', (code: string) => ` ${code}`],
  ['a space after it', (code: string) => `${code} `],
  ['two spaces', (code: string) => `${code.slice(0, 3)}  ${code.slice(3)}`],
  ['a sign', (code: string) => `+${code}`],
  ['an exponent', () => '1e5000'],
  ['hexadecimal', () => '0x1234'],
  ['five digits', (code: string) => code.slice(1)],
  ['seven digits', (code: string) => `0${code}`],
  ['nothing', () => ''],
  ['spaces alone', () => '      '],
])('IC-03 a code with %s', async (_name, change) => {
  await expectInvalid({ code: change(right()) });
});

test('IC-03 as a form, where a plus is a space and percent signs hide', async () => {
  const code = right();
  await expectInvalid(`code=+${code}`, form);
  await expectInvalid(`code=${code}%00`, form);
  await expectInvalid(`code=${code}%0a`, form);
  await expectInvalid(`code=%zz${code}`, form);
});

test.each([
  ['an array', '[]'],
  ['an array of bodies', '[{"code":"123456"}]'],
  ['a string', '"123456"'],
  ['null', 'null'],
  ['a number', '123456'],
  ['nothing', ''],
  ['an empty object', '{}'],
])('IC-04 a body that is %s', async (_name, body) => {
  await expectInvalid(body);
});

test.each(['{"code":', '{"code":"123456"', "{'code':'123456'}", '\u0000', '{"code":"123456"}}'])(
  'IC-04 a body that is no JSON: %j',
  async (body) => {
    const before = await app.rawState('A');
    const browser = pending.copy();
    const response = await browser.post('/mfa/totp/verify', body, json);
    expect([response.status, response.body.error_type]).toEqual([400, 'VALIDATION_ERROR']);
    expect(await app.rawState('A')).toBe(before);
  },
);

test('IC-04 without a body: 400 for what needs one, also where the host has parsers', async () => {
  for (const host of [app, parsing]) {
    const browser = host.browser();
    browser.cookie = pending.cookie;
    const response = await browser.post('/mfa/totp/verify');
    expect([response.status, response.body.error_type]).toEqual([400, 'VALIDATION_ERROR']);
  }
});

test('IC-04 null is no body that a route without required fields takes', async () => {
  const browser = parsing.browser();
  await browser.post('/login', { user: 'N', password: 'password of N' });
  for (const body of ['null', '[]', '""', '0', 'false']) {
    const response = await browser.post('/mfa/totp/enroll', body, json);
    expect([body, response.status, response.body.error_type]).toEqual([body, 400, 'VALIDATION_ERROR']);
  }
  expect((await browser.post('/mfa/totp/enroll')).status).toBe(201);
});
