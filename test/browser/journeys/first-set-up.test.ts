import { expect, test } from '@jest/globals';
import { codeAt, wrongCode } from '../../app/imported-user.ts';
import { describeWithAndWithoutScript } from '../describe-in-browser.ts';
import { readQr } from '../read-qr.ts';
import { storiesIn } from '../story.ts';

describeWithAndWithoutScript('the first set-up', (browser) => {
  const begin = storiesIn(browser);

  test('somebody sets up the second step, saves the codes, and is logged in with one of them', async () => {
    const { app, person } = await begin();
    const ada = await person({ acceptDownloads: true });
    const { page } = ada;
    await ada.signIn('ada');
    await ada.open('/mfa/security');
    await ada.follow('Set it up');
    expect(await ada.heading()).toBe('Set up the second step');
    await ada.press('Begin');

    const groups = await page.locator('#mfa-secret').textContent();
    expect(groups).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
    const scanned = await readQr(page.getByRole('img', { name: 'QR code' }));
    expect(scanned).toContain('otpauth://totp/Acme:ada%40example.com?');
    expect(new URL(scanned).searchParams.get('secret')).toBe(groups?.replaceAll(' ', ''));
    expect(await page.locator('dd').allTextContents()).toEqual(
      expect.arrayContaining(['Acme', 'ada@example.com']),
    );
    const authenticator = { secret: groups?.replaceAll(' ', '') ?? '', backupCodes: [], code: () => '' };
    await ada.enterCode(wrongCode(app, authenticator));
    await page.locator('[aria-invalid]:focus').waitFor();
    expect(await page.locator('#mfa-secret').textContent()).toBe(groups);
    expect((await app.mfa.service.status('ada')).enrolled).toBe(false);

    await ada.enterCode(codeAt(app, authenticator).replace(/(...)/, '$1 '));
    expect([ada.where(), await ada.heading()]).toEqual(['/mfa/backup-codes', 'Your backup codes']);
    const codes = await page.locator('#mfa-codes code').allTextContents();
    expect(codes).toHaveLength(10);
    expect((await app.mfa.service.status('ada')).enrolled).toBe(true);

    const [download] = await Promise.all([page.waitForEvent('download'), ada.follow('Download as text')]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk));
    expect(download.suggestedFilename()).toBe('backup-codes.txt');
    const day = new Intl.DateTimeFormat('en', { dateStyle: 'long' }).format(app.clock.now());
    expect(Buffer.concat(chunks).toString()).toBe(
      `Backup codes for Acme\r\nada@example.com\r\n${day}\r\n\r\n${codes.join('\r\n')}\r\n`,
    );
    expect(await page.getByRole('button', { name: 'Print' }).isVisible()).toBe(browser.javaScript);

    // The box is required: the browser itself does not send the form without it.
    await ada.press('Continue');
    expect(ada.where()).toBe('/mfa/backup-codes');
    await page.reload();
    expect(await page.locator('#mfa-codes code').allTextContents()).toEqual(codes);
    await page.getByLabel('I have saved these codes').check();
    await ada.press('Continue');
    expect([ada.where(), await page.locator('dd').allTextContents()]).toEqual([
      '/mfa/security',
      ['On', '10'],
    ]);
    await ada.open('/mfa/backup-codes');
    expect(await ada.heading()).toBe('These codes are not shown again');
    expect(await page.content()).not.toContain(codes[0]);

    await ada.signOut();
    await ada.signIn('ada');
    expect(await ada.heading()).toBe('Second step');
    await ada.follow('Use a backup code instead');
    await ada.enterCode(codes[3]?.toLowerCase().replaceAll('-', ' ') ?? '');
    expect([ada.where(), await ada.heading()]).toEqual(['/home', 'Home of ada']);
    expect((await app.mfa.service.status('ada')).backupCodesRemaining).toBe(9);
  });

  test('what was begun in one tab is not shown to another browser', async () => {
    const { person } = await begin();
    const ada = await person();
    await ada.signIn('ada');
    await ada.open('/mfa/setup');
    await ada.press('Begin');
    const secret = await ada.page.locator('#mfa-secret').textContent();
    const other = await person();
    await other.signIn('ada');
    await other.open('/mfa/setup');
    expect(await other.page.locator('#mfa-secret').count()).toBe(0);
    expect(await other.page.content()).not.toContain(secret);
  });
});
