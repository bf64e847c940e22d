import { expect, test } from '@jest/globals';
import { type AnyPageState, pageStates, surroundings } from './page-states.ts';
import { type Element, elementsOf, textOf } from './read-html.ts';
import { attributeOf, expectOnNoPage, having, visibleFields } from './read-pages.ts';

const isForTotp = (field: Element): boolean =>
  having('autocomplete', 'one-time-code')(field) && having('inputmode', 'numeric')(field);

test('Each form posts to the route that it is for, and can be sent', () => {
  expectOnNoPage(({ state, elements }) => {
    const sent = formsOf(elements).map(({ form }) => attributeOf('action')(form));
    expect(sent).toEqual(routesOf(state).map((route) => `${surroundings.path}${route}`));
    return formsOf(elements).flatMap(({ form, inside }) => {
      const buttons = inside.filter(having('type', 'submit'));
      const isRight = attributeOf('method')(form) === 'post' && buttons.length === 1;
      return isRight && buttons.every((button) => textOf(button) !== '') ? [] : [form, ...buttons];
    });
  });
});

test('Each form sends the token, the way that the person is on, what its route takes, and nothing else', () => {
  expectOnNoPage(({ state, elements }) => {
    const expected = JSON.stringify([
      ['form_token', surroundings.formToken],
      ...(state.returnTo === undefined ? [] : [['return_to', state.returnTo]]),
      ...fieldsOf(state),
    ]);
    return formsOf(elements).flatMap(({ form, sends }) =>
      JSON.stringify(sends) === expected ? [] : [form, JSON.stringify(sends), expected],
    );
  });
});

test('Only a field that takes nothing but a TOTP code asks for one-time codes and digits', () => {
  expectOnNoPage(({ state, elements }) => {
    const takesTotp =
      state.page === 'setup' || (state.page === 'challenge' && state.details.method === 'totp');
    return visibleFields(elements)
      .filter(having('name', 'code'))
      .filter((field) =>
        takesTotp ? !isForTotp(field) : !having('autocomplete', 'off')(field) || having('inputmode')(field),
      );
  });
});

test('A code is text, for its zeros and spaces; a password is filled in by password managers', () => {
  expectOnNoPage(({ elements }) =>
    visibleFields(elements).filter((field) => {
      const kind = `${attributeOf('name')(field)} ${attributeOf('type')(field)}`;
      if (kind === 'password password') return !having('autocomplete', 'current-password')(field);
      return kind !== 'code text' && kind !== 'saved checkbox';
    }),
  );
});

test('Nothing but a password can be sent empty, and nothing is filled in beforehand', () => {
  // Whether a password is needed at all is the host's to say: verifyPassword is asked without one, too.
  expectOnNoPage(({ elements }) =>
    visibleFields(elements).filter(
      (field) =>
        having('required')(field) === having('type', 'password')(field) ||
        (having('value')(field) && !having('type', 'checkbox')(field)),
    ),
  );
});

test('The states have every form, and every form with a problem', () => {
  const shown = new Set(pageStates.filter(({ problem }) => problem).flatMap(routesOf));
  expect([...shown].sort()).toEqual([
    '/backup-codes/saved',
    '/totp/disable',
    '/totp/enroll',
    '/totp/regenerate-backup-codes',
    '/totp/verify',
    '/totp/verify-enrollment',
  ]);
});

/** The forms of a page, with what each sends while nothing is entered: a box as if it were ticked. */
function formsOf(elements: readonly Element[]) {
  return elements
    .filter(({ name }) => name === 'form')
    .map((form) => {
      const inside = elementsOf(form);
      const sends = inside
        .filter(({ name }) => name === 'input')
        .map((field) => [attributeOf('name')(field), attributeOf('value')(field) ?? '']);
      return { form, inside, sends };
    });
}

function routesOf({ page, details }: AnyPageState): string[] {
  switch (page) {
    case 'challenge':
      return ['/totp/verify'];
    case 'setup':
      if (details.authenticator) return ['/totp/verify-enrollment'];
      return details.authority === 'log_in' ? [] : ['/totp/enroll'];
    case 'backupCodes':
      return details.codes ? ['/backup-codes/saved'] : [];
    case 'security':
      if (!details.enrolled || details.authority === 'log_in') return [];
      return ['/totp/regenerate-backup-codes', '/totp/disable'];
    case 'problem':
      return [];
  }
}

/** What a form of the page sends beside the token and the way. */
function fieldsOf({ page, details }: AnyPageState): [name: string, value: string][] {
  const code: [string, string] = ['code', ''];
  const password: [string, string] = ['password', ''];
  switch (page) {
    case 'challenge':
      return details.method === 'totp' ? [code] : [['is_backup_code', 'true'], code];
    case 'setup':
      if (details.authenticator) return [code];
      return details.authority === 'password' ? [password] : [];
    case 'backupCodes':
      return [['saved', 'yes']];
    case 'security':
      return [
        ...(details.authority === 'password' ? [password] : []),
        ...(details.asksForCode ? [code] : []),
      ];
    case 'problem':
      return [];
  }
}
