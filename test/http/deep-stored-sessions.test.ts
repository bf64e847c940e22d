import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createDamagedSessions,
  type Damage,
  type DamagedSessions,
  here,
  statusOf,
} from '../app/damaged-sessions.ts';
import { everyRequest, get, post } from '../app/every-request.ts';

let sessions: DamagedSessions;
beforeAll(async () => {
  sessions = await createDamagedSessions();
});
beforeEach(() => sessions.app.writeRawState('A', sessions.state));
afterAll(() => sessions.app.close());

const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const deepObject = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const inCart: Damage = (session) => Object.assign(session, { cart: here });

const places: [string, Damage][] = [
  ['a key of the host’s', inCart],
  ['`mfa`', (session) => Object.assign(session, { mfa: here })],
  ['`mfa.carry`', ({ mfa }) => Object.assign(mfa as object, { carry: here })],
  ['`mfa.amr`', ({ mfa }) => Object.assign(mfa as object, { amr: here })],
];

describe.each(places)('deep JSON in %s', (_name, damage) => {
  test.each(['pending', 'full'] as const)('is answered at 1,000 levels (%s)', async (who) => {
    for (const raw of [deep(1_000), deepObject(1_000)]) {
      const answers = Object.values(await sessions.statuses(everyRequest, who, damage, raw));
      expect(answers.filter((status) => status === 'none' || status >= 500)).toEqual([]);
    }
  });

  // How deep express-session reads is a matter of the stack; what it cannot read is the host's error handler's.
  test.each(['pending', 'full'] as const)('lets nobody wait, however deep it is (%s)', async (who) => {
    for (const depth of [5_000, 10_000, 100_000]) {
      for (const raw of [deep(depth), deepObject(depth)]) {
        const some = { guard: get('/private'), status: get('/mfa/totp/status'), end: post('/log-out') };
        expect(Object.values(await sessions.statuses(some, who, damage, raw))).not.toContain('none');
      }
    }
  });
});

test('a session of 1,000,000 levels is none that express-session reads, and never reaches us', async () => {
  const before = sessions.read();
  const guard = { guard: get('/private') };
  expect(await sessions.statuses(guard, 'full', inCart, deep(1_000_000))).toEqual({ guard: 500 });
  expect(sessions.read()).toBe(before);
});

/** The deepest session that express-session still reads here and now. */
async function deepestRead(): Promise<number> {
  let least = 500;
  let most = 50_000;
  while (most - least > 1) {
    const depth = Math.floor((least + most) / 2);
    const before = sessions.read();
    await statusOf((await sessions.browserWith('full', inCart, deepObject(depth))).get('/mfa/script.js'));
    if (sessions.read() > before) least = depth;
    else most = depth;
  }
  return least;
}

test('our own answers end also where the session could just be read, and the stack is fuller by then', async () => {
  const some = {
    status: get('/mfa/totp/status'),
    page: get('/mfa/security', { Accept: 'text/html' }),
    denial: get('/sensitive'),
  };
  sessions.app.clock.move(300_001);
  const deepest = await deepestRead();
  const before = sessions.read();
  for (let depth = deepest - 10; depth < deepest + 4; depth++) {
    const answers = await sessions.statuses(some, 'full', inCart, deepObject(depth));
    // 500 comes of a session that express-session has just not read.
    expect([200, 500]).toContain(answers.status);
    expect([200, 500]).toContain(answers.page);
    expect([401, 500]).toContain(answers.denial);
  }
  expect(sessions.read()).toBeGreaterThan(before);
});

test('our own answers end although the host has put into the session what is no JSON', async () => {
  const headers = { 'X-Put-Big-Int': 'yes' };
  const some = { status: get('/mfa/totp/status', headers), denial: get('/sensitive', headers) };
  expect(await sessions.statuses(some, 'full', () => undefined)).toEqual({ status: 200, denial: 401 });
});
