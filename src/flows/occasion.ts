import type { Occasion } from '../events.ts';
import type { Flow } from './flow.ts';

const occasions: ReadonlyMap<string, Occasion> = new Map([
  ['complete login', 'log_in'],
  ['step up', 'step_up'],
  ['finish enrollment', 'enrollment'],
  ['verify', 'check'],
]);

/** During what somebody failed; whatever else asks for a proof changes factors. */
export function occasionOf({ intended }: Pick<Flow, 'intended'>): Occasion {
  return occasions.get(intended) ?? 'change';
}
