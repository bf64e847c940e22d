import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type PackedPackage, packPackage, runBin, runNode } from './pack.ts';

let packed: PackedPackage;

beforeAll(async () => {
  packed = await packPackage();
});

afterAll(() => rm(packed.directory, { recursive: true, force: true }));

const USE_IT = `
const names = { createMfaRouter, memoryMfaStore, redisMfaStore, MfaError, MfaConfigError };
const wrong = Object.keys(names).filter((name) => typeof names[name] !== 'function');
const store = memoryMfaStore();
store.put('7', { version: 'a', data: '{}' }, undefined).then(async (written) => {
  const stored = await store.get('7');
  console.log(JSON.stringify({ wrong, written, version: stored.version, testing: Object.keys(testing).length > 0 }));
});
`;
const FINE = { wrong: [], written: true, version: 'a', testing: true };

async function runProgram(file: string, text: string): Promise<unknown> {
  await writeFile(join(packed.project, file), text);
  return JSON.parse(await runNode([file], packed.project));
}

test('a CommonJS project can require it', async () => {
  const text = `
    const { createMfaRouter, memoryMfaStore, redisMfaStore, MfaError, MfaConfigError } = require('express-mfa');
    const testing = require('express-mfa/testing');
    ${USE_IT}`;
  expect(await runProgram('program.cjs', text)).toEqual(FINE);
});

test('an ES module project can import it', async () => {
  const text = `
    import { createMfaRouter, memoryMfaStore, redisMfaStore, MfaError, MfaConfigError } from 'express-mfa';
    import * as testing from 'express-mfa/testing';
    ${USE_IT}`;
  expect(await runProgram('program.mjs', text)).toEqual(FINE);
});

test.each(['program.mts', 'program.cts'])('a strict TypeScript project compiles it: %s', async (file) => {
  const text = `
    import express from 'express';
    import { createMfaRouter, memoryMfaStore, MfaConfigError, MfaError, redisMfaStore } from 'express-mfa';
    import * as testing from 'express-mfa/testing';

    const app = express();
    const mfa = createMfaRouter({
      issuer: 'Acme',
      keys: [process.env.MFA_KEY],
      store: memoryMfaStore(),
      accountName: (userId) => String(userId),
      currentUserId: () => undefined,
      logIn: () => undefined,
    });
    app.use('/mfa', mfa);
    app.get('/transfer', mfa.requireMfa({ maxAge: 60_000 }), (_req, res) => void res.end());
    export const faults: (new (...args: never[]) => Error)[] = [MfaError, MfaConfigError];
    export const rest = [redisMfaStore, testing];
    // @ts-expect-error: without types, everything would compile.
    mfa.requireMfa({ maxAge: 'a minute' });
  `;
  await writeFile(join(packed.project, file), text);
  const config = { module: 'nodenext', target: 'es2023', strict: true, exactOptionalPropertyTypes: true };
  const compilerOptions = { ...config, esModuleInterop: true, types: ['node'], noEmit: true };
  await writeFile(join(packed.project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
  await runBin('tsc', { args: ['-p', '.'], cwd: packed.project });
});

test('publint finds nothing', async () => {
  const installed = join(packed.project, 'node_modules/express-mfa');
  await runBin('publint', { args: ['--strict', '--pack', 'false', installed], cwd: packed.project });
});

test('the types are right for every way to resolve them', async () => {
  await runBin('attw', { args: [packed.tarball, '--format', 'ascii'], cwd: packed.project });
});
