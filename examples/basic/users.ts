import { randomUUID } from 'node:crypto';
import bcrypt from 'bcrypt';
import type { KeyValue } from './key-value.ts';

export interface User {
  readonly id: string;
  readonly email: string;
  /** Null for a user without a password, who logs in by other ways. */
  readonly passwordHash: string | null;
}

export type Users = ReturnType<typeof createUsers>;

const cost = 10;
/** bcrypt looks at no more of a password than this. */
export const longestPassword = 72;

/** The users of the app and their passwords. The library knows nothing of it but the ids. */
export function createUsers(records: KeyValue, newId: () => string = randomUUID) {
  // A password for a user who does not exist is compared with this, so that the answer takes as long.
  const nobody = bcrypt.hash(randomUUID(), cost);
  const save = (user: User) => records.set(`user:${user.id}`, JSON.stringify(user));

  async function byId(id: string): Promise<User | undefined> {
    const text = await records.get(`user:${id}`);
    return text === undefined ? undefined : JSON.parse(text);
  }

  async function byEmail(email: string): Promise<User | undefined> {
    const id = await records.get(emailKey(email));
    return id === undefined ? undefined : byId(id);
  }

  return {
    byId,
    byEmail,

    /** Undefined where the address is taken. Without a password for a user who logs in by other ways. */
    async register(email: string, password?: string): Promise<User | undefined> {
      const passwordHash = password === undefined ? null : await bcrypt.hash(password, cost);
      const user: User = { id: newId(), email, passwordHash };
      await save(user);
      if (await records.claim(emailKey(email), user.id)) return user;
      await records.remove(`user:${user.id}`);
      return undefined;
    },

    /** The user, if the password is right. Undefined takes as long for an address that nobody has. */
    async authenticate(email: string, password: string): Promise<User | undefined> {
      const user = await byEmail(email);
      const right = await bcrypt.compare(password, user?.passwordHash ?? (await nobody));
      return right && user?.passwordHash ? user : undefined;
    },

    async passwordMatches(id: string, password: string): Promise<boolean | 'no_password'> {
      const user = await byId(id);
      if (user?.passwordHash === null) return 'no_password';
      return user !== undefined && bcrypt.compare(password, user.passwordHash);
    },

    async setPassword(id: string, password: string): Promise<void> {
      const user = await byId(id);
      if (!user) throw new Error('There is no such user.');
      await save({ ...user, passwordHash: await bcrypt.hash(password, cost) });
    },
  };
}

function emailKey(email: string): string {
  return `email:${email.trim().toLowerCase()}`;
}
