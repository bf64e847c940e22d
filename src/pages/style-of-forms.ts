/** Fields, errors and buttons. */
export const formStyle = `.mfa .mfa-field {
  margin: 0 0 1rem;
}
.mfa-field label {
  display: block;
  font-weight: 600;
}
.mfa-hint {
  display: block;
  color: var(--mfa-muted);
  font-size: 0.9375rem;
}
.mfa-field input:not([type='checkbox']) {
  display: block;
  width: 100%;
  min-height: 2.75rem;
  margin-top: 0.375rem;
  padding: 0.5rem 0.75rem;
  border: 1px solid var(--mfa-border);
  border-radius: var(--mfa-radius);
  background: var(--mfa-surface);
  color: inherit;
  font: inherit;
}
.mfa-field input.mfa-code {
  font: 1.25rem/1.4 ui-monospace, monospace;
  letter-spacing: 0.06em;
}
.mfa-field input[aria-invalid] {
  border-color: var(--mfa-danger);
  border-width: 2px;
}
.mfa-field label.mfa-tick {
  display: flex;
  gap: 0.625rem;
  align-items: center;
  min-height: 2.75rem;
  font-weight: 400;
}
.mfa-tick input {
  flex: none;
  width: 1.375rem;
  height: 1.375rem;
  margin: 0;
  accent-color: var(--mfa-accent);
}
.mfa-error {
  display: block;
  margin-top: 0.375rem;
  color: var(--mfa-danger);
  font-weight: 600;
}
.mfa-alert,
.mfa-notice {
  padding: 0.625rem 0.875rem;
  border: 1px solid currentcolor;
  border-inline-start-width: 5px;
  border-radius: var(--mfa-radius);
}
.mfa-alert {
  color: var(--mfa-danger);
}
.mfa-button,
.mfa-small {
  display: inline-flex;
  align-items: center;
  justify-content: center;
  min-height: 2.75rem;
  padding: 0.5rem 1.25rem;
  border: 1px solid var(--mfa-accent);
  border-radius: var(--mfa-radius);
  font: 600 1rem/1.5 var(--mfa-font);
  text-align: center;
  text-decoration: none;
  cursor: pointer;
}
.mfa .mfa-button {
  width: 100%;
  background: var(--mfa-accent);
  color: var(--mfa-accent-text);
}
.mfa .mfa-dangerous {
  border-color: var(--mfa-danger);
  background: none;
  color: var(--mfa-danger);
}
.mfa .mfa-button[aria-disabled='true'] {
  opacity: 0.6;
}
.mfa-small {
  padding-inline: 0.875rem;
  background: none;
  color: var(--mfa-accent);
  font-size: 0.9375rem;
}
`;
