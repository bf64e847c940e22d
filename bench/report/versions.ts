import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import type { Redis } from '../apps/base-app.ts';

const packages = ['express', 'express-session', 'connect-redis', 'redis', 'bcrypt', 'speakeasy'];

/** On what it was measured, in one line. A machine that has other work to do measures that. */
export async function versions(redis: Redis): Promise<string> {
  const processors = cpus();
  const server = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1];
  return [
    `${processors[0]?.model}, ${processors.length} cores, load average ${loadavg()[0]?.toFixed(1)} before the start`,
    `Node.js ${process.versions.node}`,
    `Redis ${server}`,
    ...packages.map((name) => `${name} ${versionOf(name)}`),
  ].join('; ');
}

function versionOf(name: string): string {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}
