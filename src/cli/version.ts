import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The version of this package, from its package.json. */
export function readVersion(): string {
  // By the package's own name: the source and the built file lie at different depths.
  const path = createRequire(import.meta.url).resolve('express-mfa/package.json');
  const { version }: { version?: unknown } = JSON.parse(readFileSync(path, 'utf8'));
  return String(version);
}
