import type { Request, Response } from 'express';
import type { Html } from '../pages/html.ts';
import type { Messages } from '../pages/messages/en.ts';
import type { Page } from '../pages/page.ts';
import type { PageName, PagePropsOf } from '../pages/page-props.ts';

/** The request that a page answers, for hooks that draw pages. */
export interface PageContext {
  readonly req: Request;
  readonly res: Response;
}

/** A document, as {@link Html} or as text that is sent as it is. */
type Document = string | Html | Promise<string | Html>;

/** Puts a page of ours into the host's own frame. */
export type Layout = (page: Page, context: PageContext) => Document;

/** Pages of the host's that take the place of ours; each gives a whole document. */
export type OwnPages = {
  readonly [Name in PageName]?: ((props: PagePropsOf<Name>, context: PageContext) => Document) | undefined;
};

/** What languages there are, and how to choose. */
export interface LanguageSettings {
  /** By BCP 47 tag. */
  readonly messages: Readonly<Record<string, Messages>> & { readonly en: Messages };
  readonly locale: ((req: Request) => string | undefined | Promise<string | undefined>) | undefined;
}

/** What the pages of a router are made with. */
export interface PageSettings extends LanguageSettings {
  readonly own: OwnPages;
  readonly layout: Layout | undefined;
  readonly logo: string | undefined;
  /** The style sheet, with the theme in it. */
  readonly css: string;
}
