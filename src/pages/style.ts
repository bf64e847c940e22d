import { formStyle } from './style-of-forms.ts';

/** The style sheet, below the custom properties of the theme. Everything hangs on classes of ours. */
export const style = `.mfa-document {
  margin: 0;
  padding: 1.5rem 1rem 3rem;
  background: var(--mfa-background);
  color-scheme: var(--mfa-color-scheme);
}
.mfa-brand {
  max-width: 26rem;
  margin: 0 auto 1rem;
  color: var(--mfa-text);
  font: 600 1.125rem/1.4 var(--mfa-font);
  overflow-wrap: anywhere;
}
.mfa-brand img {
  max-width: 100%;
  max-height: 3rem;
}
.mfa {
  box-sizing: border-box;
  max-width: 26rem;
  margin: 0 auto;
  padding: 1.5rem;
  border-radius: var(--mfa-radius);
  background: var(--mfa-surface);
  color: var(--mfa-text);
  color-scheme: var(--mfa-color-scheme);
  font: 1rem/1.5 var(--mfa-font);
  overflow-wrap: anywhere;
}
.mfa *,
.mfa *::before {
  box-sizing: border-box;
}
.mfa [hidden] {
  display: none;
}
.mfa h1 {
  margin: 0 0 0.75rem;
  font-size: 1.375rem;
  line-height: 1.3;
}
.mfa h2 {
  margin: 1.5rem 0 0.5rem;
  font-size: 1.0625rem;
}
.mfa p {
  margin: 0 0 0.75rem;
}
.mfa > :last-child {
  margin-bottom: 0;
}
.mfa a {
  color: var(--mfa-accent);
}
.mfa :focus-visible {
  outline: 3px solid var(--mfa-accent);
  outline-offset: 2px;
}
${formStyle}.mfa-actions {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem;
}
.mfa-links {
  margin: 1rem 0 0;
  padding: 0;
  list-style: none;
}
.mfa-links a {
  display: inline-block;
  padding-block: 0.25rem;
}
.mfa-qr {
  display: block;
  width: 100%;
  max-width: 15rem;
  height: auto;
  margin: 0 auto 0.75rem;
  border-radius: var(--mfa-radius);
}
.mfa-facts {
  margin: 0 0 0.75rem;
}
.mfa-facts dt {
  color: var(--mfa-muted);
  font-size: 0.9375rem;
}
.mfa-facts dd {
  margin: 0 0 0.625rem;
}
.mfa-secret {
  display: inline-block;
  max-width: 19.5ch;
  margin-inline-end: 0.75rem;
  font: 1.0625rem/1.6 ui-monospace, monospace;
  overflow-wrap: normal;
  vertical-align: middle;
}
.mfa-codes-of bdi {
  display: block;
}
.mfa-codes {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(10.75rem, 1fr));
  gap: 0.25rem 1rem;
  margin: 0 0 1rem;
  padding: 0;
  list-style: none;
}
.mfa-codes code {
  font: 0.9375rem/1.6 ui-monospace, monospace;
}
.mfa-change {
  margin-top: 0.75rem;
  padding: 0.25rem 0.875rem;
  border: 1px solid var(--mfa-border);
  border-radius: var(--mfa-radius);
}
.mfa-change[open] {
  padding-bottom: 0.875rem;
}
.mfa-change summary {
  padding-block: 0.5rem;
  font-weight: 600;
  cursor: pointer;
}
@media (max-width: 24rem) {
  .mfa-document {
    padding-inline: 0;
  }
  .mfa-brand {
    padding-inline: 1rem;
  }
  .mfa {
    padding: 1rem;
    border-radius: 0;
  }
}
@media (forced-colors: active) {
  .mfa .mfa-button {
    border-color: ButtonText;
  }
}
@media print {
  [data-mfa-page='backupCodes'] > :not(h1, .mfa-codes-of, .mfa-codes) {
    display: none;
  }
  .mfa,
  .mfa-brand,
  .mfa-document {
    background: none;
    color: #000;
  }
}
`;
