import { readFile } from 'node:fs/promises';
import type { MeasuredProfile } from '../measure/profile.ts';
import { markdownTable } from './markdown-table.ts';

interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

interface Profile {
  readonly nodes: readonly { id: number; callFrame: Frame; children?: readonly number[] }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

// `dispatch` is the profiler itself.
const notWork = ['(idle)', '(root)', 'dispatch'];

/** Microseconds per request: by package, by function, and by what our functions cost with all they call. */
export async function summariseProfile({ file, requests }: MeasuredProfile): Promise<string> {
  const profile: Profile = JSON.parse(await readFile(file, 'utf8'));
  const stackOf = createStacks(profile);
  const packages = new Map<string, number>();
  const functions = new Map<string, number>();
  const ours = new Map<string, number>();
  profile.samples.forEach((id, index) => {
    const stack = stackOf(id);
    const [top] = stack;
    if (!top || notWork.includes(top.functionName)) return;
    const time = (profile.timeDeltas[index] ?? 0) / requests;
    // What is native belongs to whoever called it.
    const caller = stack.find(({ url }) => url !== '');
    add(packages, caller ? packageOf(caller.url) : top.functionName, time);
    add(functions, `${nameOf(top)}${caller && caller !== top ? `, called by ${nameOf(caller)}` : ''}`, time);
    const own = stack.find(({ url }) => packageOf(url) === 'express-mfa');
    if (own) add(ours, nameOf(own), time);
  });
  const tables = [table('package', packages, 20), table('function', functions, 30)];
  if (ours.size > 0) tables.push(table('function of express-mfa, with what it calls', ours, 30));
  return tables.join('\n\n');
}

function createStacks({ nodes }: Profile): (id: number) => readonly Frame[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  );
  return (id) => {
    const stack: Frame[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const frame = frames.get(at);
      if (frame) stack.push(frame);
    }
    return stack;
  };
}

function add(times: Map<string, number>, name: string, time: number): void {
  times.set(name, (times.get(name) ?? 0) + time);
}

function table(title: string, times: ReadonlyMap<string, number>, rows: number): string {
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  const sorted = [...times].sort(([, one], [, other]) => other - one).slice(0, rows);
  return markdownTable(
    [title, 'µs'],
    [['all', total.toFixed(1)], ...sorted.map(([name, time]) => [name, time.toFixed(1)])],
  );
}

function nameOf({ functionName, url, lineNumber }: Frame): string {
  const name = functionName || '(anonymous)';
  return url === '' ? name : `${name} ${packageOf(url)}:${lineNumber + 1}`;
}

function packageOf(url: string): string {
  const [, dependency] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
  if (dependency) return dependency;
  if (url.startsWith('node:')) return url;
  return url.includes('/dist/') ? 'express-mfa' : 'the app';
}
