import type { ScenarioName } from './load/scenarios.ts';

/** A line of the result: what is measured, and against what. */
export interface Case {
  readonly title: string;
  readonly measured: ScenarioName;
  readonly reference: ScenarioName;
  readonly tutorial?: ScenarioName;
  /** The share of the reference's requests per second that we want to reach. */
  readonly aim?: number;
  /** Whether each request costs a bcrypt comparison. */
  readonly slow?: true;
}

export const cases: readonly Case[] = [
  { title: 'TOTP', measured: 'totp', reference: 'floor', tutorial: 'tutorial', aim: 0.72 },
  { title: 'wrong TOTP', measured: 'wrongTotp', reference: 'floor', aim: 0.62 },
  { title: 'wrong backup code', measured: 'wrongBackupCode', reference: 'floor', aim: 0.62 },
  { title: 'guarded route', measured: 'guarded', reference: 'unguarded', aim: 0.8 },
  { title: 'backup code', measured: 'rightBackupCode', reference: 'bcryptReference', aim: 0.9, slow: true },
];

/** What the pages cost those who do not look at them: the same requests to a router without pages, and with them. */
export const pageCases: readonly Case[] = [
  // 1, but for what two runs of the same code differ by.
  { title: 'TOTP, JSON', measured: 'totp', reference: 'totpWithoutPages', aim: 0.95 },
  { title: 'guarded route, JSON', measured: 'guarded', reference: 'guardedWithoutPages', aim: 0.95 },
  { title: 'challenge page', measured: 'challengePage', reference: 'staticPage' },
];
