import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { qrCode } from '../../src/flows/authenticator-link.ts';
import { axeViolations } from './axe-violations.ts';
import { describeInBrowser, describeWithAndWithoutScript } from './describe-in-browser.ts';
import { readQr } from './read-qr.ts';
import { servePages } from './serve-pages.ts';

const policy = "default-src 'none'; script-src 'self'; form-action 'self'; frame-ancestors 'none'";
const withImages = `${policy}; img-src data:`;
const uri = 'otpauth://totp/Acme:ann%40example.com?secret=GEZDGNBVGY3TQOJQ&issuer=Acme';

const document = (body: string, head = '') =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>${head}</head><body><main><h1>A page</h1>${body}</main></body></html>`;

const pages = {
  '/clean': {
    policy,
    body: document('<p id="said">Nothing yet</p><script src="/script.js"></script>'),
  },
  '/script.js': { type: 'text/javascript', body: "document.getElementById('said').textContent = 'Hello';" },
  '/inline-style': { policy, body: document('<p style="color: red">Red</p>') },
  '/inline-script': { policy, body: document('<script>document.title = "Run";</script>') },
  '/foreign-image': { policy, body: document('<img alt="" src="/picture.png">') },
  '/refused': { policy, status: 401, body: document('<p role="alert">The code is not valid.</p>') },
  '/broken': { policy, status: 500, body: document('<p>Oh dear</p>') },
  '/missing-script': { policy, body: document('<script src="/missing.js"></script>') },
  '/throws': { policy, body: document('<script src="/throws.js"></script>') },
  '/throws.js': { type: 'text/javascript', body: "console.warn('careful'); throw new Error('Oh dear');" },
  '/without-policy': { body: document('<p>Hello</p>') },
  '/links': { policy, body: document('<a href="/file">Download</a> <a href="/unanswered">Wait</a>') },
  '/file': { type: 'application/octet-stream', body: 'A file' },
  '/unanswered': {},
  '/unlabelled': { policy, body: document('<input type="text">') },
  '/qr': { policy: withImages, body: document(`<img alt="QR code" src="${qrCode(uri)}" width="200">`) },
};

let server: Awaited<ReturnType<typeof servePages>>;
beforeAll(async () => {
  server = await servePages(pages);
});
afterAll(() => server.close());

describeWithAndWithoutScript('a page in Chromium', (browser) => {
  test('is addressed as localhost, and runs its script only with JavaScript', async () => {
    const page = await browser.open(server);
    await page.goto('/clean');

    expect(new URL(page.url()).hostname).toBe('localhost');
    expect(await page.locator('#said').textContent()).toBe(browser.javaScript ? 'Hello' : 'Nothing yet');
    expect(await browser.takeComplaints(page)).toEqual([]);
  });

  test('complains of an inline style that its CSP forbids', async () => {
    const page = await browser.open(server);
    await page.goto('/inline-style');

    expect(await browser.takeComplaints(page)).toEqual([
      expect.stringMatching(/^console error: .*inline style violates .*Content Security Policy/),
    ]);
    expect(await browser.takeComplaints(page)).toEqual([]);
  });

  test('complains of an image that its CSP forbids, in a second tab too', async () => {
    const page = await browser.open(server);
    const secondTab = await page.context().newPage();
    await secondTab.goto('/foreign-image');

    const complaints = await browser.takeComplaints(page);
    expect(complaints).toContainEqual(expect.stringMatching(/^console error: .*Content Security Policy/));
    expect(complaints).toContainEqual(expect.stringMatching(/^failed: GET .*\/picture\.png \(csp\)$/));
  });

  test('may be answered with a refusal, but not with a fault', async () => {
    const page = await browser.open(server);
    expect((await page.goto('/refused'))?.status()).toBe(401);
    expect(await browser.takeComplaints(page)).toEqual([]);

    await page.goto('/broken');
    expect(await browser.takeComplaints(page)).toEqual([
      expect.stringMatching(/^console error: Failed to load resource: .* 500 .*\/broken\]$/),
    ]);
  });

  test('may lead to a download, and be left before the next page is there', async () => {
    const page = await browser.open(server);
    await page.goto('/links');
    await Promise.all([page.waitForEvent('download'), page.getByText('Download').click()]);
    await Promise.all([
      page.waitForRequest('**/unanswered'),
      page.getByText('Wait').click({ noWaitAfter: true }),
    ]);
    expect(await browser.takeComplaints(page)).toEqual([]);

    await page.goto('/clean');
    expect(await browser.takeComplaints(page)).toEqual([]);
  });

  test('may have no icon', async () => {
    const page = await browser.open(server);
    const complaint = page.waitForEvent('console');
    await page.goto('/without-policy');
    expect((await complaint).location().url).toMatch(/\/favicon\.ico$/);
    expect(await browser.takeComplaints(page)).toEqual([]);
  });

  test('shows a QR code that can be read off the screen', async () => {
    const page = await browser.open(server);
    await page.goto('/qr');
    expect(await readQr(page.getByRole('img', { name: 'QR code' }))).toBe(uri);
    await expect(readQr(page.getByRole('heading'))).rejects.toThrow();
  });
});

describeInBrowser('a page with scripts in Chromium', (browser) => {
  test('complains of an inline script that its CSP forbids', async () => {
    const page = await browser.open(server);
    await page.goto('/inline-script');

    expect(await page.title()).toBe('A page');
    expect(await browser.takeComplaints(page)).toEqual([
      expect.stringMatching(/^console error: .*inline script violates .*Content Security Policy/),
    ]);
  });

  test('complains of warnings, exceptions and missing scripts', async () => {
    const page = await browser.open(server);
    await page.goto('/throws');
    expect(await browser.takeComplaints(page)).toEqual([
      expect.stringMatching(/^console warning: careful/),
      'exception: Oh dear',
    ]);

    await page.goto('/missing-script');
    expect(await browser.takeComplaints(page)).toEqual([
      expect.stringMatching(/^console error: Failed to load resource: .* 404 .*\/missing\.js\]$/),
    ]);
  });

  test('is found accessible under its CSP, which axe does not violate', async () => {
    const page = await browser.open(server);
    await page.goto('/clean');
    expect(await axeViolations(page)).toEqual([]);
    expect(await browser.takeComplaints(page)).toEqual([]);
  });

  test('is told by axe which field has no label', async () => {
    const page = await browser.open(server);
    await page.goto('/unlabelled');
    expect(await axeViolations(page)).toEqual([
      {
        rule: 'label',
        impact: 'critical',
        selector: 'input',
        summary: expect.stringContaining('does not have an implicit (wrapped) <label>'),
      },
    ]);
  });
});

describeInBrowser(
  'the back-forward cache',
  (browser) => {
    test('brings back a page as it was left', async () => {
      const page = await browser.open(server);
      await page.goto('/clean');
      await page.evaluate("document.getElementById('said').textContent = 'Left'");
      await page.goto('/refused');
      await page.goBack({ waitUntil: 'commit' });
      expect(await page.locator('#said').textContent()).toBe('Left');
    });
  },
  { backForwardCache: true },
);
