import { startRedisServer } from '../servers/redis-server.ts';
import { raceOn } from './race-on.ts';

raceOn('redis', () => startRedisServer({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] }));
