import { expect, test } from '@jest/globals';
import { checkImportRules } from './import-rules.ts';
import { readSources } from './read-sources.ts';

function complaintsAbout(files: Record<string, string>): string[] {
  return checkImportRules(new Map(Object.entries(files)));
}

test('src keeps the import rules', async () => {
  const sources = await readSources('src');
  expect(sources.size).toBeGreaterThan(0);
  expect(checkImportRules(sources)).toEqual([]);
});

test('imports downward and within a layer are fine', () => {
  expect(
    complaintsAbout({
      'testing/testing.ts': "import { service } from '../index.ts';",
      'index.ts': "export { service } from './service.ts';",
      'service.ts': "import type { Store } from './stores/store.ts';\nexport const service = 1;",
      'stores/store.ts': "import { a } from '../account/a.ts';\nimport { join } from 'node:path';",
      'account/a.ts': "import { b } from './b.ts';",
      'account/b.ts': "export { MfaError } from '../errors.ts';",
      'errors.ts': 'export class MfaError extends Error {}',
    }),
  ).toEqual([]);
});

test.each([
  ['a value', "import { load } from '../flows/load.ts';"],
  ['a type', "import type { Load } from '../flows/load.ts';"],
  ['a re-export', "export { load } from '../flows/load.ts';"],
  ['a side effect', "import '../flows/load.ts';"],
  ['a dynamic import', "export const later = () => import('../flows/load.ts');"],
  ['an import type', "export let load: import('../flows/load.ts').Load;"],
  ['a require', "export const load = require('../flows/load.ts');"],
])('an upward import is found: %s', (_kind, text) => {
  expect(complaintsAbout({ 'account/totp.ts': text, 'flows/load.ts': '' })).toEqual([
    'account/totp.ts imports flows/load.ts, which is above it.',
  ]);
});

test('nobody imports testing', () => {
  expect(complaintsAbout({ 'index.ts': "import './testing/a.ts';", 'testing/a.ts': '' })).toEqual([
    'index.ts imports testing/a.ts, which is above it.',
  ]);
});

test('a cycle is found, through types and in its own file too', () => {
  expect(
    complaintsAbout({
      'crypto/a.ts': "import { b } from './b.ts';",
      'crypto/b.ts': "import type { C } from './c.ts';",
      'crypto/c.ts': "import { a } from './a.ts';",
      'crypto/self.ts': "import { self } from './self.ts';",
    }),
  ).toEqual([
    'A cycle: crypto/a.ts → crypto/b.ts → crypto/c.ts → crypto/a.ts.',
    'A cycle: crypto/self.ts → crypto/self.ts.',
  ]);
});

test.each([
  ['account/long.ts', '\n'.repeat(201), 'account/long.ts has 201 lines, more than 200.'],
  ['http/types.ts', '', 'http/types.ts is a grab bag: put each thing where it belongs.'],
  ['http/utils.ts', '', 'http/utils.ts is a grab bag: put each thing where it belongs.'],
  ['http/helpers.ts', '', 'http/helpers.ts is a grab bag: put each thing where it belongs.'],
  ['http/constants.ts', '', 'http/constants.ts is a grab bag: put each thing where it belongs.'],
  ['http/index.ts', '', 'http/index.ts: the only index is src/index.ts.'],
  ['misc/a.ts', '', 'misc/a.ts belongs to no layer.'],
  ['misc.ts', '', 'misc.ts belongs to no layer.'],
  ['http/a.ts', "export * from 'express';", "http/a.ts says export * from 'express': name what it exports."],
  [
    'http/a.ts',
    "export * as e from 'express';",
    "http/a.ts says export * from 'express': name what it exports.",
  ],
  ['http/a.ts', 'export default function a() {}', 'http/a.ts has a default export: name it.'],
  ['http/a.ts', 'const a = 1;\nexport { a as default };', 'http/a.ts has a default export: name it.'],
  ['http/a.ts', 'export default 1;', 'http/a.ts has a default export: name it.'],
  ['http/a.ts', "import { MfaError } from 'express-mfa';", 'http/a.ts imports its own package by name.'],
  ['http/a.ts', "import { b } from './b.ts';", 'http/a.ts imports http/b.ts, which is not there.'],
])('a violation is found: %s %j', (path, text, complaint) => {
  expect(complaintsAbout({ [path]: text })).toEqual([complaint]);
});

test('a file of 200 lines is fine', () => {
  expect(complaintsAbout({ 'account/long.ts': '\n'.repeat(200) })).toEqual([]);
});
