import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(__dirname, '..', '..');
const id = /\b(?:PS|RP|BF|BC|EN|RE|SU|CS|IC|SF|IL|DO)-\d\d\b/g;

/** The ids in the titles of each test file, as `id test/file`. */
function testedIds(): string[] {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' });
  const found = files
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(root, 'test', file), 'utf8');
      const titles = text.match(/\b(?:test|describe)(?:\.each\([\s\S]*?\))?\(\s*(['"`])[\s\S]*?\1/g) ?? [];
      return titles.flatMap((title) => (title.match(id) ?? []).map((threat) => `${threat} test/${file}`));
    });
  return [...new Set(found)].sort();
}

/** The rows of the table in docs/security.md, as `id test/file`. */
function documentedIds(): string[] {
  const table =
    readFileSync(join(root, 'docs', 'security.md'), 'utf8').split('## Every threat and its test')[1] ?? '';
  return table
    .split('\n')
    .flatMap((row) => {
      const [threat] = row.match(id) ?? [];
      return [...row.matchAll(/\]\(\.\.\/(test\/[^)]+)\)/g)].map(([, file]) => `${threat} ${file}`);
    })
    .sort();
}

test('docs/security.md leads from every threat to the files that test it, and names no other', () => {
  expect(documentedIds()).toEqual(testedIds());
  expect(documentedIds().length).toBeGreaterThan(100);
});
