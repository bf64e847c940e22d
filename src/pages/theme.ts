/** What can be themed. Each is the custom property `--mfa-` and its name in kebab-case. */
export interface ThemeColors {
  readonly background?: string | undefined;
  /** Of fields and of the card that the page is on. */
  readonly surface?: string | undefined;
  readonly text?: string | undefined;
  /** Hints. */
  readonly muted?: string | undefined;
  readonly border?: string | undefined;
  /** Buttons, links and the focus ring. */
  readonly accent?: string | undefined;
  /** The text on a button. */
  readonly accentText?: string | undefined;
  /** Errors, and buttons that take something away. */
  readonly danger?: string | undefined;
}

/** Colours for a light screen, other ones for a dark screen, and what does not depend on the screen. */
export interface Theme extends ThemeColors {
  /** `false` for an app that is light on dark screens, too. */
  readonly dark?: ThemeColors | false | undefined;
  /** A `font-family`. */
  readonly font?: string | undefined;
  /** A length: how round corners are. */
  readonly radius?: string | undefined;
}

/** Those of a light screen, unless a theme has others; docs/pages.md lists them. */
export const light = {
  background: '#f4f5f7',
  surface: '#ffffff',
  text: '#1b1f24',
  muted: '#545b64',
  border: '#7d858f',
  accent: '#0b57d0',
  accentText: '#ffffff',
  danger: '#b3261e',
  font: 'system-ui, sans-serif',
  radius: '0.5rem',
};

/** Those of a dark screen. */
export const dark = {
  background: '#14171b',
  surface: '#1e2227',
  text: '#e8eaed',
  muted: '#aab1ba',
  border: '#868e99',
  accent: '#a8c7fa',
  accentText: '#062e6f',
  danger: '#f2b8b5',
};

/** The custom properties. They weigh nothing in the cascade, so a style sheet of the host's can set them, too. */
export function themeCss({ dark: darkened, ...rest }: Theme): string {
  return `:where(:root) {
${declarations({ ...light, ...defined(rest), colorScheme: colorScheme({ dark: darkened }) })}
}
${darkened === false ? '' : onDarkScreens(darkened)}`;
}

/** What the browser draws by itself, fields and scroll bars: in the colours that the page has. */
export function colorScheme({ dark: darkened }: Theme): string {
  return darkened === false ? 'light' : 'light dark';
}

function onDarkScreens(darkened: ThemeColors | undefined): string {
  return `@media (prefers-color-scheme: dark) {
:where(:root) {
${declarations({ ...dark, ...defined(darkened ?? {}) })}
}
}
`;
}

function defined(given: object): Record<string, string> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function declarations(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(
      ([name, value]) =>
        `--mfa-${name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}: ${value};`,
    )
    .join('\n');
}
