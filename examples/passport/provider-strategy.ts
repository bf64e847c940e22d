import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { Strategy } from 'passport';

declare module 'express-session' {
  interface SessionData {
    /** Ties the callback to the browser in which the login began. */
    providerState: string;
  }
}

/** The other site. */
export interface Provider {
  /** Its login page, which leads back with `state` and a `code`. */
  loginUrl(state: string): string;
  /** Whose code it is; undefined where it is not one. */
  exchange(code: string): Promise<{ subject: string; email: string } | undefined>;
}

type FindUser = (profile: { subject: string; email: string }) => Promise<Express.User | undefined>;

/** Stands for passport-google-oauth20 and its kind: without a code it goes to the other site. */
export class ProviderStrategy extends Strategy {
  override readonly name = 'provider';
  // Not `#provider`: Passport works on objects that inherit from this one, and those have no private fields.
  private readonly provider: Provider;
  private readonly findUser: FindUser;

  constructor(provider: Provider, findUser: FindUser) {
    super();
    this.provider = provider;
    this.findUser = findUser;
  }

  override authenticate(req: Request): void {
    const { code, state } = req.query;
    const expected = req.session.providerState;
    delete req.session.providerState;
    if (typeof code !== 'string') this.goThere(req);
    else if (expected === undefined || state !== expected) this.fail(403);
    else this.comeBack(code);
  }

  private goThere(req: Request): void {
    const state = randomBytes(16).toString('hex');
    req.session.providerState = state;
    this.redirect(this.provider.loginUrl(state));
  }

  private comeBack(code: string): void {
    this.userOf(code).then(
      (user) => (user ? this.success(user) : this.fail(401)),
      (error: unknown) => this.error(error),
    );
  }

  private async userOf(code: string): Promise<Express.User | undefined> {
    const profile = await this.provider.exchange(code);
    return profile && this.findUser(profile);
  }
}
