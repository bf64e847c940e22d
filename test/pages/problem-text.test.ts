import { expect, test } from '@jest/globals';
import type { ErrorType } from '../../src/error-types.ts';
import { en } from '../../src/pages/messages/en.ts';
import { type CodeKind, placeProblem } from '../../src/pages/problem-text.ts';
import { surroundings } from './page-states.ts';

const sentences: readonly (readonly [ErrorType, place: 'code' | 'password' | 'form', sentence: string])[] = [
  ['VALIDATION_ERROR', 'code', en.codeMalformed],
  ['INVALID_CODE', 'code', en.codeWrong],
  ['MFA_REQUIRED', 'code', en.codeMissing],
  ['TOO_MANY_ATTEMPTS', 'code', en.tooManyAttempts.split('{when}')[0] ?? ''],
  ['INVALID_CREDENTIALS', 'password', en.passwordWrong],
  ['UNAUTHENTICATED', 'form', en.logInAgain],
  ['MFA_ENROLLMENT_REQUIRED', 'form', en.logInAgain],
  ['NO_PENDING_LOGIN', 'form', en.loginEnded],
  ['NO_PENDING_ENROLLMENT', 'form', en.setupEnded],
  ['CONFLICT', 'form', en.alreadySetUp],
  ['NOT_ENROLLED', 'form', en.notSetUp],
  ['CROSS_SITE', 'form', en.formExpired],
  ['METHOD_NOT_ALLOWED', 'form', en.nothingHere],
  ['UNAVAILABLE', 'form', en.unavailable],
  ['INTERNAL', 'form', en.internal],
];

/** What is said otherwise where nobody knows which kind of code was asked for, or whether one was. */
const withoutField: { readonly [Type in ErrorType]?: string } = {
  VALIDATION_ERROR: en.requestUnreadable,
  INVALID_CODE: en.anyCodeWrong,
};

test.each(sentences)('%s belongs to the %s', (errorType, place, sentence) => {
  const told = placeProblem(about(errorType), { code: 'totp', password: true });
  expect(Object.keys(told)).toEqual([place]);
  expect(String(told[place])).toContain(sentence);
});

test.each(sentences)(
  '%s stands above a form without fields (in a form with them: %s)',
  (errorType, _, sentence) => {
    const told = placeProblem(about(errorType), {});
    expect(Object.keys(told)).toEqual(['form']);
    expect(String(told.form)).toContain(withoutField[errorType] ?? sentence);
  },
);

const byKind: readonly (readonly [ErrorType, CodeKind, sentence: string])[] = [
  ['VALIDATION_ERROR', 'totp', en.codeMalformed],
  ['VALIDATION_ERROR', 'backup_code', en.backupCodeMalformed],
  ['VALIDATION_ERROR', 'any', en.anyCodeMalformed],
  ['INVALID_CODE', 'totp', en.codeWrong],
  ['INVALID_CODE', 'backup_code', en.backupCodeWrong],
  ['INVALID_CODE', 'any', en.anyCodeWrong],
];

test.each(byKind)('%s in a field for %s: %s', (errorType, code, sentence) => {
  expect(placeProblem(about(errorType), { code })).toEqual({ code: sentence });
});

test('A wrong password is told above a form that asks for a code only', () => {
  expect(placeProblem(about('INVALID_CREDENTIALS'), { code: 'any', password: false })).toEqual({
    form: en.passwordWrong,
  });
});

test('Where nothing was wrong nothing is told', () => {
  const told = placeProblem({ ...about('INTERNAL'), problem: undefined }, { code: 'totp', password: true });
  expect(Object.values(told).filter((text) => text !== undefined)).toEqual([]);
});

function about(errorType: ErrorType) {
  return { ...surroundings, returnTo: undefined, problem: { errorType, retryAfter: 30 } };
}
