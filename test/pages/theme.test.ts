import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { style } from '../../src/pages/style.ts';
import { themeCss, dark as usualDark, light as usualLight } from '../../src/pages/theme.ts';

const colors = {
  background: '#010101',
  surface: '#020202',
  text: '#030303',
  muted: '#040404',
  border: '#050505',
  accent: '#060606',
  accentText: '#070707',
  danger: '#080808',
};
const fromColors = Object.entries(colors).map(([name, value]) => [
  `--mfa-${name === 'accentText' ? 'accent-text' : name}`,
  value,
]);

test('Each colour is a custom property; so are the font and the radius, which do not depend on the screen', () => {
  const { light, dark } = propertiesOf(
    themeCss({ ...colors, font: 'Inter, serif', radius: '0', dark: colors }),
  );
  expect(Object.entries(light)).toEqual([
    ...fromColors,
    ['--mfa-font', 'Inter, serif'],
    ['--mfa-radius', '0'],
    ['--mfa-color-scheme', 'light dark'],
  ]);
  expect(Object.entries(dark)).toEqual(fromColors);
});

test('Without a theme everything has a value, and every colour another one on a dark screen', () => {
  const { light, dark } = propertiesOf(themeCss({}));
  expect(Object.keys(light)).toEqual([
    ...Object.keys(dark),
    '--mfa-font',
    '--mfa-radius',
    '--mfa-color-scheme',
  ]);
  expect(Object.keys(dark)).toEqual(fromColors.map(([name]) => name));
  expect(Object.entries(dark).filter(([name, value]) => light[name] === value)).toEqual([]);
  expect([...Object.values(light), ...Object.values(dark)].filter((value) => value === '')).toEqual([]);
});

test('A colour that is given replaces that one only; a light one leaves the dark screen alone', () => {
  const usual = propertiesOf(themeCss({}));
  const themed = propertiesOf(
    themeCss({ accent: 'rebeccapurple', text: undefined, dark: { danger: 'pink' } }),
  );
  expect(themed.light).toEqual({ ...usual.light, '--mfa-accent': 'rebeccapurple' });
  expect(themed.dark).toEqual({ ...usual.dark, '--mfa-danger': 'pink' });
  expect(propertiesOf(themeCss({ dark: undefined }))).toEqual(usual);
});

test('Without a dark side everything stays light on a dark screen: colours, and what the browser draws', () => {
  const usual = propertiesOf(themeCss({ accent: 'rebeccapurple' }));
  const { light, dark } = propertiesOf(themeCss({ accent: 'rebeccapurple', dark: false }));
  expect(light).toEqual({ ...usual.light, '--mfa-color-scheme': 'light' });
  expect(dark).toEqual({});
  expect(themeCss({ dark: false })).not.toContain('@media');
});

test('docs/pages.md lists every colour as it is', () => {
  const text = readFileSync(join(__dirname, '..', '..', 'docs', 'pages.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` \| `([^`]+)` \|(?: `([^`]+)`)? \|/gm)];
  expect(rows.map(([, name, onLight, onDark]) => [name, onLight, onDark])).toEqual(
    Object.entries(usualLight).map(([name, value]) => [name, value, Reflect.get(usualDark, name)]),
  );
});

test('A style sheet of the host needs no more weight than `:root` to set them', () => {
  const selectors = themeCss({}).match(/^[^\s{}][^{}]*(?= \{$)/gm);
  expect(selectors).toEqual([':where(:root)', '@media (prefers-color-scheme: dark)', ':where(:root)']);
});

test('The style sheet uses each of them, and no other', () => {
  const used = new Set(style.match(/--mfa-[a-z-]+/g));
  expect([...used].sort()).toEqual(Object.keys(propertiesOf(themeCss({})).light).sort());
});

/** What is declared for a light screen, and for a dark one. */
function propertiesOf(css: string) {
  const [light = '', dark = '', ...more] = css.split('@media (prefers-color-scheme: dark)');
  expect(more).toEqual([]);
  return { light: declared(light), dark: declared(dark) };
}

function declared(css: string): Record<string, string> {
  return Object.fromEntries(
    [...css.matchAll(/^(--[^:]+): (.*);$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}
