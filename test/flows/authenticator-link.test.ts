import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TOTP, URI } from 'otpauth';
import { decodeQR } from 'qr/decode.js';
import { provisioningUri, qrCode } from '../../src/flows/authenticator-link.ts';

const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const uriOf = (accountName: string, issuer = 'Acme') => provisioningUri({ issuer, accountName, secret });

describe('the provisioning URI', () => {
  const hostile = ['a?secret=EVIL&x=#/ü b@x', 'Acme & Co'] as const;

  test('EN-10 a hostile account name adds no parameter, and a space is %20', () => {
    const uri = uriOf(...hostile);
    expect(uri).toBe(
      'otpauth://totp/Acme%20%26%20Co:a%3Fsecret%3DEVIL%26x%3D%23%2F%C3%BC%20b%40x' +
        `?secret=${secret}&issuer=Acme%20%26%20Co&algorithm=SHA1&digits=6&period=30`,
    );
  });

  test('EN-10 it reads as one secret, one issuer and the fixed parameters, by URL and URLSearchParams', () => {
    const { protocol, host, pathname, searchParams, hash } = new URL(uriOf(...hostile));
    expect([protocol, host, hash]).toEqual(['otpauth:', 'totp', '']);
    expect(decodeURIComponent(pathname)).toBe('/Acme & Co:a?secret=EVIL&x=#/ü b@x');
    expect([...searchParams]).toEqual([
      ['secret', secret],
      ['issuer', 'Acme & Co'],
      ['algorithm', 'SHA1'],
      ['digits', '6'],
      ['period', '30'],
    ]);
  });

  test('EN-10 an independent implementation reads the same secret, issuer and label', () => {
    const totp = URI.parse(uriOf(...hostile));
    if (!(totp instanceof TOTP)) throw new Error('It is no TOTP.');
    const { issuer, label, algorithm, digits, period } = totp;
    expect({ issuer, label, algorithm, digits, period, secret: totp.secret.base32 }).toEqual({
      issuer: 'Acme & Co',
      label: 'a?secret=EVIL&x=#/ü b@x',
      algorithm: 'SHA1',
      digits: 6,
      period: 30,
      secret,
    });
  });

  test('EN-10 whatever the account is called, exactly that is read, and nothing else changes', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
    const issuerName = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(name, issuerName, (accountName, anyIssuer) => {
        const issuer = anyIssuer.replaceAll(':', '.');
        const { pathname, searchParams } = new URL(uriOf(accountName, issuer));
        const [first = '', ...rest] = pathname.slice(1).split(':');
        expect(decodeURIComponent(first)).toBe(issuer);
        expect(rest.map(decodeURIComponent)).toEqual([accountName]);
        expect(searchParams.getAll('secret')).toEqual([secret]);
        expect(searchParams.getAll('issuer')).toEqual([issuer]);
        expect([...searchParams.keys()]).toHaveLength(5);
      }),
    );
  });

  test('half of a surrogate pair is written as the replacement character', () => {
    expect(new URL(uriOf('a\ud800b')).pathname).toBe('/Acme:a%EF%BF%BDb');
  });

  test('an account name that no QR code can hold is refused with a sentence of its own', () => {
    expect(() => uriOf('山'.repeat(255))).toThrow(
      new TypeError('Let `accountName` give less: percent-encoded, it does not fit into a QR code.'),
    );
  });

  test.each([
    ['empty', ''],
    ['too long', 'a'.repeat(256)],
    ['undefined', undefined],
    ['null', null],
    ['a number', 7],
    ['an object', { toString: () => 'A' }],
  ])('an account name that is %s is refused', (_what, name) => {
    // @ts-expect-error what a hook without types might give
    expect(() => uriOf(name)).toThrow(
      new TypeError('`accountName` must give a text of 1 to 255 characters.'),
    );
  });
});

describe('the QR code', () => {
  test.each([
    ['a short name', 'a', 'A'],
    ['an address', 'ann@example.com', 'Acme'],
    ['umlauts', 'Jürgen Größe-Ångström@übung.example', 'Käse & Söhne'],
    ['another script and an emoji', '山田太郎 🔑', '会社'],
    ['the hostile name', 'a?secret=EVIL&x=#/ü b@x', 'Acme & Co'],
    ['the longest name', 'n'.repeat(255), 'A'.repeat(100)],
    ['the longest name of umlauts', 'ü'.repeat(255), 'Käse & Söhne'],
    ['as much as fits', `${'山'.repeat(247)}nn`, 'Acme'],
  ])('EN-10 of %s is read by a decoder as exactly the URI', (_what, accountName, issuer) => {
    const uri = uriOf(accountName, issuer);
    expect(scan(qrCode(uri))).toBe(uri);
  });

  test('EN-11 it is drawn here: an image in itself that refers to nothing', () => {
    const svg = svgOf(qrCode(uriOf('ann@example.com')));
    expect(svg).not.toMatch(/href|url\(|<image|<script|<style|otpauth/);
    expect(svg.match(/https?:[^"]*/g)).toEqual(['http://www.w3.org/2000/svg']);
  });
});

function svgOf(dataUri: string): string {
  const [, base64] = /^data:image\/svg\+xml;base64,([A-Za-z0-9+/=]+)$/.exec(dataUri) ?? [];
  if (base64 === undefined) throw new Error('It is no SVG data URI.');
  return Buffer.from(base64, 'base64').toString();
}

/** What a phone's camera does: modules of four pixels each, then a decoder that is not ours. */
function scan(dataUri: string): string {
  const svg = svgOf(dataUri);
  const modules = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]);
  const scale = 4;
  const size = modules * scale;
  const data = new Uint8Array(size * size * 4).fill(255);
  for (const [, x, y] of svg.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++) {
      const from = (row * size + Number(x) * scale) * 4;
      for (let at = from; at < from + scale * 4; at++) data[at] = at % 4 === 3 ? 255 : 0;
    }
  }
  return decodeQR({ width: size, height: size, data }, { timeLimit: 5_000 });
}
