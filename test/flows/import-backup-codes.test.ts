import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { beginEnrollment, confirmEnrollment } from '../app/begin-enrollment.ts';
import { createClock } from '../app/clock.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser, wrongCode } from '../app/imported-user.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterEach(() => expect(app.errors).toEqual([]));
afterAll(() => app.close());

const refused = (errorType: string) => ({ ok: false, errorType });
const kept = ['aBcDe-FgHiJ', '0f9a3c', '731 902', 'correct horse battery', 'x'.repeat(40)];

async function importedUser(user: string, codes: readonly string[] = kept) {
  const authenticator = await importUser(app, user);
  expect(await app.mfa.service.importBackupCodes(user, codes)).toEqual({ ok: true });
  app.clock.nextStep(2);
  return authenticator;
}
const submit = async (user: string, code: string) => {
  const browser = await app.pending(user);
  return { browser, response: await browser.post('/mfa/totp/verify', { code }) };
};

describe('backup codes of another system', () => {
  test.each(kept.map((code, index) => [code, index] as const))(
    'are taken in their form, once: %j',
    async (code, index) => {
      await importedUser(`keeps ${index}`);
      const { browser, response } = await submit(`keeps ${index}`, `  ${code} `);
      expect(response.body.data).toMatchObject({
        method: 'backup_code',
        backup_codes_remaining: kept.length - 1,
      });
      expect((await browser.get('/private')).status).toBe(200);
      const again = await submit(`keeps ${index}`, code);
      expect([again.response.status, again.response.body.error_type]).toEqual([401, 'INVALID_CODE']);
    },
  );

  test('are read with blanks around them up to 64 characters, and are malformed with more', async () => {
    await importedUser('padded');
    const state = await app.rawState('padded');
    const padded = (length: number) => '0f9a3c'.padStart(20).padEnd(length);
    const { verify } = app.mfa.service;
    expect(await verify('padded', { code: padded(65) })).toEqual(refused('VALIDATION_ERROR'));
    expect(await app.rawState('padded')).toBe(state);
    expect(await verify('padded', { code: padded(64) })).toMatchObject({ ok: true, method: 'backup_code' });
  });

  test('are 32 at most, and one that is listed twice is one', async () => {
    const many = Array.from({ length: 32 }, (_, number) => `code number ${number}`);
    await importedUser('many', many);
    expect((await app.mfa.service.status('many')).backupCodesRemaining).toBe(32);
    await importedUser('doubled', ['0f9a3c', 'other one', ' 0f9a3c']);
    expect((await app.mfa.service.status('doubled')).backupCodesRemaining).toBe(2);
    expect(await app.mfa.service.verify('doubled', { code: '0f9a3c' })).toMatchObject({ ok: true });
    expect(await app.mfa.service.verify('doubled', { code: '0f9a3c' })).toEqual(refused('INVALID_CODE'));
  });

  test('count as guesses where they are wrong, in capitals they were not made of, or spent', async () => {
    await importedUser('guesses');
    for (const code of ['ABCDE-FGHIJ', '0f9a3d', 'correct horse']) {
      expect((await submit('guesses', code)).response.status).toBe(401);
    }
    expect((await app.state('guesses')).budget.failures).toBe(3);
  });

  test('have to wait like the authenticator, since they may be as short as its codes', async () => {
    const authenticator = await importedUser('waits');
    for (let guess = 0; guess < 5; guess++) await submit('waits', wrongCode(app, authenticator));
    const state = await app.rawState('waits');
    for (const code of ['0f9a3c', '731 902', 'aBcDe-FgHiJ']) {
      const { response, browser } = await submit('waits', code);
      expect([response.status, response.body.error_type]).toEqual([429, 'TOO_MANY_ATTEMPTS']);
      expect((await browser.get('/private')).status).toBe(401);
    }
    expect(await app.rawState('waits')).toBe(state);
    app.clock.move(31_000);
    expect((await submit('waits', '0f9a3c')).response.status).toBe(200);
  });

  test('do not bring back an authenticator that was disabled by failures', async () => {
    await importedUser('locked');
    const service = app.mfa.service;
    for (let failure = 0; failure < 100; failure++) {
      app.clock.move(3_600_001);
      await service.verify('locked', { code: 'not one of them' });
    }
    app.clock.move(3_600_001);
    expect((await service.status('locked')).totpLocked).toBe(true);
    expect(await service.verify('locked', { code: '0f9a3c' })).toEqual(refused('INVALID_CODE'));
    await service.unlock('locked');
    expect(await service.verify('locked', { code: '0f9a3c' })).toMatchObject({ ok: true });
  });

  test('give way to our own when the user makes new ones', async () => {
    const authenticator = await importedUser('renews');
    const made = await app.mfa.service.regenerateBackupCodes('renews', { code: codeAt(app, authenticator) });
    if (!made.ok) throw new Error('No codes were made.');
    const state = await app.rawState('renews');
    expect(await app.mfa.service.verify('renews', { code: '0f9a3c' })).toEqual(refused('VALIDATION_ERROR'));
    expect(await app.mfa.service.importBackupCodes('renews', kept)).toEqual(refused('CONFLICT'));
    expect(await app.rawState('renews')).toBe(state);
    expect(await app.mfa.service.verify('renews', { code: made.backupCodes[0] ?? '' })).toMatchObject({
      ok: true,
      method: 'backup_code',
    });
  });

  test('are over with a new authenticator, and with them that any may be imported', async () => {
    await importedUser('anew');
    const { browser } = await submit('anew', '0f9a3c');
    const enrollment = await beginEnrollment(browser);
    expect((await confirmEnrollment(browser, codeAt(app, enrollment))).status).toBe(200);
    await expectOver('anew');
    expect(await app.mfa.service.importBackupCodes('anew', kept)).toEqual(refused('CONFLICT'));
  });

  test('are over when the second step is turned off', async () => {
    await importedUser('off');
    await app.mfa.service.disable('off');
    await expectOver('off');
  });

  async function expectOver(user: string): Promise<void> {
    const { service } = app.mfa;
    const state = await app.rawState(user);
    expect((await service.status(user)).backupCodesImported).toBe(false);
    expect(await service.verify(user, { code: 'aBcDe-FgHiJ' })).toEqual(refused('VALIDATION_ERROR'));
    expect(await app.rawState(user)).toBe(state);
  }

  test('do not come back once they are spent', async () => {
    await importedUser('spends', ['only-one']);
    expect(await app.mfa.service.verify('spends', { code: 'only-one' })).toMatchObject({ ok: true });
    expect(await app.mfa.service.importBackupCodes('spends', ['only-one'])).toEqual(refused('CONFLICT'));
    expect((await app.mfa.service.status('spends')).backupCodesRemaining).toBe(0);
  });

  test('of 20 who submit the same one at once, exactly one gets in', async () => {
    await importedUser('races');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => app.mfa.service.verify('races', { code: '0f9a3c' })),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await app.state('races')).budget.failures).toBe(0);
  });

  test('are hashed like ours', async () => {
    await importedUser('at rest');
    const raw = await app.rawState('at rest');
    for (const code of kept) expect(raw).not.toContain(code);
    expect((await app.state('at rest')).backupCodes).toHaveLength(kept.length);
  });

  test('are asked for without a word of a form that they do not have, and without changing their case', async () => {
    await importedUser('is asked');
    const browser = await app.pending('is asked');
    const html = { Accept: 'text/html' };
    const { text } = await browser.get('/mfa/challenge?method=backup_code', html);
    expect(text).toContain('name="is_backup_code"');
    expect(text).toContain('autocapitalize="none"');
    // The token is random, and may well hold those two digits.
    expect(text.replace(/name="form_token" value="[^"]+"/, '')).not.toMatch(/16|aria-describedby/);
    const own = await app.enrol('has ours').then(() => app.pending('has ours'));
    expect((await own.get('/mfa/challenge?method=backup_code', html)).text).toContain(
      'autocapitalize="characters"',
    );
  });

  test('are not promised to work during a wait, in which they do not', async () => {
    const authenticator = await importedUser('is not promised');
    const browser = await app.pending('is not promised');
    for (let guess = 0; guess < 5; guess++)
      await browser.post('/mfa/totp/verify', { code: wrongCode(app, authenticator) });
    const page = await browser.get('/mfa/challenge', { Accept: 'text/html' });
    const token = /name="form_token" value="([^"]+)"/.exec(page.text)?.[1];
    const waiting = await browser.post(
      '/mfa/totp/verify',
      { code: '123456', form_token: token },
      { Accept: 'text/html' },
    );
    expect(waiting.status).toBe(429);
    expect(waiting.text).toContain('Too many attempts.');
    expect(waiting.text).not.toContain('works even now');
  });

  test('are told of, by their number', async () => {
    const before = app.events.length;
    await importedUser('is told');
    expect(app.events.slice(before)).toContainEqual(
      expect.objectContaining({ name: 'backup_codes.imported', userId: 'is told', count: kept.length }),
    );
  });
});

describe('beside the authenticator', () => {
  test('a right TOTP code with blanks around it is one, and no wrong backup code', async () => {
    const authenticator = await importedUser('blanks');
    const code = codeAt(app, authenticator);
    expect(await app.mfa.service.verify('blanks', { code: ` ${code} ` })).toMatchObject({
      ok: true,
      method: 'totp',
    });
    expect((await app.state('blanks')).backupCodes).toHaveLength(kept.length);
  });

  test('BF-01 guesses count, also where the key of the backup codes is listed no more', async () => {
    const clock = createClock();
    const prefix = `test:${randomBytes(6).toString('hex')}:`;
    const [old, young] = [randomBytes(32), randomBytes(32)].map((key) => key.toString('base64'));
    const withKeys = (...keys: (string | undefined)[]) => createTestApp({ prefix, clock, mfa: { keys } });
    const before = await withKeys(old);
    const authenticator = await importUser(before, 'A');
    await before.mfa.service.importBackupCodes('A', ['aaaa-bbbb']);
    const during = await withKeys(young, old);
    await during.mfa.service.resealAll();
    const after = await withKeys(young);
    clock.nextStep(2);
    const thief = await after.pending('A');
    const statuses: number[] = [];
    for (let guess = 0; guess < 8; guess++) {
      statuses.push((await thief.post('/mfa/totp/verify', { code: wrongCode(after, authenticator) })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    expect((await after.state('A')).budget.failures).toBe(5);
    await Promise.all([before, during, after].map((each) => each.close()));
  });
});

describe('an account without them', () => {
  test('takes their form for malformed, before the password and without counting', async () => {
    const authenticator = await importUser(app, 'native');
    const state = await app.rawState('native');
    const { response } = await submit('native', '0f9a3c');
    expect([response.status, response.body.error_type]).toEqual([400, 'VALIDATION_ERROR']);
    expect(await app.rawState('native')).toBe(state);

    app.clock.nextStep(2);
    const browser = await app.full('native', authenticator);
    const before = await app.rawState('native');
    for (const path of ['/mfa/totp/disable', '/mfa/totp/regenerate-backup-codes']) {
      const refusal = await browser.post(path, { password: 'wrong', code: '0f9a3c' });
      expect([path, refusal.status, refusal.body.error_type]).toEqual([path, 400, 'VALIDATION_ERROR']);
    }
    expect(await app.rawState('native')).toBe(before);
    expect(await app.mfa.service.disable('native', { code: '0f9a3c' })).toEqual(refused('VALIDATION_ERROR'));
  });

  test('gets none: neither one that is not enrolled, nor one that was not imported', async () => {
    expect(await app.mfa.service.importBackupCodes('nobody', kept)).toEqual(refused('NOT_ENROLLED'));
    expect(await app.rawState('nobody')).toBeNull();
    await app.enrol('own');
    const state = await app.rawState('own');
    expect(await app.mfa.service.importBackupCodes('own', kept)).toEqual(refused('CONFLICT'));
    expect(await app.rawState('own')).toBe(state);
  });

  test('gets them once, of two who import at the same time', async () => {
    await importUser(app, 'twice');
    const answers = await Promise.all(
      ['first one', 'second one'].map((code) => app.mfa.service.importBackupCodes('twice', [code])),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await app.state('twice')).backupCodes).toHaveLength(1);
  });
});

test.each([
  [[]],
  [['12345']],
  [['x'.repeat(41)]],
  [['tab\there']],
  [['ümläut code']],
  [['fine one', '']],
  [Array.from({ length: 33 }, (_, number) => `code number ${number}`)],
])('what is no list of codes is a TypeError that does not repeat it: %#', async (codes) => {
  await importUser(app, `bad ${codes.length} ${codes[0]?.length}`);
  const failure = app.mfa.service.importBackupCodes(`bad ${codes.length} ${codes[0]?.length}`, codes);
  await expect(failure).rejects.toThrow(
    new TypeError('Import 1 to 32 backup codes of 6 to 40 printable characters each.'),
  );
});
