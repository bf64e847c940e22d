import { randomBytes } from 'node:crypto';

export interface Secrets {
  /** What the library seals with: 32 bytes in base64. */
  readonly mfaKey: string;
  /** What express-session signs its cookies with. */
  readonly sessionSecret: string;
}

/** From the environment. What is missing there is made anew at every start, and `say` hears what that means. */
export function readSecrets(env: NodeJS.ProcessEnv, say: (line: string) => void): Secrets {
  function read(name: string, consequence: string): string {
    const value = env[name];
    if (value !== undefined && value !== '') return value;
    if (env.NODE_ENV === 'production')
      throw new Error(`Set ${name}, to what openssl rand -base64 32 prints.`);
    say(`${name} is not set: made one for this start. At the next one ${consequence}.`);
    return randomBytes(32).toString('base64');
  }
  return {
    mfaKey: read('MFA_KEY', 'second steps of before cannot be checked any more'),
    sessionSecret: read('SESSION_SECRET', 'everybody is logged out'),
  };
}
