import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Request, RequestHandler } from 'express';
import { MemoryStore, type SessionOptions } from 'express-session';
import { createDeadline } from '../../src/deadline.ts';
import {
  destroySession,
  detachSession,
  discardSession,
  replaceSession,
  saveSession,
  skipSavingAgain,
} from '../../src/http/session.ts';
import { createSilences } from '../../src/silence.ts';
import { answerWithSession } from '../app/answer-with-session.ts';

let store: MemoryStore;
beforeEach(() => {
  store = new MemoryStore();
});
afterEach(() => void jest.restoreAllMocks());

const answerOf = (handler: RequestHandler, options: Partial<SessionOptions> & { cookie?: string } = {}) =>
  answerWithSession(handler, { ...options, store });

const callOf = (req: Request) => ({
  req,
  deadline: createDeadline(),
  settings: { flows: { reportFault: () => undefined, silences: createSilences() } },
});

const stored = (): Record<string, string> => ({ ...Reflect.get(store, 'sessions') });
const theOnlyOne = () => JSON.parse(Object.values(stored())[0] ?? 'null');

/** A stored session, as the cookie of whoever has it. */
async function storedCookie(): Promise<string> {
  const response = await answerOf((req, res) => {
    req.session.visits = 1;
    res.end();
  });
  return String(response.headers['set-cookie']).split(';')[0] ?? '';
}

describe('a session that was replaced and saved', () => {
  const renewed =
    (then: RequestHandler): RequestHandler =>
    async (req, res, next) => {
      const removed = replaceSession(callOf(req));
      req.session.visits = 7;
      await Promise.all([removed, saveSession(callOf(req))]);
      skipSavingAgain(req.session);
      return then(req, res, next);
    };

  test('is not written again when the answer ends', async () => {
    const set = jest.spyOn(store, 'set');
    const response = await answerOf(renewed((_req, res) => void res.end('ok')));
    expect(response.text).toBe('ok');
    expect(set).toHaveBeenCalledTimes(1);
    expect(theOnlyOne().visits).toBe(7);
    expect(response.headers['set-cookie']).toHaveLength(1);
  });

  test.each([
    ['a key is added', (s: Record<string, unknown>) => Object.assign(s, { cart: ['x'] }), { cart: ['x'] }],
    ['a key is changed', (s: Record<string, unknown>) => Object.assign(s, { visits: 8 }), { visits: 8 }],
  ])('is written where %s afterwards', async (_name, change, expected) => {
    await answerOf(
      renewed((req, res) => {
        change(req.session as unknown as Record<string, unknown>);
        res.end();
      }),
    );
    expect(theOnlyOne()).toMatchObject(expected);
  });

  test('is written where a key is removed afterwards', async () => {
    await answerOf(
      renewed((req, res) => {
        delete req.session.visits;
        res.end();
      }),
    );
    expect(theOnlyOne()).not.toHaveProperty('visits');
  });

  test("is written where the cookie's life is changed afterwards", async () => {
    await answerOf(
      renewed((req, res) => {
        req.session.cookie.maxAge = 60_000;
        res.end();
      }),
    );
    expect(theOnlyOne().cookie.originalMaxAge).toBe(60_000);
  });

  test('is written as it is at last, also where it is again what it once was', async () => {
    await answerOf(
      renewed((req, res) => {
        req.session.visits = 8;
        req.session.save(() => {
          req.session.visits = 7;
          res.end();
        });
      }),
    );
    expect(theOnlyOne().visits).toBe(7);
  });

  test('has a `save` in whose place the host may put its own', async () => {
    const response = await answerOf(
      renewed((req, res) => {
        const save = req.session.save;
        let asked = 0;
        req.session.save = function (done) {
          asked++;
          return save.call(this, done);
        };
        req.session.save(() => void res.json({ asked }));
      }),
    );
    expect(response.body).toEqual({ asked: 1 });
    expect(theOnlyOne().visits).toBe(7);
  });

  test('tells the host that saves it once more that this is done', async () => {
    const set = jest.spyOn(store, 'set');
    const response = await answerOf(
      renewed((req, res) => {
        req.session.save((error) => void res.json({ error: error ?? null }));
      }),
    );
    expect(response.body).toEqual({ error: null });
    expect(set).toHaveBeenCalledTimes(1);
  });
});

describe('replacing a session', () => {
  test('removes the old one and gives an empty one with another id, at once', async () => {
    const cookie = await storedCookie();
    const [old] = Object.keys(stored());
    await answerOf(
      async (req, res) => {
        const removed = replaceSession(callOf(req));
        expect(req.sessionID).not.toBe(old);
        expect(req.session).not.toHaveProperty('visits');
        await removed;
        expect(stored()).toEqual({});
        res.end();
      },
      { cookie },
    );
    expect(Object.keys(stored())).not.toContain(old);
  });

  test.each([
    [
      'answers with an error',
      (_id: string, done?: (error?: unknown) => void) => void done?.(new Error('no')),
    ],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
  ])('rejects, and nothing goes unhandled, where the store %s', async (_name, destroy) => {
    jest.spyOn(store, 'destroy').mockImplementation(destroy);
    await answerOf(async (req, res) => {
      const removed = replaceSession(callOf(req));
      await new Promise((resolve) => setImmediate(resolve));
      await expect(removed).rejects.toBeInstanceOf(Error);
      res.end();
    });
  });
});

describe.each([{}, { rolling: true }, { resave: true }, { unset: 'destroy' }] as const)(
  'a session that was taken off the request, with %j',
  (options) => {
    const ways: Record<string, RequestHandler> = {
      detached: (req) => detachSession(req),
      destroyed: (req) => destroySession(callOf(req)),
      discarded: (req) => discardSession(req),
    };

    test.each(Object.entries(ways))(
      '%s: it is not asked for again, and a cookie is at most taken back',
      async (name, way) => {
        const cookie = await storedCookie();
        const before = stored();
        const calls = (['set', 'touch', 'destroy'] as const).map((method) => jest.spyOn(store, method));
        const response = await answerOf(
          async (req, res, next) => {
            req.session.visits = 99;
            await way(req, res, next);
            expect(req.session).toBeUndefined();
            res.end('ok');
          },
          { cookie, ...options },
        );
        expect(response.text).toBe('ok');
        const takenBack = [
          'sid=; Path=/; HttpOnly',
          expect.stringMatching(/^sid=; .*Expires=Thu, 01 Jan 1970/),
        ];
        expect(response.headers['set-cookie']).toEqual(name === 'destroyed' ? takenBack : undefined);
        const asked = calls.map((call) => call.mock.calls.length);
        expect(asked).toEqual(name === 'detached' ? [0, 0, 0] : [0, 0, 1]);
        expect(stored()).toEqual(name === 'detached' ? before : {});
      },
    );
  },
);
