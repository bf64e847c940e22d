import { Authenticator } from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import type { KeyValue } from '../basic/key-value.ts';
import type { Users } from '../basic/users.ts';
import { type Provider, ProviderStrategy } from './provider-strategy.ts';

declare global {
  namespace Express {
    /** All that a request needs to know; the password's hash stays where it is. */
    interface User {
      userId: string;
    }
  }
}

/** Passport as an app has it before it knows of a second step. */
export function createPassport({
  users,
  records,
  provider,
}: {
  users: Users;
  records: KeyValue;
  provider: Provider;
}) {
  const passport = new Authenticator();

  passport.use(
    new LocalStrategy({ usernameField: 'email' }, (email, password, done) => {
      users
        .authenticate(email, password)
        .then((user) => done(null, user ? { userId: user.id } : false), done);
    }),
  );

  passport.use(
    new ProviderStrategy(provider, async ({ subject, email }) => {
      const known = await records.get(`provider:${subject}`);
      if (known !== undefined) return { userId: known };
      // Not joined to an account of the same address: that would give it to whoever claims the address there.
      const user = await users.register(email);
      if (!user) return undefined;
      await records.set(`provider:${subject}`, user.id);
      return { userId: user.id };
    }),
  );

  passport.serializeUser((user, done) => done(null, user.userId));
  passport.deserializeUser((id, done) => {
    users.byId(String(id)).then((user) => done(null, user ? { userId: user.id } : false), done);
  });
  return passport;
}
