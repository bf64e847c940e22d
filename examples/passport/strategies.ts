import { Authenticator } from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import type { KeyValue } from '../basic/key-value.ts';
import type { Users } from '../basic/users.ts';
import { type Provider, ProviderStrategy } from './provider-strategy.ts';

declare global {
  namespace Express {
    interface User {
      id: string;
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
      users.authenticate(email, password).then((user) => done(null, user ?? false), done);
    }),
  );

  passport.use(
    new ProviderStrategy(provider, async ({ subject, email }) => {
      const known = await records.get(`provider:${subject}`);
      if (known !== undefined) return users.byId(known);
      // Not joined to an account of the same address: that would give it to whoever claims the address there.
      const user = await users.register(email);
      if (user) await records.set(`provider:${subject}`, user.id);
      return user;
    }),
  );

  passport.serializeUser((user, done) => done(null, user.id));
  passport.deserializeUser((id, done) => {
    users.byId(String(id)).then((user) => done(null, user ?? false), done);
  });
  return passport;
}
