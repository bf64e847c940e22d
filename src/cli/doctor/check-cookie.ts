import { withoutPrototype } from '../../without-prototype.ts';
import { type Finding, findingsAbout } from './finding.ts';
import type { SessionSettings } from './session-settings.ts';

const about = findingsAbout('cookie');
const longestMs = 30 * 24 * 60 * 60 * 1_000;

type Options = Readonly<Record<string, unknown>>;

/** The options of the session cookie, and whether Express can tell that a request came by HTTPS. */
export function checkCookie(
  session: Options,
  settings: Pick<SessionSettings, 'trustProxy' | 'production'>,
): Finding[] {
  const { cookie } = session;
  if (typeof cookie === 'function')
    return [about('warning', 'Look at `cookie` yourself: it is a function, so nothing is known of it here.')];
  const options: Options = withoutPrototype(
    typeof cookie === 'object' && cookie !== null ? { ...cookie } : {},
  );
  return [
    ...secure(options, settings),
    ...proxy(options, session, settings),
    ...reach(options),
    ...lifetime(options),
  ];
}

function secure({ secure }: Options, { production }: Pick<SessionSettings, 'production'>): Finding[] {
  if (secure) return [];
  const why = 'otherwise the cookie also travels over plain HTTP, where anybody on the way takes the login';
  return [about(production ? 'error' : 'warning', `Set \`cookie.secure: true\` in production: ${why}.`)];
}

function proxy(
  { secure }: Options,
  { proxy }: Options,
  { trustProxy }: Pick<SessionSettings, 'trustProxy'>,
): Finding[] {
  if (trustProxy === true) {
    const why = 'with `true` every client chooses its own address and protocol';
    return [about('warning', `Set \`trust proxy\` to the number of your proxies: ${why}.`)];
  }
  // express-session asks the app only where its own option says nothing.
  if (!secure || trustProxy || proxy !== undefined) return [];
  const why =
    'where TLS ends at a proxy, express-session sends no secure cookie without it, and no login lasts';
  return [about('warning', `Set \`trust proxy\`, and give it here as \`trustProxy\`: ${why}.`)];
}

function reach({ httpOnly, sameSite }: Options): Finding[] {
  const findings: Finding[] = [];
  if (httpOnly === false) {
    const sentence = 'Remove `cookie.httpOnly: false`: every script on the page can read the session.';
    findings.push(about('error', sentence));
  }
  if (!sameSite) {
    const why =
      'otherwise it depends on the browser whether other sites send requests in the name of your users';
    findings.push(about('warning', `Set \`cookie.sameSite: 'lax'\`: ${why}.`));
  }
  if (sameSite === 'none') {
    const sentence =
      "Set `cookie.sameSite: 'lax'` unless your pages are framed by other sites: they send it along.";
    findings.push(about('warning', sentence));
  }
  return findings;
}

function lifetime({ maxAge }: Options): Finding[] {
  if (typeof maxAge !== 'number' || maxAge <= longestMs) return [];
  const days = Math.round((maxAge / longestMs) * 30);
  const why = 'for so long whoever holds the cookie is asked for nothing';
  return [about('warning', `Shorten \`cookie.maxAge\` of ${days} days to 30 or less: ${why}.`)];
}
