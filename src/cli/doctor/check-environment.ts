import { type Finding, findingsAbout } from './finding.ts';

const about = findingsAbout('environment');

/** Whether the process takes itself for production: Express and this library are stricter there. */
export function checkEnvironment(nodeEnv: string | undefined): Finding[] {
  if (nodeEnv === 'production') return [about('ok', 'NODE_ENV is production.')];
  const found = nodeEnv === undefined ? 'it is not set' : `it is ${JSON.stringify(nodeEnv)}`;
  const why = 'otherwise Express shows stack traces, and memory stores and test clocks are not refused';
  return [about('warning', `Set NODE_ENV=production where users log in (${found}): ${why}.`)];
}
