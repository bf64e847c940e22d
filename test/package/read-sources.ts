import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Every file of a folder, as path below it (with forward slashes) → text. */
export async function readSources(folder: string): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(join(folder, '/').length).replaceAll('\\', '/');
    sources.set(path, await readFile(file, 'utf8'));
  }
  return sources;
}
