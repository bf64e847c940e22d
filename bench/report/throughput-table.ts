import type { Case } from '../cases.ts';
import type { ScenarioName } from '../load/scenarios.ts';
import type { Sample, Samples } from '../measure/throughput.ts';
import { connectionCounts } from '../settings.ts';
import { markdownTable } from './markdown-table.ts';
import { median } from './median.ts';

/** Requests per second side by side, and the share of the reference that we reach. */
export function throughputTable(cases: readonly Case[], samples: Samples): string {
  return markdownTable(
    [
      'second step',
      'connections',
      'floor, req/s',
      'express-mfa, req/s',
      'share (min-max)',
      'aim',
      'tutorial, req/s',
      'share',
      'app CPU per request, floor / express-mfa',
    ],
    rows(cases, samples),
  );
}

/** The same of what the pages cost; nobody writes those by hand. */
export function pagesTable(cases: readonly Case[], samples: Samples): string {
  return markdownTable(
    [
      'request',
      'connections',
      'reference, req/s',
      'with pages, req/s',
      'share (min-max)',
      'aim',
      'app CPU per request, reference / with pages',
    ],
    rows(cases, samples).map((cells) => [...cells.slice(0, 6), cells[8] ?? '']),
  );
}

function rows(cases: readonly Case[], samples: Samples): string[][] {
  return cases.flatMap((one) => connectionCounts.map((connections) => row(one, connections, samples)));
}

function row(
  { title, measured, reference, tutorial, aim }: Case,
  connections: number,
  samples: Samples,
): string[] {
  const of = (name: ScenarioName) => samples.get(name)?.get(connections) ?? [];
  const share = ratios(of(measured), of(reference));
  return [
    title,
    String(connections),
    perSecond(of(reference)),
    perSecond(of(measured)),
    `${median(share).toFixed(2)} (${Math.min(...share).toFixed(2)}-${Math.max(...share).toFixed(2)})`,
    aim === undefined ? '' : `≥ ${aim.toFixed(2)} ${median(share) >= aim ? 'met' : 'missed'}`,
    tutorial ? perSecond(of(tutorial)) : '',
    tutorial ? median(ratios(of(tutorial), of(reference))).toFixed(2) : '',
    `${processorTime(of(reference))} / ${processorTime(of(measured))} µs`,
  ];
}

// Per round, so that both numbers come from the same seconds.
function ratios(measured: readonly Sample[], reference: readonly Sample[]): number[] {
  return measured.map(({ perSecond }, round) => perSecond / (reference[round]?.perSecond ?? Number.NaN));
}

const perSecond = (samples: readonly Sample[]) =>
  median(samples.map((sample) => sample.perSecond)).toFixed(0);

const processorTime = (samples: readonly Sample[]) =>
  median(samples.map((sample) => sample.processorTime)).toFixed(0);
