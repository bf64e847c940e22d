import type { BackupCodesFile } from '../pages/backup-codes-file.ts';
import type { PageDetails, PageName, Problem } from '../pages/page-props.ts';
import type { Call } from './call.ts';

/** A browser that asks for a page, or has sent a form. */
export interface Visit {
  readonly call: Call;
  /** Where the person wanted to go: a path of this site, short enough to be carried. */
  readonly returnTo: string | undefined;
  /** Whether the field is to ask for a backup code. */
  readonly wantsBackupCode: boolean;
  /** The path of the route that a form was sent to, and what was wrong with it. */
  readonly form: string | undefined;
  readonly problem: Problem | undefined;
}

/** A page by its name, with what it shows beside the common props. */
export interface ScreenPage<Name extends PageName> {
  readonly page: Name;
  readonly details: PageDetails[Name];
  /** What the page tells is wrong where nobody has sent a form. */
  readonly problem?: Problem;
  /** Where the person wanted to go, as the session has it: what the request says comes first. */
  readonly returnTo?: string | undefined;
  /** The HTTP status. Default: 200, or that of what was wrong with the form. */
  readonly status?: number;
}

/** What a browser gets to see: another place, a page, or a file to keep. */
export type Screen =
  | { readonly redirectTo: string }
  | { readonly file: { readonly name: string; readonly backupCodes: BackupCodesFile } }
  | { readonly [Name in PageName]: ScreenPage<Name> }[PageName];
