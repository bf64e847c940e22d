import express, { type Request, type RequestHandler, type Response } from 'express';
import * as v from 'valibot';
import { ownObject } from '../without-prototype.ts';
import { headerOf } from './header.ts';
import { failure, type Reply } from './reply.ts';

/** What our routes take. */
export interface Body {
  readonly code?: string | undefined;
  readonly password?: string | undefined;
  /** Where the person wanted to go; to be checked. */
  readonly return_to?: unknown;
  /** What a page of ours has sent besides: the token of its form, which kind of code it asked for, a ticked box. */
  readonly form_token?: unknown;
  readonly is_backup_code?: unknown;
  readonly saved?: unknown;
}

const limit = 2_048;
/** By media type. */
const parsers: Readonly<Record<string, RequestHandler>> = {
  json: express.json({ limit }),
  urlencoded: express.urlencoded({ limit, extended: false }),
};

// A field that a form left empty was not sent.
const text = (longest: number) =>
  v.optional(
    v.pipe(
      v.string(),
      v.maxLength(longest),
      v.transform((value) => (value === '' ? undefined : value)),
    ),
  );
const entries = {
  code: text(200),
  password: text(1_000),
  // A hint that older clients send; the form of the code tells what it is.
  is_backup_code: v.optional(v.union([v.boolean(), v.string()])),
  return_to: v.unknown(),
  form_token: v.unknown(),
  saved: v.unknown(),
};
const schema = ownObject(entries);

/** The fields of a request, or the answer to a body that is not what our routes take. */
export async function readBody(req: Request, res: Response): Promise<Body | Reply> {
  // Said before it comes: a parser would read it to the end first.
  if (!req.readableEnded && declaredLength(req) > limit) return failure('VALIDATION_ERROR', { status: 413 });
  try {
    // What the host has read is used as it is.
    const unread = req.readableEnded ? req.body === undefined && hasBody(req) : !(await parse(req, res));
    if (unread) return failure('VALIDATION_ERROR', { status: 415, message: 'Send JSON or a form.' });
  } catch (error) {
    return unreadable(error);
  }
  const fields = v.safeParse(schema, ownFields(req.body === undefined ? {} : req.body));
  return fields.success ? fields.output : failure('VALIDATION_ERROR');
}

/** Whether there was nothing to parse or a parser for it: those of Express 4 make a body of anything. */
async function parse(req: Request, res: Response): Promise<boolean> {
  const parser = parsers[req.is(Object.keys(parsers)) || ''];
  if (!parser) return !hasBody(req);
  await new Promise<void>((resolve, reject) => {
    parser(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
  });
  return true;
}

/**
 * The fields that are the body's own, by name: it is never spread into anything, and what it inherits by way
 * of a `__proto__` is not looked at. Null for what is no object, or tries such a thing.
 */
function ownFields(body: unknown): Record<string, unknown> | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  if (['__proto__', 'constructor', 'prototype'].some((key) => Object.hasOwn(body, key))) return null;
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(entries)) {
    fields[key] = Object.hasOwn(body, key) ? (body as Record<string, unknown>)[key] : undefined;
  }
  return fields;
}

function hasBody(req: Request): boolean {
  return headerOf(req, 'transfer-encoding') !== undefined || declaredLength(req) > 0;
}

function declaredLength(req: Request): number {
  return Number(headerOf(req, 'content-length') ?? 0);
}

/** body-parser's errors carry a status: 400, 413 or 415. */
function unreadable(error: unknown): Reply {
  const status =
    typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 400;
  const known = status === 413 || status === 415 ? { status } : {};
  return failure('VALIDATION_ERROR', known);
}
