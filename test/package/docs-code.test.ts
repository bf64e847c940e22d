import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import ts from 'typescript';

const root = join(__dirname, '..', '..');
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** What the code on the pages takes for granted: a host app. */
const host = `
import type { Express, NextFunction, Request, Response } from 'express';
import type { MfaOptions, MfaRouter, MfaStore, RedisCommands } from 'express-mfa';
import type { Agent } from 'supertest';
declare module 'express-session' { interface SessionData { userId: number } }
declare global {
  const app: Express;
  const mfa: MfaRouter;
  const options: MfaOptions<number>;
  const redis: RedisCommands;
  const users: {
    authenticate(body: unknown): Promise<{ id: number }>;
    byId(id: number): Promise<{ email: string }>;
    passwordMatches(id: number, password: string): Promise<boolean>;
  };
  const user: { id: number };
  const transfer: (req: Request, res: Response) => void;
  const req: Request;
  const res: Response;
  const next: NextFunction;
  const now: () => number;
  const agent: Agent;
  const myStore: MfaStore;
  const test: (title: string, run: () => Promise<void>) => void;
}
`;

/** The code blocks of a page; of a diff, what it leads to. */
function codeOf(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/```(ts|diff)\n([\s\S]*?)```/g)].map(([, kind, code = '']) => {
    if (kind === 'ts') return code;
    return code
      .split('\n')
      .filter((line) => !line.startsWith('-'))
      .map((line) => line.slice(1))
      .join('\n');
  });
}

function compile(sources: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const compilerHost = ts.createCompilerHost({ ...options, noUnusedLocals: false });
  const { readFile, fileExists } = compilerHost;
  compilerHost.readFile = (name) => sources.get(name) ?? readFile(name);
  compilerHost.fileExists = (name) => sources.has(name) || fileExists(name);
  const program = ts.createProgram([...sources.keys()], { ...options, noUnusedLocals: false }, compilerHost);
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
}

test('every code block of README.md and docs/ compiles', () => {
  const sources = new Map([[join(root, 'docs', 'host.ts'), host]]);
  for (const page of pages) {
    for (const [number, code] of codeOf(page).entries()) {
      sources.set(join(root, 'docs', `${page.replaceAll('/', '-')}-${number}.ts`), `${code}\nexport {};\n`);
    }
  }
  expect(sources.size).toBeGreaterThan(5);
  expect(compile(sources)).toEqual([]);
});
