import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { TestAuthenticator } from 'express-mfa/testing';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
});
afterEach(() => {
  answers.check();
  expect(app.errors).toEqual([]);
});
afterAll(() => app.close());

/** A user whose code of now begins with a zero: what reads it as a number takes many texts for it. */
async function userWithLeadingZero(
  name: string,
): Promise<{ authenticator: TestAuthenticator; code: string }> {
  const authenticator = await importUser(app, name);
  do app.clock.nextStep();
  while (!codeAt(app, authenticator).startsWith('0'));
  return { authenticator, code: codeAt(app, authenticator) };
}

/** Texts and values that a careless reader takes for the same code. */
function variantsOf(code: string): unknown[] {
  const short = code.slice(1);
  const number = Number(code);
  const texts = [
    `${short}x`,
    ` ${short}`,
    `+${short}`,
    `-${short}`,
    `${short}\u0000`,
    `${short} `,
    `${short}.`,
  ];
  const longer = [`${code}x`, ` ${code}`, `${code} `, `+${code}`, `${code}\u0000`, `0${code}`, `${code}\n`];
  const others = [`${short}.0`, `0x${number.toString(16)}`, `${number}e0`, short, `${code},${code}`];
  const fullWidth = code.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)));
  return [...texts, ...longer, ...others, fullWidth, [code], [code, code], { 0: code }, number, `"${code}"`];
}

test('RP-09 no other way to write a used code is taken for a new one', async () => {
  const { code } = await userWithLeadingZero('A');
  expect((await (await app.pending('A')).post('/mfa/totp/verify', { code })).status).toBe(200);
  const browser = await app.pending('A');
  const state = await app.rawState('A');
  const events = app.events.length;

  for (const variant of variantsOf(code)) {
    const response = await browser.post('/mfa/totp/verify', { code: variant });
    expectRefusal(response, 400, 'VALIDATION_ERROR');
  }
  expect(await app.rawState('A')).toBe(state);
  expect(app.events).toHaveLength(events);
  // Spaces between the digits are how authenticator apps show them: the same code, used just the same.
  for (const spaced of [`${code.slice(0, 3)} ${code.slice(3)}`, [...code].join(' ')]) {
    const response = await browser.post('/mfa/totp/verify', { code: spaced });
    expectRefusal(response, 401, 'INVALID_CODE');
  }
  expect(app.events.slice(events)).toEqual(
    Array(2).fill(expect.objectContaining({ name: 'challenge.failed', reason: 'replayed' })),
  );
  expect(await app.rawState('A')).toBe(state);
  expectRefusal(await browser.get('/private'), 401, 'MFA_REQUIRED');
});

test('RP-09 no other way to write an unused code is taken for it', async () => {
  const { code } = await userWithLeadingZero('B');
  const browser = await app.pending('B');
  const state = await app.rawState('B');
  for (const variant of variantsOf(code)) {
    const response = await browser.post('/mfa/totp/verify', { code: variant });
    expectRefusal(response, 400, 'VALIDATION_ERROR');
  }
  expect(await app.rawState('B')).toBe(state);
  const spaced = `${code.slice(0, 3)} ${code.slice(3)}`;
  expect((await browser.post('/mfa/totp/verify', { code: spaced })).status).toBe(200);
  const other = await app.pending('B');
  expectRefusal(await other.post('/mfa/totp/verify', { code }), 401, 'INVALID_CODE');
});

test('RP-09 in a form as little as in JSON', async () => {
  const { code } = await userWithLeadingZero('C');
  const browser = await app.pending('C');
  const state = await app.rawState('C');
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const bodies = [
    `code=${code}&code=${code}`,
    `code[]=${code}`,
    `code[0]=${code}`,
    `code=%2B${code.slice(1)}`,
    `code=+${code.slice(1)}`,
    `code=${code}%00`,
    `code=${code.slice(1)}x`,
    `code%00=${code}`,
    `Code=${code}`,
  ];
  for (const body of bodies) {
    expectRefusal(await browser.post('/mfa/totp/verify', body, form), 400, 'VALIDATION_ERROR');
  }
  expect(await app.rawState('C')).toBe(state);
  expect((await browser.post('/mfa/totp/verify', `code=${code}`, form)).status).toBe(200);
});
