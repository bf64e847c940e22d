import { readFile } from 'node:fs/promises';
import type { MeasuredProfile } from '../measure/profile.ts';
import { markdownTable } from './markdown-table.ts';

interface Profile {
  readonly nodes: readonly {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Microseconds per request, by package and by function; idle time is left out. */
export async function summariseProfile({ file, requests }: MeasuredProfile): Promise<string> {
  const { nodes, samples, timeDeltas }: Profile = JSON.parse(await readFile(file, 'utf8'));
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const packages = new Map<string, number>();
  const functions = new Map<string, number>();
  samples.forEach((id, index) => {
    const frame = frames.get(id);
    if (!frame || frame.functionName === '(idle)' || frame.functionName === '(root)') return;
    const perRequest = (timeDeltas[index] ?? 0) / requests;
    const place = packageOf(frame.url);
    const name = `${frame.functionName || '(anonymous)'} ${place}:${frame.lineNumber + 1}`;
    packages.set(place, (packages.get(place) ?? 0) + perRequest);
    functions.set(name, (functions.get(name) ?? 0) + perRequest);
  });
  return `${table('package', packages, 14)}\n\n${table('function', functions, 30)}`;
}

function table(title: string, times: ReadonlyMap<string, number>, rows: number): string {
  const sorted = [...times].sort(([, one], [, other]) => other - one).slice(0, rows);
  return markdownTable(
    [title, 'µs'],
    sorted.map(([name, time]) => [name, time.toFixed(1)]),
  );
}

function packageOf(url: string): string {
  const [, dependency] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
  if (dependency) return dependency;
  if (url.startsWith('node:')) return url;
  if (url.includes('/dist/')) return 'express-mfa';
  return url === '' ? 'native code and garbage collection' : 'the app';
}
