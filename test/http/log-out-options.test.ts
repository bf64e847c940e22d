import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';

let app: TestApp;
let options: unknown;
/** What the host waits for before it looks into the session. */
let lookUp: () => Promise<void> = async () => undefined;
const complaints: string[] = [];
beforeAll(async () => {
  app = await createTestApp({
    mfa: {
      async currentUserId(req) {
        await lookUp();
        return req.session.userId;
      },
    },
    after(host, mfa) {
      host.post('/own-log-out', (req, res) => {
        // The types refuse all of it; a host in JavaScript has none.
        mfa.logOut(req, options as { everywhere?: boolean }).then(
          () => res.json({}),
          (error: unknown) => {
            complaints.push(String(error));
            res.status(500).json({});
          },
        );
      });
    },
  });
});
afterAll(() => app.close());

test.each([
  { everyWhere: true },
  { everywhere: true, user: 'A' },
  { everywhere: 'yes' },
  null,
  true,
  () => undefined,
])('%p is a TypeError, and nothing has ended', async (given) => {
  options = given;
  const browser = await app.pending('N');
  const before = [await app.sessionOf(browser), await app.rawState('N')];
  expect((await browser.post('/own-log-out')).status).toBe(500);
  expect(complaints.splice(0)).toEqual([
    'TypeError: Give `logOut` nothing beside the request, or an object of `everywhere: true`.',
  ]);
  expect([await app.sessionOf(browser), await app.rawState('N')]).toEqual(before);
  expect((await browser.get('/whoami')).body.userId).toBe('N');
});

test.each([undefined, {}, { everywhere: undefined }, { everywhere: false }, { everywhere: true }])(
  '%p logs out',
  async (given) => {
    options = given;
    const browser = await app.pending('N');
    expect((await browser.post('/own-log-out')).status).toBe(200);
    expect((await browser.get('/whoami')).body.userId).toBeNull();
    expect(complaints).toEqual([]);
  },
);

test('who is to be logged out everywhere is asked while the session is there, however long it takes', async () => {
  options = { everywhere: true };
  const here = await app.pending('slow');
  const { epoch } = await app.mfa.service.status('slow');
  lookUp = async () => void (await app.redis.ping());
  const { status } = await here.post('/own-log-out');
  lookUp = async () => undefined;
  expect([status, complaints]).toEqual([200, []]);
  expect((await here.get('/whoami')).body.userId).toBeNull();
  expect((await app.mfa.service.status('slow')).epoch).not.toBe(epoch);
});
