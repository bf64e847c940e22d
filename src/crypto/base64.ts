/**
 * Reads base64 of either alphabet, padded or not. Undefined for anything else: `Buffer.from` skips what it
 * does not know, so the bytes have to lead back to the text.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const plain = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/={1,2}$/, '');
  const bytes = Buffer.from(plain, 'base64');
  return bytes.toString('base64').replace(/={1,2}$/, '') === plain ? bytes : undefined;
}
