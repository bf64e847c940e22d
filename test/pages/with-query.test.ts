import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withQuery } from '../../src/pages/with-query.ts';

test.each([
  [{}, '/mfa/challenge'],
  [{ method: undefined, return_to: undefined }, '/mfa/challenge'],
  [{ method: 'backup_code' }, '/mfa/challenge?method=backup_code'],
  [
    { method: undefined, return_to: '/orders?page=2&sort=date#top' },
    '/mfa/challenge?return_to=%2Forders%3Fpage%3D2%26sort%3Ddate%23top',
  ],
  [
    { method: 'backup_code', return_to: '/ü +' },
    '/mfa/challenge?method=backup_code&return_to=%2F%C3%BC%20%2B',
  ],
  [{ method: '' }, '/mfa/challenge?method='],
])('%j in a query is %s', (query, expected) => {
  expect(withQuery('/mfa/challenge', query)).toBe(expected);
});

test('What was put into a query is read from it again, and the path stays', () => {
  const text = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed());
  fc.assert(
    fc.property(text, text, (method, returnTo) => {
      const url = new URL(
        withQuery('/mfa/challenge', { method, return_to: returnTo }),
        'http://site.invalid',
      );
      expect(url.pathname).toBe('/mfa/challenge');
      expect([...url.searchParams]).toEqual([
        ['method', method],
        ['return_to', returnTo],
      ]);
      expect(url.hash).toBe('');
    }),
  );
});
