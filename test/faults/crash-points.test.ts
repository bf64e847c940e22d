import { describe } from '@jest/globals';
import { crashAtEveryPoint } from './crash-points.ts';

describe('SF-07 the process is killed right after a step: the state is the old one or the new one', () => {
  crashAtEveryPoint();
});
