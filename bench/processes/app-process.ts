import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { Session } from 'node:inspector/promises';
import { connectRedis, type Redis } from '../apps/base-app.ts';
import { answerQuestions } from './ask.ts';
import type { AppName } from './start-app.ts';

const [name, redisUrl = ''] = process.argv.slice(2);
const redis = await connectRedis(redisUrl);
const server = createServer(await createApp(name as AppName, redis));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const profiler = new Session();

answerQuestions({
  port() {
    const address = server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  },
  /** Microseconds of processor time so far. */
  processorTime() {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  async startProfile() {
    profiler.connect();
    await profiler.post('Profiler.enable');
    await profiler.post('Profiler.setSamplingInterval', { interval: 100 });
    await profiler.post('Profiler.start');
  },
  async stopProfile(file: string) {
    const { profile } = await profiler.post('Profiler.stop');
    await writeFile(file, JSON.stringify(profile));
    profiler.disconnect();
  },
});

// Imported on demand, so that no variant carries the code of another.
async function createApp(name: AppName, redis: Redis) {
  switch (name) {
    case 'floor':
      return (await import('../apps/floor.ts')).createFloor(redis);
    case 'tutorial':
      return (await import('../apps/tutorial.ts')).createTutorial(redis);
    case 'bcrypt-reference':
      return (await import('../apps/bcrypt-reference.ts')).createBcryptReference(redis);
    case 'express-mfa':
      return (await import('../apps/protected-app.ts')).createProtectedApp(redis);
    case 'without-pages':
      return (await import('../apps/protected-app.ts')).createProtectedApp(redis, { pages: false });
  }
}
