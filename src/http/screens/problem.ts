import type { ErrorType } from '../../error-types.ts';
import { statusOf } from '../../error-types.ts';
import type { ScreenPage } from '../screen.ts';

/** What is told where no form can be shown. */
export function problemScreen(
  errorType: ErrorType,
  goOn: ScreenPage<'problem'>['details']['goOn'],
): ScreenPage<'problem'> {
  return { page: 'problem', problem: { errorType }, status: statusOf(errorType), details: { goOn } };
}
