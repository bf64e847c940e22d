import { posix } from 'node:path';
import { findCycles } from './import-cycles.ts';
import { readImports } from './read-imports.ts';

/** From top to bottom; a folder ends with a slash. A file imports from its own layer or from those below. */
const LAYERS: readonly (readonly string[])[] = [
  ['cli/'],
  ['testing/'],
  ['index.ts'],
  ['create-mfa-router.ts'],
  ['options.ts', 'check-options.ts', 'page-options.ts', 'check-page-options.ts'],
  ['http/'],
  ['pages/'],
  ['error-types.ts'],
  ['service.ts'],
  ['flows/'],
  ['stores/'],
  ['account/'],
  ['crypto/'],
  [
    'ask-host.ts',
    'deadline.ts',
    'errors.ts',
    'events.ts',
    'fault-reporter.ts',
    'fault-text.ts',
    'in-parallel.ts',
    'silence.ts',
    'user-id.ts',
    'without-prototype.ts',
  ],
];

const LINE_LIMIT = 200;
const GRAB_BAGS = ['types.ts', 'utils.ts', 'helpers.ts', 'constants.ts'];

/** What is wrong with these sources (path below `src` → text), one sentence each; empty if nothing is. */
export function checkImportRules(files: ReadonlyMap<string, string>): string[] {
  const complaints: string[] = [];
  const graph = new Map<string, string[]>();

  for (const [path, text] of files) {
    const { specifiers, starExports, hasDefaultExport } = readImports(path, text);
    const targets = specifiers.filter((name) => name.startsWith('.')).map((name) => resolve(path, name));
    graph.set(path, targets);

    complaints.push(...checkFile(path, text));
    for (const target of targets) complaints.push(...checkImport(path, target, files));
    if (specifiers.some((name) => /^express-mfa(\/|$)/.test(name))) {
      complaints.push(`${path} imports its own package by name.`);
    }
    for (const name of starExports)
      complaints.push(`${path} says export * from '${name}': name what it exports.`);
    if (hasDefaultExport) complaints.push(`${path} has a default export: name it.`);
  }

  const cycles = findCycles(graph).map((cycle) => `A cycle: ${cycle.join(' → ')}.`);
  return [...complaints, ...cycles];
}

function checkFile(path: string, text: string): string[] {
  const complaints: string[] = [];
  const name = posix.basename(path);
  const lines = text.replace(/\n$/, '').split('\n').length;
  if (layerOf(path) === undefined) complaints.push(`${path} belongs to no layer.`);
  if (lines > LINE_LIMIT) complaints.push(`${path} has ${lines} lines, more than ${LINE_LIMIT}.`);
  if (GRAB_BAGS.includes(name)) complaints.push(`${path} is a grab bag: put each thing where it belongs.`);
  if (name === 'index.ts' && path !== 'index.ts') complaints.push(`${path}: the only index is src/index.ts.`);
  return complaints;
}

function checkImport(path: string, target: string, files: ReadonlyMap<string, string>): string[] {
  if (!files.has(target)) return [`${path} imports ${target}, which is not there.`];
  const from = layerOf(path);
  const to = layerOf(target);
  if (from === undefined || to === undefined || to >= from) return [];
  return [`${path} imports ${target}, which is above it.`];
}

function layerOf(path: string): number | undefined {
  const layer = LAYERS.findIndex((members) =>
    members.some((member) => (member.endsWith('/') ? path.startsWith(member) : path === member)),
  );
  return layer === -1 ? undefined : layer;
}

function resolve(path: string, specifier: string): string {
  return posix.join(posix.dirname(path), specifier);
}
