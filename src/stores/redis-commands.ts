import { MfaConfigError } from '../errors.ts';

/** A script's keys and arguments, as `eval` and `evalSha` of the `redis` package take them. */
export interface ScriptCall {
  keys: string[];
  arguments: string[];
}

/**
 * The few commands that `redisMfaStore` needs. Structural, so that every client fits: a single client, a
 * pool, a cluster, a sentinel, of redis 5 and 6, with RESP2 or RESP3. What only some options need is looked
 * for when it is needed.
 */
export interface RedisCommands {
  get(key: string): Promise<unknown>;
  del(key: string): Promise<unknown>;
  eval(script: string, call: ScriptCall): Promise<unknown>;
  evalSha(sha1: string, call: ScriptCall): Promise<unknown>;
}

/** What is asked of one server, where its client can. */
export interface RedisNode extends RedisCommands {
  info?(section: string): Promise<unknown>;
  scan?(cursor: string, options: { MATCH: string; COUNT: number }): Promise<ScanReply>;
  sendCommand?(command: string[]): Promise<unknown>;
  wait?(replicas: number, timeoutMs: number): Promise<unknown>;
}

interface ScanReply {
  readonly cursor: unknown;
  readonly keys: readonly unknown[];
}

interface RedisTopology extends RedisNode {
  readonly masters?: readonly unknown[];
  nodeClient?(node: unknown): Promise<RedisNode>;
  getNodeClientForKey?(key: string): Promise<RedisNode>;
  execute?<T>(run: (connection: RedisNode) => Promise<T>): Promise<T>;
  use?<T>(run: (connection: RedisNode) => Promise<T>): Promise<T>;
}

const needed = ['get', 'del', 'eval', 'evalSha'] as const;

/**
 * A client that lacks a command would be found out by the first write, which is somebody's login.
 *
 * @throws MfaConfigError where it does.
 */
export function checkCommands(client: RedisCommands): void {
  const lacking = needed.find((name) => typeof Object(client)[name] !== 'function');
  if (lacking === undefined) return;
  throw new MfaConfigError(
    `Hand \`redisMfaStore\` a client of the package \`redis\`, version 5 or later: this one has no \`${lacking}\`. A client that calls its commands otherwise, as ioredis does, goes into an object of ${needed.join(', ')} that calls it.`,
  );
}

/** Whether a client can wait for replicas, on a connection of its own or on one that it gives. */
export function canWait(client: RedisCommands): boolean {
  const { masters, execute, use, wait }: RedisTopology = client;
  return [masters, execute, use, wait].some((way) => way !== undefined);
}

/** A client for each server that holds accounts: the masters of a cluster, else the one that there is. */
export async function mastersOf(client: RedisCommands): Promise<readonly RedisNode[]> {
  const { masters, nodeClient }: RedisTopology = client;
  if (!masters || !nodeClient) return [client];
  return Promise.all(masters.map((master) => nodeClient.call(client, master)));
}

/**
 * Runs commands that must share one connection: the one on which the account of `key` is written.
 *
 * @throws MfaConfigError where the client cannot say which that is.
 */
export async function onOneConnection<T>(
  client: RedisCommands,
  key: string,
  run: (connection: RedisNode) => Promise<T>,
): Promise<T> {
  const { masters, getNodeClientForKey, execute, use }: RedisTopology = client;
  if (use) return use.call(client, run) as Promise<T>;
  if (execute) return execute.call(client, run) as Promise<T>;
  if (!masters) return run(client);
  if (getNodeClientForKey) return run(await getNodeClientForKey.call(client, key));
  throw new MfaConfigError('Use redis 6 or later for `waitForReplicas` on a cluster.');
}
