import type { Response } from 'supertest';
import type { PageVisitor } from './page-visitor.ts';

/** Where a visitor is in the end, as a browser goes: it follows 303s, by GET. */
export interface Landing {
  readonly path: string;
  readonly response: Response;
}

export async function land(visitor: PageVisitor, first: Response): Promise<Landing> {
  let landing: Landing = { path: '', response: first };
  for (let hops = 0; landing.response.status === 303; hops++) {
    if (hops === 5) throw new Error(`It leads nowhere: ${landing.path}`);
    const path = String(landing.response.headers.location);
    landing = { path, response: await visitor.get(path) };
  }
  return landing;
}
