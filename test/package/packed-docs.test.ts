import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(__dirname, '..', '..');

test('the package holds every page of the docs, to which its README leads, and nothing of the sources', () => {
  const args = ['pack', '--dry-run', '--ignore-scripts', '--json'];
  const [{ files }] = JSON.parse(execFileSync('npm', args, { cwd: root, stdio: 'pipe' }).toString());
  const packed: string[] = files.map(({ path }: { path: string }) => path);
  const written = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  expect(packed.filter((path) => path.startsWith('docs/')).sort()).toEqual(
    written.map((name) => `docs/${name}`).sort(),
  );
  expect(packed.filter((path) => /^(?:src|test|examples|bench)\//.test(path))).toEqual([]);
});
