import { parseArgs } from 'node:util';

const parts = ['throughput', 'pages', 'render', 'redis', 'memory', 'import'];

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    requests: { type: 'string', default: '1200' },
    'slow-requests': { type: 'string', default: '24' },
    only: { type: 'string', default: parts.join() },
    profile: { type: 'string' },
  },
});

/** What is measured, and how long: `npm run bench -- --rounds 5 --requests 800 --only throughput`. */
export const settings = {
  /** Interleaved rounds, after one that is thrown away. */
  rounds: atLeastOne(values.rounds),
  /** Requests per scenario and round over 16 connections; over one connection it is a quarter. */
  requests: atLeastOne(values.requests),
  /** The same for the requests that cost a bcrypt comparison. */
  slowRequests: atLeastOne(values['slow-requests']),
  /** The parts of the report. */
  parts: values.only.split(',').map(knownPart),
  /** Scenarios to profile instead: `--profile totp,floor`. */
  profile: values.profile?.split(','),
};

/** Over one connection every wait shows; over sixteen the processor time does. */
export const connectionCounts = [1, 16] as const;

/** How many requests a scenario gets in a round. */
export function requestsOver(connections: number, requests: number): number {
  return connections === 1 ? Math.ceil(requests / 4) : requests;
}

function knownPart(name: string): string {
  if (parts.includes(name)) return name;
  throw new Error(`There is no part ${name} to measure.`);
}

function atLeastOne(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new Error(`Pass a whole number above 0, not ${text}.`);
  return number;
}
