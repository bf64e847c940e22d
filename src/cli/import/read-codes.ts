/**
 * Backup codes as exports have them: a list, the JSON of one, a list as PostgreSQL writes it, or texts between
 * blanks, commas or line breaks. Undefined where they are something else.
 */
export function readCodes(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return readText(value.trim());
  if (!Array.isArray(value)) return undefined;
  return value.every((code) => typeof code === 'string') ? value : undefined;
}

function readText(text: string): string[] | undefined {
  if (text.startsWith('[')) return readJson(text);
  const list = /^\{(.*)\}$/s.exec(text)?.[1]?.replaceAll('"', '') ?? text;
  return list.split(/[\s,]+/).filter((code) => code !== '');
}

function readJson(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? readCodes(value) : undefined;
  } catch {
    return undefined;
  }
}
