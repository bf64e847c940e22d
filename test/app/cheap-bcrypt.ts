import bcrypt from 'bcrypt';

let isCheap = false;

/**
 * Lets bcrypt do a sixty-fourth of its work in this process, with hashes that look like the library's own: tests are
 * to meet in the store, and not to queue for the processor until their time is up.
 */
export function makeBcryptCheap(): void {
  if (isCheap) return;
  isCheap = true;
  const { hash, compare } = bcrypt;
  Object.assign(bcrypt, {
    hash: async (text: string) => (await hash(text, 4)).replace('$2b$04$', '$2b$10$'),
    compare: (text: string, stored: string) => compare(text, stored.replace('$2b$10$', '$2b$04$')),
  });
}
