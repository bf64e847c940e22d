import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { MfaOptions } from 'express-mfa';
import { createTestApp, type TestApp } from '../../app/create-test-app.ts';
import { visit } from '../../app/page-visitor.ts';

async function languageOf(app: TestApp, accepted: string): Promise<string | undefined> {
  const { text } = await visit(app.browser({ 'Accept-Language': accepted })).get('/mfa/challenge');
  return /<html lang="([^"]+)"/.exec(text)?.[1];
}

describe('the language of the browser', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await createTestApp();
  });
  afterAll(() => app.close());

  test.each([
    ['de', 'de'],
    ['DE', 'de'],
    ['de-AT', 'de'],
    ['fr-CA, en;q=0.9', 'fr'],
    ['nl, fr;q=0.8, en;q=0.5', 'fr'],
    ['en;q=0.5, ja', 'ja'],
    ['pt-BR', 'pt'],
    ['zh', 'zh-CN'],
    ['zh-CN', 'zh-CN'],
    ['zh-Hans', 'zh-CN'],
    ['zh-SG', 'zh-CN'],
    // Traditional characters are others.
    ['zh-TW', 'en'],
    ['zh-Hant, es;q=0.2', 'es'],
    ['ar-EG', 'ar'],
    ['tlh', 'en'],
    ['*', 'en'],
    ['', 'en'],
    ['"><script>alert(1)</script>', 'en'],
    [`${'a-'.repeat(500)}b`, 'en'],
    [Array.from({ length: 300 }, (_, index) => `x${index}`).join(','), 'en'],
  ])('%s → %s', async (accepted, expected) => {
    expect(await languageOf(app, accepted)).toBe(expected);
  });
});

describe('the language that the app says', () => {
  let app: TestApp;
  afterEach(() => app.close());
  const start = async (mfa: Partial<MfaOptions>) => {
    app = await createTestApp({ mfa });
  };

  test.each([
    ['fr', 'fr'],
    ['fr-BE', 'fr'],
    [undefined, 'de'],
    ['tlh', 'de'],
    ['not a tag at all', 'de'],
  ])('%s before what the browser prefers: %s', async (said, expected) => {
    await start({ locale: async () => said });
    expect(await languageOf(app, 'de')).toBe(expected);
  });

  test('a language of the app that has no relative of ours speaks English where it is silent', async () => {
    await start({
      messages: {
        EN: { toLogin: 'Sign in' },
        nl: { loginEndedTitle: 'Log opnieuw in' },
        'de-CH': { loginEndedTitle: 'Grüezi' },
      },
    });
    const english = await visit(app.browser({ 'Accept-Language': 'en-GB' })).get('/mfa/challenge');
    expect(english.text).toMatch(/<html lang="en"[\s\S]*>Sign in</);
    const dutch = await visit(app.browser({ 'Accept-Language': 'nl-BE' })).get('/mfa/challenge');
    expect(dutch.text).toMatch(/<html lang="nl" dir="ltr">[\s\S]*<h1>Log opnieuw in<\/h1>[\s\S]*>Log in</);
    const swiss = await visit(app.browser({ 'Accept-Language': 'de-CH' })).get('/mfa/challenge');
    expect(swiss.text).toMatch(/<h1>Grüezi<\/h1>[\s\S]*>Anmelden</);
    expect(await languageOf(app, 'de-DE')).toBe('de');
  });
});
