import { MfaConfigError } from '../errors.ts';
import { mastersOf, type RedisCommands, type RedisNode } from './redis-commands.ts';

/**
 * The keys that begin with `prefix`, of every master; one may come more than once.
 *
 * @throws Error where a server was replaced or slots moved meanwhile: what SCAN has found then may not be all.
 */
export async function* keysBeginningWith(client: RedisCommands, prefix: string): AsyncGenerator<string> {
  // Of the prefix that a client puts before every key by itself, SCAN knows nothing: it would find no account.
  if (hasKeyPrefix(client)) {
    throw new MfaConfigError(
      'Give the prefix to `redisMfaStore` instead of `keyPrefix` to the Redis client.',
    );
  }
  const before = await layoutOf(client);
  const MATCH = `${prefix.replace(/[\\*?[\]]/g, '\\$&')}*`;
  for (const node of await mastersOf(client)) {
    if (!node.scan) throw new MfaConfigError('Hand `redisMfaStore` a client that can `scan`.');
    let cursor = '0';
    do {
      const reply = await node.scan(cursor, { MATCH, COUNT: 1_000 });
      yield* reply.keys.map(String);
      cursor = String(reply.cursor);
    } while (cursor !== '0');
  }
  if ((await layoutOf(client)) !== before)
    throw new Error('The Redis servers changed while their keys were listed: list them again.');
}

/** Which processes hold which slots: a cursor means nothing to another process. */
async function layoutOf(client: RedisCommands): Promise<string> {
  const masters = await mastersOf(client);
  const layouts = await Promise.all(
    masters.map(async (node) => [await processOf(node), await slotsOf(node, masters.length > 1)]),
  );
  return JSON.stringify(layouts);
}

async function processOf(node: RedisNode): Promise<string | undefined> {
  try {
    return /^run_id:(\w+)/m.exec(String(await node.info?.('server')))?.[1];
  } catch {
    // Forbidden: then it cannot be known.
    return undefined;
  }
}

async function slotsOf(node: RedisNode, inCluster: boolean): Promise<string> {
  if (!inCluster) return '';
  const nodes = String(await node.sendCommand?.(['CLUSTER', 'NODES']));
  const own = nodes.split('\n').find((line) => line.includes('myself')) ?? '';
  const slots = own.split(' ').slice(8).join(' ');
  if (slots.includes('['))
    throw new Error('Slots of the Redis cluster are moving: list its keys afterwards.');
  return slots;
}

function hasKeyPrefix(client: object): boolean {
  const ofClient: unknown = Reflect.get(client, '_keyPrefix');
  const options: unknown = Reflect.get(client, 'options');
  const inOptions = typeof options === 'object' && options !== null && Reflect.get(options, 'keyPrefix');
  return Boolean(ofClient || inOptions);
}
