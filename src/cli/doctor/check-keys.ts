import { createKeyRing } from '../../crypto/key-ring.ts';
import { faultText } from '../../fault-text.ts';
import { type Finding, findingsAbout } from './finding.ts';

const about = findingsAbout('keys');

/** Each key by itself, so that one bad key does not hide the next; never a key, only its id. */
export function checkKeys(keys: readonly unknown[]): Finding[] {
  const kids = keys.map(readKid);
  const findings = kids.map((kid, position) => {
    if (typeof kid !== 'string') return about('error', kid.problem.replace('keys[0]', `keys[${position}]`));
    const role = position === 0 ? 'seals, since it is the first' : 'only opens what it has sealed before';
    return about('ok', `Key ${kid} is well-formed and ${role}.`);
  });
  const twice = kids.filter((kid, position) => typeof kid === 'string' && kids.indexOf(kid) !== position);
  for (const kid of new Set(twice)) {
    findings.push(about('error', `Remove one of the two: key ${kid} is listed twice.`));
  }
  if (keys.length === 0) findings.push(about('error', 'List a key: `express-mfa keygen` makes one.'));
  if (keys.length > 1)
    findings.push(about('ok', 'When rotation is done, `express-mfa reseal` says which keys can be removed.'));
  return findings;
}

function readKid(key: unknown): string | { problem: string } {
  try {
    return createKeyRing([key]).newest.kid;
  } catch (error) {
    return { problem: faultText(error) };
  }
}
