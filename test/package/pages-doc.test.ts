import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { Express } from 'express';
import * as library from 'express-mfa';
import ts from 'typescript';
import { de } from '../../src/pages/messages/de.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';

const root = join(__dirname, '..', '..');
const text = readFileSync(join(root, 'docs', 'pages.md'), 'utf8');
const blocks = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);

let app: TestApp;
afterEach(() => app.close());

/** The options that a code block of the page gives to `createMfaRouter`, by running the block. */
function optionsOf(block: string): Partial<library.MfaOptions> {
  const { outputText } = ts.transpileModule(block, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  let given: Partial<library.MfaOptions> | undefined;
  const createMfaRouter = (options: Partial<library.MfaOptions>): library.MfaRouter => {
    given = options;
    return {} as library.MfaRouter;
  };
  const load = (name: string) =>
    name === 'express-mfa' ? { ...library, createMfaRouter } : createRequire(__filename)(name);
  new Function('require', 'exports', 'options', outputText)(load, {}, {});
  if (!given) throw new Error('The block makes no router.');
  return given;
}

function blockWith(words: string): string {
  const found = blocks.filter((block) => block.includes(words));
  expect(found).toHaveLength(1);
  return found[0] ?? '';
}

async function startWith(words: string, more: { before?: (app: Express) => void } = {}): Promise<void> {
  app = await createTestApp({ ...more, mfa: optionsOf(blockWith(words)) });
}

async function page(path: string, headers = {}): Promise<string> {
  const response = await app.browser({ Accept: 'text/html', ...headers }).get(path);
  return response.text;
}

test('theme: the custom properties are in the style sheet, and the logo on the page', async () => {
  await startWith('theme:');
  const css = await page('/mfa/style.css');
  expect(css).toContain('--mfa-accent: #7c2d12;');
  expect(css).not.toContain('prefers-color-scheme: dark');
  expect(await page('/mfa/challenge')).toContain('<img src="/logo.svg" alt="Acme">');
});

test('words: single texts, a relative of a language, and a new language', async () => {
  await startWith('messages:');
  const pending = await pendingBrowser();
  const challengeIn = async (language: string) =>
    (await pending.get('/mfa/challenge', { 'Accept-Language': language })).text;
  expect(await challengeIn('en')).toContain('<h1>One more thing</h1>');
  expect(await challengeIn('de-CH')).toMatch(/<html lang="de-CH"[\s\S]*>Weiter gehts</);
  expect(await challengeIn('nl')).toMatch(/<h1>Tweede stap<\/h1>[\s\S]*>Doorgaan</);
  expect(await challengeIn('de-CH')).toContain(`<h1>${de.challengeTitle}</h1>`);
});

test('locale: the app says, else the browser', async () => {
  await startWith('locale:');
  expect(await page('/mfa/challenge', { Host: 'acme.de', 'Accept-Language': 'fr' })).toContain('lang="de"');
  expect(await page('/mfa/challenge', { Host: 'acme.com', 'Accept-Language': 'fr' })).toContain('lang="fr"');
});

test('frame: our page is in the document of the app, and what it shows is escaped', async () => {
  await startWith('<nav>Acme');
  const { text, headers } = await (await pendingBrowser()).get('/mfa/challenge');
  expect(text).toMatch(/<nav>Acme, guest<\/nav>\s*<main><section class="mfa"/);
  expect(text).toContain('<link rel="stylesheet" href="/mfa/style.css">');
  expect(headers['content-security-policy']).toBe("form-action 'self'; frame-ancestors 'none'");
});

test('frame by a view engine', async () => {
  await startWith('res.render', {
    before(host) {
      host.engine('view', (path, { page }: { page?: library.Page }, done) => {
        done(
          null,
          readFileSync(path, 'utf8')
            .replace('TITLE', page?.title ?? '')
            .replace('BODY', `${page?.body}`),
        );
      });
      host.set('views', join(__dirname, 'views'));
      host.set('view engine', 'view');
    },
  });
  expect((await (await pendingBrowser()).get('/mfa/challenge')).text).toMatch(
    /^<title>Second step · Acme<\/title>\s*<section class="mfa"/,
  );
});

test('a page of your own: it asks, and its form logs in', async () => {
  await startWith('pages: {');
  const authenticator = await app.enrol('A');
  const browser = await app.pending('A');
  browser.headers = { ...browser.headers, Accept: 'text/html' };
  const challenge = await browser.get('/mfa/challenge?return_to=/private');
  expect(challenge.text).toContain('<title>Your code, please</title>');
  const token = /name="form_token" value="([^"]+)"/.exec(challenge.text)?.[1] ?? '';
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const wrong = await browser.post('/mfa/totp/verify', `form_token=${token}&code=x`, form);
  expect([wrong.status, /role="alert">(.*?)</.exec(wrong.text)?.[1]]).toEqual([
    400,
    'A code has six digits, a backup code 16 letters and digits.',
  ]);
  app.clock.nextStep();
  const right = `form_token=${token}&return_to=%2Fprivate&code=${authenticator.code()}`;
  const done = await browser.post('/mfa/totp/verify', right, form);
  expect([done.status, done.headers.location]).toEqual([303, '/private']);
  expect((await browser.get('/whoami')).body.userId).toBe('A');
});

test('every code block of the page has its test here', async () => {
  await startWith('pages: false');
  expect(blocks).toHaveLength(7);
});

test('no pages: the router speaks JSON to browsers, too', async () => {
  await startWith('pages: false');
  const browser = app.browser({ Accept: 'text/html', 'Sec-Fetch-Site': 'same-origin' });
  expect((await browser.get('/mfa/challenge')).status).toBe(404);
  expect((await browser.get('/private')).body.error_type).toBe('UNAUTHENTICATED');
});

async function pendingBrowser() {
  await app.enrol('A');
  const browser = await app.pending('A');
  browser.headers = { ...browser.headers, Accept: 'text/html' };
  return browser;
}
