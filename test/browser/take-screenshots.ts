import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './launch-chromium.ts';
import { pictureOf } from './picture-of.ts';
import { type ScreenshotApp, startScreenshotApp } from './screenshot-app.ts';

/** Makes the pictures of docs/screenshots. Look at each of them before it is committed. */
const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));

interface Look {
  readonly colorScheme?: 'light' | 'dark';
  readonly locale?: string;
  readonly width?: number;
}
type Scene = (page: Page, app: ScreenshotApp) => Promise<void>;

const phone = 360;

/** By the name of the file. */
const pictures: Readonly<Record<string, { look: Look; scene: Scene }>> = {
  challenge: { look: {}, scene: challenge },
  'set-up': { look: {}, scene: setUp },
  'backup-codes': { look: { colorScheme: 'dark' }, scene: backupCodes },
  security: { look: { colorScheme: 'dark' }, scene: security },
  wait: { look: {}, scene: wait },
  'challenge-on-a-phone': { look: { colorScheme: 'dark', width: phone }, scene: challenge },
  'set-up-on-a-phone': { look: { width: phone }, scene: setUp },
  'challenge-in-arabic': { look: { locale: 'ar', width: phone }, scene: challenge },
};

/** What the README shows, side by side. */
const filmStrip = ['challenge', 'set-up', 'backup-codes', 'challenge-on-a-phone'];

async function challenge(page: Page, { url, enrol }: ScreenshotApp): Promise<void> {
  await enrol();
  await page.goto(`${url}/login`);
}

async function wait(page: Page, app: ScreenshotApp): Promise<void> {
  await challenge(page, app);
  for (let count = 0; count < 6; count++) {
    await page.locator('input[name=code]').fill(app.wrongCode());
    await page.locator('form button').click();
  }
}

async function setUp(page: Page, { url }: ScreenshotApp): Promise<void> {
  await page.goto(`${url}/login`);
  await page.goto(`${url}/mfa/setup`);
  await page.locator('form button').click();
}

async function backupCodes(page: Page, app: ScreenshotApp): Promise<void> {
  await setUp(page, app);
  const secret = (await page.locator('#mfa-secret').textContent()) ?? '';
  await page.locator('input[name=code]').fill(app.codeOf(secret.replaceAll(' ', '')));
  await page.locator('form button').click();
}

async function security(page: Page, app: ScreenshotApp): Promise<void> {
  await backupCodes(page, app);
  await page.goto(`${app.url}/mfa/security`);
  await page.locator('summary').first().click();
}

async function take(browser: Browser, { look, scene }: { look: Look; scene: Scene }): Promise<Buffer> {
  const { width = 560, ...rest } = look;
  const app = await startScreenshotApp();
  const context = await browser.newContext({
    viewport: { width, height: 760 },
    deviceScaleFactor: 2,
    ...rest,
  });
  try {
    const page = await context.newPage();
    await scene(page, app);
    return await pictureOf(page);
  } finally {
    await context.close();
    await app.close();
  }
}

async function sideBySide(browser: Browser, images: readonly Buffer[]): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 2_400, height: 800 } });
  const shown = images.map((image) => `<img src="data:image/png;base64,${image.toString('base64')}">`);
  await page.setContent(`<style>
body { margin: 0; }
div { display: inline-flex; gap: 24px; padding: 8px; }
img { height: 640px; border: 1px solid #8888; border-radius: 12px; }
</style><div>${shown.join('')}</div>`);
  await page.locator('img').last().evaluate('(image) => image.decode()');
  const picture = await pictureOf(page.locator('div'), { omitBackground: true });
  await page.close();
  return picture;
}

async function main(): Promise<void> {
  const browser = await launchChromium();
  try {
    await mkdir(folder, { recursive: true });
    const taken = new Map<string, Buffer>();
    for (const [name, picture] of Object.entries(pictures)) taken.set(name, await take(browser, picture));
    const strip = await sideBySide(
      browser,
      filmStrip.map((name) => taken.get(name) ?? Buffer.alloc(0)),
    );
    taken.set('film-strip', strip);
    for (const [name, image] of taken) await writeFile(join(folder, `${name}.png`), image);
    console.log(`${taken.size} pictures are in docs/screenshots. Look at each of them.`);
  } finally {
    await browser.close();
  }
}

void main();
