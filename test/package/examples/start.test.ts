import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { copyProject } from '../pack.ts';
import { type RunningExample, startExample } from './start-example.ts';

const project = resolve(__dirname, '../../..');
const demo = { email: 'demo@example.com', password: 'correct horse' };

/** Starts the server of an example from the sources here. */
function startServer(name: string, env: Readonly<Record<string, string>> = {}): Promise<RunningExample> {
  const args = ['--import', 'tsx', `examples/${name}/server.ts`];
  return startExample({ command: process.execPath, args, cwd: project, env });
}

async function logIn(url: string): Promise<unknown> {
  const headers = { 'Content-Type': 'application/json' };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(demo) })).json();
}

/** In the copy, `src` is gone after the build: what still works there has nothing of it. */
async function removeSourcesAfterBuild(clone: string): Promise<void> {
  const file = join(clone, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  manifest.scripts.build += ' && rm -r src';
  await writeFile(file, JSON.stringify(manifest));
}

test('`npm run example` in a fresh clone builds the package, starts with it and says what to do', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'express-mfa-example-'));
  try {
    const clone = join(directory, 'clone');
    await copyProject(clone);
    await removeSourcesAfterBuild(clone);
    const example = await startExample({ command: 'npm', args: ['run', 'example'], cwd: clone });
    try {
      const output = example.output();
      expect(output).toContain('MFA_KEY is not set: made one for this start.');
      expect(output).toContain('kept in the memory of this process');
      expect(output).toContain(`${demo.email}, password "${demo.password}"`);
      expect(await (await fetch(example.url)).text()).toContain('examples/README.md');
      expect(await logIn(`${example.url}/login`)).toMatchObject({ status: 'complete' });
    } finally {
      await example.stop();
    }
    await expect(fetch(example.url)).rejects.toThrow('fetch failed');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

test('with REDIS_URL and MFA_KEY it says that it keeps things in Redis, and tells neither', async () => {
  const REDIS_URL = `${process.env.REDIS_URL}/10`;
  const MFA_KEY = randomBytes(32).toString('base64');
  const example = await startServer('basic', { REDIS_URL, MFA_KEY });
  try {
    expect(await logIn(`${example.url}/login`)).toMatchObject({ status: 'complete' });
    expect(example.output()).toContain('second steps are kept in Redis.');
    expect(example.output()).not.toContain('MFA_KEY');
    expect(example.output()).not.toContain(MFA_KEY);
    expect(example.output()).not.toContain(REDIS_URL);
  } finally {
    await example.stop();
  }
});

test('a port that is taken is one sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const PORT = String((other.address() as AddressInfo).port);
  await expect(startServer('basic', { PORT })).rejects.toThrow(
    new RegExp(`^It ended with 1:\\n(.*is not set.*\\n)+Port ${PORT} is taken: set PORT to another one.\\n$`),
  );
  other.close();
});

test('production refuses a key and databases that are made for trying out', async () => {
  const NODE_ENV = 'production';
  await expect(startServer('basic', { NODE_ENV })).rejects.toThrow(
    'It ended with 1:\nSet MFA_KEY, to what openssl rand -base64 32 prints.\n',
  );
  const secrets = { MFA_KEY: randomBytes(32).toString('base64'), SESSION_SECRET: 'a secret' };
  await expect(startServer('basic', { NODE_ENV, ...secrets })).rejects.toThrow(
    'It ended with 1:\nUse a durable `store` in production',
  );
});

test.each([
  ['passport', '/login'],
  ['two-realms', '/admin/login'],
  ['own-answers', '/login'],
])(
  'examples/%s starts, and its demo user can log in',
  async (name, path) => {
    const example = await startServer(name);
    try {
      expect(Object.values(Object(await logIn(example.url + path)))).toContain(
        name === 'own-answers' ? 'Welcome.' : 'complete',
      );
    } finally {
      await example.stop();
    }
  },
  30_000,
);
