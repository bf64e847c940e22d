import type { Request } from 'express';
import { headerOf } from './header.ts';
import type { PageSettings } from './page-settings.ts';
import type { HttpSettings } from './settings.ts';

/** The settings of a router that has pages. */
export type PagedSettings = HttpSettings & { readonly pages: PageSettings };

/** Whether the router has pages. */
export function hasPages(settings: HttpSettings): settings is PagedSettings {
  return settings.pages !== undefined;
}

/** Whether this is for a page: the router has pages, and the client asks for HTML by name and for nothing else first. */
export function answersHtml(settings: HttpSettings, req: Request): settings is PagedSettings {
  if (!hasPages(settings) || !/text\/html/i.test(headerOf(req, 'accept') ?? '')) return false;
  return req.accepts(['json', 'html']) === 'html';
}
