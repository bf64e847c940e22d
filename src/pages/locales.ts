import { en, type Messages } from './messages/en.ts';

/** The languages that come with the library, by BCP 47 tag. */
export const locales: Readonly<Record<string, Messages>> = { en };
