import { expect } from '@jest/globals';
import type { Response } from 'supertest';
import type { Browser } from './browser.ts';

/** What a browser was shown when an enrolment began. */
export interface BegunEnrollment {
  /** Base32. */
  readonly secret: string;
  readonly backupCodes: readonly string[];
  readonly response: Response;
}

/** Begins an enrolment that is allowed, and is not in force before `confirmEnrollment`. */
export async function beginEnrollment(browser: Browser, body: object = {}): Promise<BegunEnrollment> {
  const response = await browser.post('/mfa/totp/enroll', body);
  expect([response.status, response.body.message]).toEqual([201, 'TOTP enrollment initiated']);
  return { secret: response.body.data.secret, backupCodes: response.body.data.backup_codes, response };
}

/** Sends the first code of the authenticator. */
export function confirmEnrollment(browser: Browser, code: string): Promise<Response> {
  return browser.post('/mfa/totp/verify-enrollment', { code });
}
