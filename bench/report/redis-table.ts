import { cases } from '../cases.ts';
import type { RedisTraffic } from '../measure/round-trips.ts';
import { markdownTable } from './markdown-table.ts';

/** What each request asks of Redis. A semicolon separates round trips. */
export function redisTable(traffic: RedisTraffic): string {
  const rows = cases.map(({ title, measured, reference }) => {
    const [ours, floor] = [traffic[measured], traffic[reference]];
    return [
      title,
      String(floor.length),
      String(ours.length),
      `${floor.flat().length}: ${text(floor)}`,
      `${ours.flat().length}: ${text(ours)}`,
    ];
  });
  return markdownTable(
    ['second step', 'round trips, floor', 'express-mfa', 'commands, floor', 'commands, express-mfa'],
    rows,
  );
}

function text(trips: readonly (readonly string[])[]): string {
  return trips.map((commands) => commands.join(' ')).join('; ');
}
