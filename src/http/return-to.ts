/**
 * As {@link siteLocalPath}, where it is also short enough to travel in the address of a page and in a form, of
 * which we read two kilobytes.
 */
export function carriedPath(value: unknown): string | undefined {
  const path = siteLocalPath(value);
  return path !== undefined && lengthInForm(path) <= 1_000 ? path : undefined;
}

/** A form writes more of them as three characters than an address does. */
function lengthInForm(path: string): number {
  return new URLSearchParams({ return_to: path }).toString().length;
}

/**
 * `value` if it is a path of this site, else undefined. Browsers read a backslash as a slash, drop tabs and
 * line breaks, and resolve dots: what is left must still not name another host.
 */
export function siteLocalPath(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 2_000 || !value.isWellFormed()) return undefined;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be refused.
  if (!value.startsWith('/') || /[\\\u0000-\u0020\u007f]/.test(value)) return undefined;
  const [path = ''] = value.split(/[?#]/);
  // The encoded ones are harmless to browsers, but not to every server that decodes before it redirects.
  if (/(?:\/|%2f){2}|%(?:[01][0-9a-f]|5c|7f)/i.test(path)) return undefined;
  const base = 'http://site.invalid';
  return URL.canParse(value, base) && new URL(value, base).origin === base ? value : undefined;
}
