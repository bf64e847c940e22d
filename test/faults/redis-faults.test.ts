import { describe } from '@jest/globals';
import { faultsOf } from './server-faults.ts';
import { redisStage } from './stage.ts';

describe('accounts in Redis', () => faultsOf('Redis', redisStage));
