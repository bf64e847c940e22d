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

/** A document, as {@link Html} or as text that is sent as it is; nothing where the host answers by itself. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that calls `res.render` returns nothing.
type Document = string | Html | undefined | void;

/** Puts a page of ours into the host's own frame. */
export type Layout = (page: Page, context: PageContext) => Document | Promise<Document>;

/** Pages of the host's that take the place of ours; each gives a whole document. */
export type OwnPages = {
  readonly [Name in PageName]?:
    | ((props: PagePropsOf<Name>, context: PageContext) => Document | Promise<Document>)
    | undefined;
};

/** Says in which language a request is to be answered, as a BCP 47 tag; nothing leaves it to the browser. */
export type LocaleHook = (req: Request) => string | null | undefined | Promise<string | null | undefined>;

/** A language that the pages speak. */
export interface Language {
  /** BCP 47. */
  readonly tag: string;
  readonly messages: Messages;
  /** The same with the likely script, by which a close relative is found. */
  readonly likely: Intl.Locale;
}

/** What languages there are, and how to choose. */
export interface LanguageSettings {
  /** Those of the library and of the host; of two that fit equally, the first. */
  readonly languages: readonly Language[];
  readonly locale: LocaleHook | undefined;
}

/** What the pages of a router are made with. */
export interface PageSettings extends LanguageSettings {
  /** Pages of the host's in place of ours. */
  readonly replaced: OwnPages;
  /** Other origins of the host's that a form may lead to. */
  readonly formTargets: readonly string[];
  readonly layout: Layout | undefined;
  readonly logo: string | undefined;
  readonly colorScheme: string;
  /** The style sheet, with the theme in it. */
  readonly css: string;
}
