import { createRequire } from 'node:module';
import * as library from 'express-mfa';
import * as kysely from 'express-mfa/kysely';
import * as testing from 'express-mfa/testing';
import ts from 'typescript';

type Options = Partial<library.MfaOptions<number>>;

/** What running a code block has left behind. */
export interface BlockOutcome {
  /** What it gave to `createMfaRouter`. */
  readonly options: Options;
  /** What it listens to. */
  readonly listeners: ReadonlyMap<string, (event: { userId: library.UserId }) => unknown>;
  /** What it opened, by the names of its variables. */
  readonly opened: { readonly db?: unknown; readonly database?: unknown };
  readonly exported: Readonly<Record<string, unknown>>;
}

/** Runs a code block of docs/, with what the page takes for granted, and `modules` in place of some that it imports. */
export function runDocBlock(
  block: string,
  { given = {}, modules = {} }: { given?: Record<string, unknown>; modules?: Record<string, unknown> },
): BlockOutcome {
  const options: Options = {};
  const listeners = new Map<string, (event: { userId: library.UserId }) => unknown>();
  const events = { on: (name: string, listener: () => unknown) => listeners.set(name, listener) };
  const createMfaRouter = (its: Options) => {
    Object.assign(options, its);
    return { service: { events } };
  };
  const known: Record<string, unknown> = {
    'express-mfa': { ...library, createMfaRouter },
    'express-mfa/kysely': kysely,
    'express-mfa/testing': testing,
    ...modules,
  };
  const load = (name: string): unknown => known[name] ?? createRequire(__filename)(name);
  const { outputText } = ts.transpileModule(block, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
    },
  });
  const leave = ['db', 'database'].map(
    (name) => `${name}: typeof ${name} === 'undefined' ? undefined : ${name}`,
  );
  const exported: Record<string, unknown> = {};
  const names = { require: load, exports: exported, options: {}, ...given };
  const run = new Function(...Object.keys(names), `${outputText}\nreturn { ${leave.join(', ')} };`);
  return { options, listeners, opened: run(...Object.values(names)), exported };
}
