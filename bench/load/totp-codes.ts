import speakeasy from 'speakeasy';

/** The code of the present time step, or one that is `offset` steps away from it. */
export function codeAt(secret: string, offset: number): string {
  return speakeasy.totp({ secret, encoding: 'base32', time: Math.floor(Date.now() / 1000) + offset * 30 });
}

/** A code that is wrong now and stays wrong for some minutes. */
export function wrongCode(secret: string): string {
  const near = Array.from({ length: 21 }, (_, index) => codeAt(secret, index - 10));
  let code = 0;
  while (near.includes(String(code).padStart(6, '0'))) code++;
  return String(code).padStart(6, '0');
}
