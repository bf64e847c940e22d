import type { RequestHandler } from 'express';

const css = `:root {
  color-scheme: light dark;
  --paper: #fffdf8;
  --ink: #23291f;
  --soft: #5b6355;
  --line: #868c7d;
  --bar: #1e5c3f;
  --link: #1b6443;
  --wrong: #a3200d;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #171a16;
    --ink: #e9ebe4;
    --soft: #adb5a5;
    --line: #7f8778;
    --link: #8fd6b0;
    --wrong: #ffb4a6;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font: 1.0625rem/1.55 Georgia, 'Times New Roman', serif;
  overflow-wrap: anywhere;
}
header, main, footer { padding: 1rem max(1rem, 50vw - 20rem); }
header { background: var(--bar); }
header a { color: #fff; font-weight: bold; text-decoration: none; }
footer { margin-top: 2rem; color: var(--soft); font-size: 0.9375rem; }
h1 { margin: 1rem 0; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 2rem 0 0.5rem; font-size: 1.25rem; }
a { color: var(--link); }
code { font-size: 0.9em; }
dt { color: var(--soft); }
dd { margin: 0 0 0.75rem; }
li { margin-bottom: 0.375rem; }
label { display: block; margin-top: 1rem; }
input {
  display: block;
  width: 100%;
  max-width: 24rem;
  min-height: 2.75rem;
  margin-top: 0.25rem;
  padding: 0.5rem;
  border: 1px solid var(--line);
  background: none;
  color: inherit;
  font: inherit;
}
input[type='checkbox'] { display: inline; width: auto; min-height: 0; margin: 0 0.5rem 0 0; }
small { display: block; color: var(--soft); font-size: 0.9375rem; }
button, .button {
  display: inline-block;
  min-height: 2.75rem;
  margin: 1rem 0.5rem 0 0;
  padding: 0.5rem 1.25rem;
  border: 1px solid var(--bar);
  background: var(--bar);
  color: #fff;
  font: inherit;
  text-decoration: none;
  cursor: pointer;
}
.button { margin-top: 0; }
button.quiet { border-color: var(--line); background: none; color: inherit; }
.problem, .notice { max-width: 24rem; padding: 0.5rem 1rem; border-left: 5px solid; }
.problem { color: var(--wrong); }
.notice { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
`;

/** The style of the app's own pages. */
export const styleSheet: RequestHandler = (_req, res) => {
  res.type('css').send(css);
};
