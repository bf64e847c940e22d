import { afterEach, expect, jest, test } from '@jest/globals';
import { MfaError, type MfaOptions, type RedisCommands, redisMfaStore } from 'express-mfa';
import { createFaultReporter } from '../../src/fault-reporter.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser } from '../app/imported-user.ts';

let app: TestApp | undefined;
afterEach(async () => {
  jest.restoreAllMocks();
  await app?.close();
  app = undefined;
});

test('the cause of a store fault is told to `onError`: once a minute for each kind', async () => {
  app = await createTestApp();
  const authenticator = await importUser(app, 'A');
  const browser = await app.pending('A');
  const get = jest.spyOn(app.store, 'get').mockRejectedValue(new Error('no get'));
  for (let time = 0; time < 3; time++) await browser.get('/private');
  get.mockRestore();
  const put = jest.spyOn(app.store, 'put').mockRejectedValue(new TypeError('evalSha is not a function'));
  const verify = () => browser.post('/mfa/totp/verify', { code: codeAt(app as TestApp, authenticator, 1) });
  for (let time = 0; time < 3; time++) expect((await verify()).status).toBe(503);
  expect(app.errors.splice(0)).toMatchObject([
    { code: 'store_unavailable', cause: new Error('no get') },
    { code: 'store_unavailable', cause: new TypeError('evalSha is not a function') },
  ]);
  app.clock.move(59_999);
  await verify();
  expect(app.errors).toEqual([]);
  app.clock.move(1);
  await verify();
  expect(app.errors).toHaveLength(1);
  put.mockRestore();
  expect(app.events.filter(({ name }) => name === 'store.unavailable')).toHaveLength(8);
});

test('a fault is told once, however many it comes by, and a clock that was set back keeps nothing quiet', () => {
  const told: unknown[] = [];
  let now = 1_000_000;
  const report = createFaultReporter(
    (error) => told.push(error),
    () => now,
  );
  const [first, second, third] = [1, 2, 3].map(() => new MfaError('store_unavailable'));
  if (!first || !second || !third) throw new Error('There are three.');
  report('one kind', first);
  report('another', first);
  report('another', second);
  now -= 60_000;
  report('another', third);
  expect(told).toEqual([first, second, third]);
});

test.each(['development', 'production'])(
  'without `onError` the log of %s says why, and nothing that the driver has put beside it',
  async (environment) => {
    const logged = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const before = process.env.NODE_ENV;
    process.env.NODE_ENV = environment;
    try {
      const unset = { now: undefined, onError: undefined, realm: `log-${environment}` };
      app = await createTestApp({ mfa: unset as unknown as Partial<MfaOptions> });
    } finally {
      process.env.NODE_ENV = before;
    }
    const fault = Object.assign(new Error('relation "mfa_accounts" does not exist'), { sql: 'sealed' });
    jest.spyOn(app.store, 'get').mockRejectedValue(fault);
    await app.mfa.service.status('A').catch(() => undefined);
    expect(logged.mock.calls).toEqual([
      [
        'express-mfa:',
        'The store of second-factor accounts did not answer as it should. (relation "mfa_accounts" does not exist)',
      ],
    ]);
  },
);

const commands = { get: async () => null, del: async () => 0, eval: async () => 1, evalSha: async () => 1 };

test.each(Object.keys(commands))(
  'a Redis client without `%s` is refused at start, with what helps',
  (name) => {
    const { [name as 'get']: _missing, ...rest } = commands;
    expect(() => redisMfaStore(rest as unknown as RedisCommands)).toThrow(
      expect.objectContaining({
        name: 'MfaConfigError',
        message: expect.stringMatching(new RegExp(`\`redis\`.*has no \`${name}\`.*ioredis`)),
      }),
    );
  },
);

test.each([undefined, null, 'redis://127.0.0.1', {}])('no Redis client at all is refused: %p', (client) => {
  expect(() => redisMfaStore(client as unknown as RedisCommands)).toThrow('has no `get`');
});

test('a Redis client that cannot wait for replicas is refused where it should', () => {
  expect(() => redisMfaStore(commands, { waitForReplicas: 1 })).toThrow('that can `wait`');
  expect(() => redisMfaStore(commands)).not.toThrow();
});
