import type { Body } from './body.ts';
import type { Call } from './call.ts';
import type { Reply } from './reply.ts';
import type { Screen, Visit } from './screen.ts';

/** A route: what it listens to, and what it answers, to a program and to a browser. */
export interface Route {
  readonly path: string;
  readonly methods: readonly string[];
  readonly answer: (call: Call, body: Body) => Promise<Reply>;
  /** The page that is at this address, or that has the form which is sent to it, and its path. */
  readonly screen: (visit: Visit) => Promise<Screen>;
  readonly page: string;
  /** Whether it is for browsers whatever they ask for: a download names no type. */
  readonly isDownload?: boolean;
  /** Where a form leads that was in order. */
  readonly next?: (visit: Visit, reply: Reply) => string;
}
