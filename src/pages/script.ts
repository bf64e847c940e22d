/**
 * What makes the pages better, and is not needed: copying, printing, a form that is sent once, a wait that is
 * counted down, and a page that came out of the browser's memory asked for again.
 */
export const script = `'use strict';
for (const form of document.querySelectorAll('form[data-mfa-once]')) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.mfaSent) return event.preventDefault();
    const button = form.querySelector('[type=submit]');
    form.dataset.mfaSent = 'yes';
    // Not \`disabled\`, which would take the focus away.
    button.setAttribute('aria-disabled', 'true');
    // Whoever has stopped it, or got no answer, can send it again.
    setTimeout(() => {
      delete form.dataset.mfaSent;
      button.removeAttribute('aria-disabled');
    }, 10000);
  });
}

// What the browser kept in its memory may be over: a login that has ended, codes that are not shown again.
addEventListener('pagehide', () => { document.documentElement.style.visibility = 'hidden'; });
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});

for (const button of document.querySelectorAll('[data-mfa-copy]')) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.dataset.mfaCopy);
    const items = [...source.querySelectorAll('li')].map((item) => item.textContent.trim());
    const text = items.length > 0 ? items.join('\\n') : source.textContent.replaceAll(' ', '');
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Where the browser does not let us, it is one key press away.
      getSelection().selectAllChildren(source);
      return;
    }
    button.textContent = button.dataset.mfaCopied;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}

for (const button of document.querySelectorAll('[data-mfa-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}

for (const wait of document.querySelectorAll('[data-mfa-wait]')) {
  const end = Date.now() + Number(wait.dataset.mfaWait) * 1000;
  const words = new Intl.RelativeTimeFormat(wait.closest('[lang]').lang, { numeric: 'always' });
  const timer = setInterval(() => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) {
      wait.textContent = left < 120 ? words.format(left, 'second') : words.format(Math.ceil(left / 60), 'minute');
      return;
    }
    clearInterval(timer);
    wait.closest('[role=alert]').textContent = wait.dataset.mfaOver;
  }, 1000);
}
`;
