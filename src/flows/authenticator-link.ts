import { encode } from 'uqr';
import { askHost } from '../ask-host.ts';
import type { Flow } from './flow.ts';

/** What the largest QR code holds at error correction level M, in bytes. */
const longestUri = 2_331;

/** What an authenticator app is told of a secret, and the name beside it, which the host gives. */
export interface AuthenticatorLink {
  readonly accountName: string;
  readonly uri: string;
}

/** @throws MfaError `hook_failed` where the host gives no name that can be shown. */
export function authenticatorLink(flow: Flow, secret: string): Promise<AuthenticatorLink> {
  return askHost(flow.deadline, 'accountName', async () => {
    const accountName = await flow.accountName(flow.userId);
    return { accountName, uri: provisioningUri({ issuer: flow.issuer, accountName, secret }) };
  });
}

/**
 * The `otpauth:` URI that authenticator apps read ("Key Uri Format" of Google Authenticator). All of it is
 * percent-encoded: a space as `+` is shown as a plus sign by several apps.
 *
 * @throws TypeError where the account name cannot be shown.
 */
export function provisioningUri(of: { issuer: string; accountName: string; secret: string }): string {
  if (typeof of.accountName !== 'string' || of.accountName === '' || of.accountName.length > 255) {
    throw new TypeError('`accountName` must give a text of 1 to 255 characters.');
  }
  const issuer = encodeURIComponent(of.issuer);
  const account = encodeURIComponent(of.accountName.toWellFormed());
  const query = `secret=${of.secret}&issuer=${issuer}&algorithm=SHA1&digits=6&period=30`;
  const uri = `otpauth://totp/${issuer}:${account}?${query}`;
  if (uri.length > longestUri) {
    throw new TypeError('Let `accountName` give less: percent-encoded, it does not fit into a QR code.');
  }
  return uri;
}

/** A QR code: a square of `size` modules, and an SVG path over the dark ones. */
export interface QrShape {
  readonly size: number;
  readonly path: string;
}

/** Drawn here: no third party ever sees the secret. */
export function qrShape(text: string): QrShape {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const path = data
    .map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')).join(''))
    .join('');
  return { size, path };
}

/** A QR code as an SVG data URI. */
export function qrCode(text: string): string {
  const { size, path } = qrShape(text);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path}"/></svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}
