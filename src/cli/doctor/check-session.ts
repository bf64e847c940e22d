import { withoutPrototype } from '../../without-prototype.ts';
import { checkCookie } from './check-cookie.ts';
import { type Finding, findingsAbout } from './finding.ts';
import type { SessionSettings } from './session-settings.ts';

const about = findingsAbout('session');

/** Secrets that everybody knows from examples. */
const wellKnown = new Set([
  'keyboard cat',
  'keyboardcat',
  'secret',
  'shhhh',
  'changeme',
  'change me',
  'your secret',
]);
const shortestSecret = 32;

/** The options of express-session that weaken a second step. */
export function checkSession(settings: SessionSettings): Finding[] {
  if (!settings.session) {
    const sentence =
      'Give `session` in the config module, the options of express-session: nothing is known of them.';
    return [about('warning', sentence)];
  }
  const session = withoutPrototype(settings.session);
  const findings = [
    ...saving(session),
    ...secret(session),
    ...naming(session),
    ...checkCookie(session, settings),
  ];
  return findings.length > 0
    ? findings
    : [about('ok', 'The options of express-session are as they should be.')];
}

function saving({ resave, saveUninitialized, store }: Readonly<Record<string, unknown>>): Finding[] {
  const findings: Finding[] = [];
  if (resave !== false) {
    const why = 'a slow request writes back the session that a log-out or a login has just ended';
    findings.push(about('warning', `Set \`resave: false\`: otherwise ${why}.`));
  }
  if (saveUninitialized !== false) {
    const why = 'every visitor who never logs in gets a cookie and an entry in the store';
    findings.push(about('warning', `Set \`saveUninitialized: false\`: otherwise ${why}.`));
  }
  const name = typeof store === 'object' && store !== null ? store.constructor?.name : 'MemoryStore';
  if (name === 'MemoryStore') {
    const why = 'sessions in memory are lost with the process and shared with no other';
    findings.push(about('error', `Give express-session a \`store\` such as connect-redis: ${why}.`));
  }
  return findings;
}

function secret({ secret }: Readonly<Record<string, unknown>>): Finding[] {
  const secrets: readonly unknown[] = Array.isArray(secret) && secret.length > 0 ? secret : [secret];
  const advice = 'Set `secret` to 32 random bytes, as `express-mfa keygen` prints them';
  return secrets.flatMap((text) => {
    // A Buffer is what somebody made of random bytes.
    if (Buffer.isBuffer(text) && text.length >= shortestSecret) return [];
    if (typeof text !== 'string') return [about('error', `${advice}: it is not set.`)];
    if (wellKnown.has(text.toLowerCase()))
      return [about('error', `${advice}: this one stands in examples, so anybody can sign session cookies.`)];
    if (text.length >= shortestSecret) return [];
    return [about('warning', `${advice}: one of ${text.length} characters can be guessed from a cookie.`)];
  });
}

function naming({ name = 'connect.sid' }: Readonly<Record<string, unknown>>): Finding[] {
  if (name !== 'connect.sid') return [];
  const why = 'the default tells what the app is made of, and another app of this host would share it';
  return [about('warning', `Give the session cookie a \`name\` of your own: ${why}.`)];
}
