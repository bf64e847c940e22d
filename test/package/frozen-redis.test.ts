import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createClient } from 'redis';
import { redisMfaStore } from '../../src/stores/redis.ts';
import { keyOf, serviceOn } from '../cli/open-cli.ts';
import { type RedisServer, startRedisServer } from '../servers/redis-server.ts';
import { type CommandName, commandNames, commands } from './command-line/commands.ts';
import { newUser } from './command-line/faulty-config.ts';
import { installProgram, type Program, type Ran } from './command-line/program.ts';

interface Outcome {
  readonly result: Ran;
  readonly changed: boolean;
}

let program: Program;
const frozen = new Map<CommandName, Promise<Outcome>>();
const frozenLater = new Map<CommandName, Promise<Outcome>>();
beforeAll(async () => {
  program = await installProgram();
  // All at once: they only wait.
  for (const name of commandNames) {
    frozen.set(name, runFrozen(name));
    frozenLater.set(
      name,
      withRedis((server) => runOn(server, { name, redis: 'freezes' })),
    );
  }
});
afterAll(async () => {
  await Promise.allSettled([...frozen.values(), ...frozenLater.values()]);
  await program.remove();
});

/** The config module that docs/command-line.md shows. */
async function documentedConfig(): Promise<string> {
  const page = await readFile(join(__dirname, '../../docs/command-line.md'), 'utf8');
  const block = /```ts\n(\/\/ express-mfa\.config\.js\n[\s\S]*?)```/.exec(page)?.[1];
  if (block === undefined) throw new Error('The page shows no config module.');
  return block;
}

interface Stage {
  readonly name: CommandName;
  /** Whether the config module freezes the server once the documented one has connected. */
  readonly redis: 'answers' | 'freezes';
}

/** Runs a command with the documented config. */
async function runOn(server: RedisServer, { name, redis }: Stage): Promise<Ran> {
  const directory = await mkdtemp(join(program.project, `${name}-`));
  const freeze = redis === 'freezes' ? `process.kill(${server.pid}, 'SIGSTOP');` : '';
  const files = {
    'documented.mjs': await documentedConfig(),
    'express-mfa.config.mjs': `export * from './documented.mjs';\n${freeze}`,
    'users.jsonl': newUser,
  };
  for (const [file, text] of Object.entries(files)) await writeFile(join(directory, file), text);
  const env = { REDIS_URL: server.url, MFA_KEY: keyOf('second'), MFA_KEY_BEFORE: keyOf('first') };
  return program.run({ args: commands[name].args, directory, env });
}

function runFrozen(name: CommandName): Promise<Outcome> {
  return withRedis(async (server) => {
    server.freeze();
    return runOn(server, { name, redis: 'answers' });
  });
}

function given(outcome: Promise<Outcome> | undefined): Promise<Outcome> {
  if (!outcome) throw new Error('The command was not run.');
  return outcome;
}

/** Runs something on a Redis of its own with three users, and tells whether they are others afterwards. */
async function withRedis(run: (server: RedisServer) => Promise<Ran>): Promise<Outcome> {
  const server = await startRedisServer();
  const redis = createClient({ url: server.url });
  // What it says of the frozen server is not the subject.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const service = serviceOn(redisMfaStore(redis));
    for (const user of ['u1', 'u2', 'u3'])
      await service.importTotp(user, '7'.repeat(20), { encoding: 'text' });
    const stored = async () => {
      const names = (await redis.keys('mfa:*')).sort();
      return JSON.stringify(await Promise.all(names.map(async (name) => [name, await redis.get(name)])));
    };
    const before = await stored();
    const result = await run(server);
    server.thaw();
    return { result, changed: (await stored()) !== before };
  } finally {
    redis.destroy();
    await server.stop();
  }
}

test.each(commandNames)(
  'with the documented config, %s on a Redis that stands still says so and ends',
  async (name) => {
    const { result, changed } = await given(frozen.get(name));
    expect(result.err).toMatch(/^express-mfa: The config module .* did not settle within 10 s\.\n$/);
    expect([result.code, result.out, changed]).toEqual([1, '', false]);
  },
);

test.each(commandNames)(
  'with the documented config, %s says so where Redis stands still after it has connected',
  async (name) => {
    const { result } = await given(frozenLater.get(name));
    expect(result.code).toBe(1);
    expect(result.out).not.toMatch(commands[name].success);
    expect(`${result.out}${result.err}`).toMatch(/did not answer in time|did not go on|did not settle/);
    expect(result.err).toMatch(/did not settle within 10 s\.\n$/);
  },
);

test('with the documented config, every command does its work where Redis answers', async () => {
  for (const name of ['status', 'reseal', 'import', 'reset'] as const) {
    const { result, changed } = await withRedis((server) => runOn(server, { name, redis: 'answers' }));
    expect(result).toMatchObject({ code: 0, out: expect.stringMatching(commands[name].success) });
    expect(changed).toBe(name !== 'status');
  }
});

test('with the documented config, a Redis that is not there is told', async () => {
  const { result } = await withRedis(async (server) => {
    await server.kill();
    const ran = await runOn(server, { name: 'reset', redis: 'answers' });
    await server.restart();
    return ran;
  });
  expect(result.out).toBe('');
  expect(result.err).toMatch(/ECONNREFUSED|did not settle/);
  expect(result.code).toBeGreaterThan(0);
});
