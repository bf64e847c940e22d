import express, { type RequestHandler } from 'express';
import { sameSiteOnly } from './same-site.ts';

const limit = '10kb';

/** Reads what the app's own routes are sent: JSON, and forms of this site. */
export const bodies: RequestHandler[] = [
  sameSiteOnly,
  express.json({ limit }),
  express.urlencoded({ limit, extended: false }),
];
