import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync(join(__dirname, '..', '..', '..', '..', 'docs', 'stores.md'), 'utf8');

/** The SQL that docs/stores.md has for this database. */
export function tableOf(name: string): string {
  const blocks = [...page.matchAll(/```sql\n-- ([^\n]*)\n([\s\S]*?);\n```/g)];
  const [, , sql] = blocks.find(([, title = '']) => title.includes(name)) ?? [];
  if (sql === undefined) throw new Error(`docs/stores.md has no table for ${name}.`);
  return sql;
}
