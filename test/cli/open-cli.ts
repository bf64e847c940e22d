import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type MfaService, type MfaStore, memoryMfaStore } from 'express-mfa';
import type { Io } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import { createKeyRing } from '../../src/crypto/key-ring.ts';
import { createEventHub } from '../../src/events.ts';
import { createService } from '../../src/service.ts';
import { createSilences } from '../../src/silence.ts';

/** What a command printed, and how it ended. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a command finds around it. */
interface Surroundings {
  /** Whether standard input and output are a terminal. */
  tty?: boolean;
  /** What is typed when it asks. */
  typed?: string;
  env?: Record<string, string>;
  signal?: AbortSignal;
}

/** The tool in a directory of its own, and the store that its config module gives. */
export interface Cli {
  readonly directory: string;
  readonly store: MfaStore;
  /** What the config module gives; to be changed at will. */
  readonly config: Record<string, unknown>;
  readonly service: MfaService;
  /** Every account, as it is stored. */
  accounts(): Promise<Record<string, unknown>>;
  write(name: string, text: string): Promise<void>;
  run(args: readonly string[], surroundings?: Surroundings): Promise<Ran>;
  close(): Promise<void>;
}

/** A key that is random in nothing but its look. */
export function keyOf(name: string): string {
  return Buffer.from(name.padEnd(32, '.')).toString('base64');
}

/** As good as durable: the mark of memory stores is left out. */
export function unmarkedStore(): MfaStore {
  const { get, put, delete: remove, list = nothing } = memoryMfaStore();
  return { get, put, delete: remove, list };
}

async function* nothing(): AsyncGenerator<string> {}

/** A service as an app has it, on the same store. */
export function serviceOn(
  store: MfaStore,
  {
    keys = [keyOf('first')],
    realm = '',
    now = Date.now,
  }: { keys?: string[]; realm?: string; now?: () => number } = {},
): MfaService {
  return createService({
    store,
    keyRing: createKeyRing(keys),
    realm,
    issuer: 'Acme',
    now,
    events: createEventHub(() => undefined),
    reportFault: () => undefined,
    silences: createSilences(),
    accountName: String,
    verifyPassword: undefined,
    isEnrolled: undefined,
  });
}

export async function openCli(): Promise<Cli> {
  const directory = await mkdtemp(join(tmpdir(), 'express-mfa-cli-'));
  const store = unmarkedStore();
  const config: Record<string, unknown> = { keys: [keyOf('first')], store };
  const name = `config of ${directory}`;
  Reflect.set(globalThis, name, config);
  const write = (file: string, text: string) => writeFile(join(directory, file), text);
  await write('express-mfa.config.cjs', `module.exports = () => globalThis[${JSON.stringify(name)}];`);
  return {
    directory,
    store,
    config,
    service: serviceOn(store),
    accounts: () => accountsOf(store),
    write,
    run: (args, surroundings = {}) => run(args, directory, surroundings),
    async close() {
      Reflect.deleteProperty(globalThis, name);
      await rm(directory, { recursive: true });
    },
  };
}

async function accountsOf(store: MfaStore): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for await (const name of store.list?.() ?? []) found[name] = await store.get(name);
  return found;
}

async function run(args: readonly string[], directory: string, surroundings: Surroundings): Promise<Ran> {
  const { tty = false, typed, env = {}, signal = new AbortController().signal } = surroundings;
  const ran = { out: '', err: '' };
  const listen = (stream: 'out' | 'err') => (text: string) => {
    ran[stream] += text;
  };
  const stdin = new PassThrough();
  stdin.end(typed);
  const io: Io = {
    stdin: Object.assign(stdin, { isTTY: tty }),
    stdout: { write: listen('out'), isTTY: tty },
    stderr: { write: listen('err'), isTTY: tty },
    directory,
    env,
    interrupted: () => signal,
  };
  return { code: await main(args, io), ...ran };
}
