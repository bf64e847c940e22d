import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterEach(() => expect(app.errors).toEqual([]));
afterAll(() => app.close());

const secret = new Secret({ buffer: new Uint8Array(randomBytes(20)).buffer });
const bytes = Buffer.from(secret.bytes);
const codeAt = (steps: number, of = secret) =>
  new TOTP({ secret: of }).generate({ timestamp: app.clock.now() + steps * 30_000 });

test.each([
  ['base32', secret.base32],
  ['base32', secret.base32.toLowerCase().replace(/(.{4})/g, '$1 ')],
  ['base64', bytes.toString('base64')],
  ['base64', bytes.toString('base64').replace(/=+$/, '')],
  ['base64', bytes.toString('base64url')],
  ['hex', bytes.toString('hex')],
  ['hex', bytes.toString('hex').toUpperCase()],
] as const)('a secret in %s is taken over: its next code is accepted (%#)', async (encoding, text) => {
  const user = `encoded-${encoding}-${randomBytes(4).toString('hex')}`;
  expect(await app.mfa.service.importTotp(user, text, { encoding })).toEqual({ ok: true });
  expect(await app.mfa.service.verify(user, { code: codeAt(1) })).toMatchObject({ ok: true, method: 'totp' });
});

test('a secret that is the bytes of a text is taken over', async () => {
  const text = 'sixteen bytes ü';
  expect(Buffer.byteLength(text)).toBe(16);
  await app.mfa.service.importTotp('texter', text, { encoding: 'text' });
  const code = codeAt(1, new Secret({ buffer: new Uint8Array(Buffer.from(text)).buffer }));
  expect(await app.mfa.service.verify('texter', { code })).toMatchObject({ ok: true });
});

test.each([
  ['base32', 'of 10 bytes', 'A'.repeat(16)],
  ['base32', 'with a digit that there is not', `0${'A'.repeat(31)}`],
  ['base32', 'that is empty', ''],
  ['base64', 'of 15 bytes', Buffer.alloc(15, 7).toString('base64')],
  ['base64', 'with a space', `${'AAAA'.repeat(8)} AAAA`],
  ['base64', 'with padding inside', `${'AAAA'.repeat(8)}==AAAA`],
  ['base64', 'of a length that no bytes have', `${'AAAA'.repeat(8)}A`],
  ['base64', 'with bits left over', `${'AAAA'.repeat(8)}AB==`],
  ['hex', 'of 15 bytes', 'ab'.repeat(15)],
  ['hex', 'with half a byte more', `${'ab'.repeat(20)}c`],
  ['hex', 'with another letter', `${'ab'.repeat(20)}xx`],
  ['text', 'of 15 bytes', 'fifteen bytes !'],
] as const)('a secret in %s %s is refused', async (encoding, _what, text) => {
  await expect(app.mfa.service.importTotp('refused', text, { encoding })).rejects.toThrow(
    new TypeError('Import a secret of at least 16 bytes, written in its `encoding`.'),
  );
  expect(await app.rawState('refused')).toBeNull();
});

test.each([[undefined], ['utf8'], ['BASE32'], [null]])('the encoding %p is refused', async (encoding) => {
  const options = { encoding };
  // @ts-expect-error what a caller without types might ask for
  const importing = app.mfa.service.importTotp('refused', secret.base32, options);
  await expect(importing).rejects.toThrow(TypeError);
  expect(await app.rawState('refused')).toBeNull();
});

test('no code of the past or present is accepted: the old system may have seen it', async () => {
  await app.mfa.service.importTotp('past', secret.base32, { encoding: 'base32' });
  const state = await app.rawState('past');
  for (const steps of [-1, 0]) {
    expect(await app.mfa.service.verify('past', { code: codeAt(steps) })).toEqual({
      ok: false,
      errorType: 'INVALID_CODE',
    });
  }
  expect(await app.rawState('past')).toBe(state);
  expect(await app.mfa.service.verify('past', { code: codeAt(1) })).toMatchObject({ ok: true });
});

test('who is enrolled keeps the authenticator', async () => {
  await app.mfa.service.importTotp('enrolled', secret.base32, { encoding: 'base32' });
  const state = await app.rawState('enrolled');
  const other = randomBytes(20).toString('hex');
  expect(await app.mfa.service.importTotp('enrolled', other, { encoding: 'hex' })).toEqual({
    ok: false,
    errorType: 'CONFLICT',
  });
  expect(await app.rawState('enrolled')).toBe(state);
});

test('of twenty imports at once one is in force', async () => {
  const secrets = Array.from({ length: 20 }, () => randomBytes(20));
  const results = await Promise.all(
    secrets.map((one) => app.mfa.service.importTotp('raced', one.toString('hex'), { encoding: 'hex' })),
  );
  const won = secrets.filter((_one, index) => results[index]?.ok);
  expect(won).toHaveLength(1);
  const winner = new Secret({ buffer: new Uint8Array(won[0] ?? []).buffer });
  expect(await app.mfa.service.verify('raced', { code: codeAt(1, winner) })).toMatchObject({ ok: true });
});

test('an import is told as an enrolment, ends sessions of before, and stores the secret sealed', async () => {
  const browser = await app.pending('told');
  expect((await browser.get('/lenient')).status).toBe(200);
  const before = app.events.length;
  await app.mfa.service.importTotp('told', secret.base32, { encoding: 'base32' });

  expect(app.events.slice(before)).toEqual([
    { name: 'enrollment.confirmed', userId: 'told', at: app.clock.now() },
  ]);
  const denied = await browser.get('/lenient');
  expect([denied.status, denied.body.error_type]).toEqual([401, 'MFA_REQUIRED']);
  const raw = (await app.rawState('told')) ?? '';
  for (const text of [secret.base32, bytes.toString('base64').slice(0, 20), bytes.toString('hex')]) {
    expect(raw).not.toContain(text);
  }
  expect(await app.state('told')).toMatchObject({
    v: 2,
    backupCodes: [],
    authenticators: [{ secret: expect.stringMatching(/^v1\./) }],
  });
});

test('an imported authenticator works at once, however many failures there were before', async () => {
  const browser = await app.pending('often-wrong');
  for (let failures = 0; failures < 5; failures++) {
    app.clock.move(3_600_000);
    await browser.post('/login', { user: 'often-wrong', password: 'password of often-wrong' });
    app.clock.move(301_000);
    await browser.post('/mfa/totp/enroll', { password: 'wrong' });
  }
  expect((await app.state('often-wrong')).budget.failures).toBe(5);
  await app.mfa.service.importTotp('often-wrong', secret.base32, { encoding: 'base32' });
  expect(await app.mfa.service.verify('often-wrong', { code: codeAt(1) })).toMatchObject({ ok: true });
});
