import { describe, expect, test } from '@jest/globals';
import express, { type RequestHandler } from 'express';
import { MemoryStore } from 'express-session';
import { sessionOf } from '../../src/http/session.ts';
import { answerWithSession } from '../app/answer-with-session.ts';

describe('the session of a request', () => {
  test.each([
    ['there is none', undefined, false, { name: 'MfaError', code: 'session_unavailable' }],
    ['it lives in the cookie', {}, false, { name: 'MfaConfigError' }],
  ])('is refused where %s', (_name, given, production, error) => {
    const req = Object.assign(Object.create(express.request), { session: given });
    expect(() => sessionOf(req, production)).toThrow(expect.objectContaining(error));
  });

  test('may be in a MemoryStore, but not in production', async () => {
    const store = new MemoryStore();
    const handler: RequestHandler = (req, res) => {
      expect(sessionOf(req, false)).toBe(req.session);
      expect(() => sessionOf(req, true)).toThrow(expect.objectContaining({ name: 'MfaConfigError' }));
      res.end();
    };
    await answerWithSession(handler, { store });
  });
});
