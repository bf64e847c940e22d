import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median } from '../report/median.ts';

/** Milliseconds that the package adds to the start of an app. */
export interface ImportTime {
  readonly esm: number;
  readonly cjs: number;
}

const processes = 15;
const root = fileURLToPath(new URL('../..', import.meta.url));
const scripts = {
  esm: `import 'express'; import 'express-session';
    const start = performance.now(); await import('express-mfa'); console.log(performance.now() - start);`,
  cjs: `require('express'); require('express-session');
    const start = performance.now(); require('express-mfa'); console.log(performance.now() - start);`,
};

/** Measured in fresh processes that have loaded Express and express-session. */
export async function measureImportTime(): Promise<ImportTime> {
  const times = { esm: [] as number[], cjs: [] as number[] };
  for (let index = 0; index < processes; index++) {
    times.esm.push(await run('module', scripts.esm));
    times.cjs.push(await run('commonjs', scripts.cjs));
  }
  return { esm: median(times.esm), cjs: median(times.cjs) };
}

async function run(type: 'module' | 'commonjs', script: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [`--input-type=${type}`, '-e', script], {
    cwd: root,
    timeout: 30_000,
    // tsx would otherwise be loaded there as well.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return Number(stdout);
}
