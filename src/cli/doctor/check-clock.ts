import { type Finding, findingsAbout } from './finding.ts';

const about = findingsAbout('clock');

/** The two clocks of a process: that on the wall, which TOTP reads, and one that only runs on. In ms. */
export interface Clocks {
  readonly wall: () => number;
  readonly steady: () => number;
}

/** No clock that is right shows less: this was written later. */
const written = Date.UTC(2025, 0, 1);
const toleratedMs = 1_000;

/**
 * What can be known of a clock without asking another one: whether it is plausible, and whether it jumps
 * while `meanwhile` goes on. A store tells no time.
 */
export async function checkClock(clocks: Clocks, meanwhile: () => Promise<unknown>): Promise<Finding[]> {
  const { wall, steady } = clocks;
  const before = wall() - steady();
  await meanwhile();
  const jump = wall() - steady() - before;
  const reading = new Date(wall()).toISOString();

  if (wall() < written) {
    const sentence = `Set the clock: it shows ${reading}, which is in the past, so every code is wrong.`;
    return [about('error', sentence)];
  }
  if (Math.abs(jump) > toleratedMs) {
    const sentence = `Let NTP slew the clock, not step it: it jumped by ${Math.round(jump)} ms while this ran.`;
    return [about('warning', sentence)];
  }
  const sentence = `It shows ${reading} and did not jump. Whether that is the right time is not known here, as nothing else was asked: \`timedatectl\` or \`chronyc tracking\` says whether NTP keeps it. Codes are taken 30 s early or late.`;
  return [about('ok', sentence)];
}
