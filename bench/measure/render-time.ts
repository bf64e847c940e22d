import { qrShape } from '../../src/flows/authenticator-link.ts';
import { renderDocument } from '../../src/pages/document.ts';
import { en } from '../../src/pages/messages/en.ts';
import { renderPage } from '../../src/pages/page.ts';
import { median } from '../report/median.ts';
import { settings } from '../settings.ts';

/** Microseconds per page, from the props to the text of the whole document. */
export interface RenderTime {
  readonly challenge: number;
  /** With a QR code that is drawn already. */
  readonly setup: number;
  /** Only the drawing of the QR code, which the set-up page needs once more than the enrolment itself. */
  readonly qrCode: number;
}

const pagesPerRound = 1_000;
const brand = { issuer: 'Bench', logo: undefined, colorScheme: 'light dark' };
const props = {
  messages: en,
  locale: 'en',
  issuer: brand.issuer,
  path: '/mfa',
  challengePath: '/mfa/challenge',
  setupPath: '/mfa/setup',
  loginPath: '/login',
  homePath: '/',
  formToken: 'qT0m2b5cJvJ0c9l8nqk3o1Wc7sQm4uYp6rXh2dVtZfE',
  returnTo: '/orders?page=2',
  problem: undefined,
};
const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const uri = `otpauth://totp/Bench:ada%40example.org?secret=${secret}&issuer=Bench&algorithm=SHA1&digits=6&period=30`;

const authenticator = { secret, issuer: 'Bench', accountName: 'ada@example.org', qr: qrShape(uri) };
const setup = { ...props, authority: 'nothing', replaces: false, authenticator } as const;
const challenge = { ...props, method: 'totp', canSwitch: true, stepUp: false } as const;

const measured: Record<keyof RenderTime, () => unknown> = {
  challenge: () => renderDocument(renderPage('challenge', challenge), brand).toString(),
  setup: () => renderDocument(renderPage('setup', setup), brand).toString(),
  qrCode: () => qrShape(uri),
};

/** Renders in this process, from the sources: the package does not tell its renderer. */
export function measureRenderTime(): RenderTime {
  const times = { challenge: [] as number[], setup: [] as number[], qrCode: [] as number[] };
  for (let round = 0; round <= settings.rounds; round++) {
    for (const name of ['challenge', 'setup', 'qrCode'] as const) {
      const start = performance.now();
      for (let index = 0; index < pagesPerRound; index++) measured[name]();
      // The first round compiles the code.
      if (round > 0) times[name].push(((performance.now() - start) * 1000) / pagesPerRound);
    }
  }
  return { challenge: median(times.challenge), setup: median(times.setup), qrCode: median(times.qrCode) };
}
