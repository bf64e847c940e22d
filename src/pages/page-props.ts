import type { ErrorType } from '../error-types.ts';
import type { Messages } from './messages/en.ts';

/** Why a form is shown again. */
export interface Problem {
  /** As in the JSON answer; `problemText` puts it into words. */
  readonly errorType: ErrorType;
  /** What is left of a wait, in whole seconds. */
  readonly retryAfter?: number | undefined;
}

/** What every page is made of. A page that replaces one of ours is handed the same. */
export interface PageProps {
  /** All texts, in the language of the request. */
  readonly messages: Messages;
  /** The language of `messages`, a BCP 47 tag. */
  readonly locale: string;
  /** The name of the app. */
  readonly issuer: string;
  /** Where browsers see the library's routes: forms post to `${path}/totp/verify`, and so on. */
  readonly path: string;
  /** The app's own login page, and where a login leads that was not on its way elsewhere. */
  readonly loginPath: string;
  readonly homePath: string;
  /** Has to be sent with every form, as `form_token`. Bound to the session. */
  readonly formToken: string;
  /** Where the person wanted to go: a path of this site, to be sent with the form as `return_to`. */
  readonly returnTo: string | undefined;
  /** What was wrong with the form that was sent. */
  readonly problem: Problem | undefined;
}

/** Each page by its name, and what it shows beside the common {@link PageProps}. */
export interface PageDetails {
  readonly challenge: {
    /** What the field asks for. */
    readonly method: 'totp' | 'backup_code';
    /** Whether there is another method to change to. */
    readonly canSwitch: boolean;
    /** Whether the backup codes came from another system, in its form, of which nothing can be said. */
    readonly imported?: boolean;
    /** Whether this is somebody who is logged in already. */
    readonly stepUp: boolean;
  };
  readonly setup: {
    /** What is asked before the set-up begins; `'log_in'`: the login is too old, and there is no password. */
    readonly authority: 'nothing' | 'password' | 'log_in';
    /** Whether it takes the place of a lost authenticator. */
    readonly replaces: boolean;
    /** What the authenticator app needs, once the set-up has begun. */
    readonly authenticator: SetupSecret | undefined;
  };
  readonly backupCodes: {
    /** `XXXX-XXXX-XXXX-XXXX` each; undefined when they are not shown any more. */
    readonly codes: readonly string[] | undefined;
    /** Whose they are, where the app could say. */
    readonly accountName: string | undefined;
    readonly shownAt: Date;
  };
  readonly security: {
    /** Whether this user's logins have a second step. */
    readonly enrolled: boolean;
    /** Locked by too many wrong codes: a backup code brings it back. */
    readonly authenticator: 'on' | 'locked';
    readonly backupCodesRemaining: number;
    /** Two or fewer. */
    readonly backupCodesLow: boolean;
    /** Whether new ones wait on their page for somebody to say that they are saved. */
    readonly backupCodesUnsaved: boolean;
    /** Whether a new authenticator may be set up in place of this one: a backup code was just used, or it has begun. */
    readonly canReplace: boolean;
    /** What a change asks for beside the code; `'log_in'`: the login is too old, and there is no password. */
    readonly authority: 'nothing' | 'password' | 'log_in';
    /** Whether a change asks for a code, because the second step was not done just now. */
    readonly asksForCode: boolean;
    /** Which form the problem belongs to. */
    readonly sentForm: 'disable' | 'regenerate' | undefined;
  };
  readonly problem: {
    /** Where the person can go on. */
    readonly goOn: { readonly href: string; readonly text: 'toLogin' | 'tryAgain' | 'toHome' };
  };
}

/** What an authenticator app needs to know. */
export interface SetupSecret {
  /** Base32, without spaces. */
  readonly secret: string;
  /** As the authenticator app is going to show them. */
  readonly issuer: string;
  readonly accountName: string;
  /** The modules of the QR code: a square of `size`, and an SVG path over the dark ones. */
  readonly qr: { readonly size: number; readonly path: string };
}

/** The name of a page. */
export type PageName = keyof PageDetails;

/** All that a page is made of. */
export type PagePropsOf<Name extends PageName> = PageProps & PageDetails[Name];
