import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { raceOn } from './race-on.ts';

raceOn('sqlite', async () => {
  const url = await mkdtemp(join(tmpdir(), 'express-mfa-races-'));
  return { url, stop: () => rm(url, { recursive: true, force: true }) };
});
