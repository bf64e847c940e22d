/** Joins texts so that no two different lists give the same bytes: each is preceded by its length in bytes. */
export function lengthPrefixed(...parts: readonly string[]): Buffer {
  return Buffer.from(parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(''));
}
