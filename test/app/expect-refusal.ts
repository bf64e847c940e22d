import { expect } from '@jest/globals';
import type { Response } from 'supertest';

/** A refusal in the form of the HTTP contract, which gives nobody a session. */
export function expectRefusal(response: Response, status: number, errorType: string): void {
  expect({ status: response.status, body: response.body }).toEqual({
    status,
    body: expect.objectContaining({ success: false, message: expect.any(String), error_type: errorType }),
  });
  expect(response.headers['set-cookie']).toBeUndefined();
}
