/** What the config module says about sessions. */
export interface SessionSettings {
  /** The options of express-session, as they are handed to it. */
  readonly session: Readonly<Record<string, unknown>> | undefined;
  /** The app's setting `trust proxy`. */
  readonly trustProxy: unknown;
  readonly production: boolean;
}
