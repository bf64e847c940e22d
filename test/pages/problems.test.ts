import { test } from '@jest/globals';
import { elementsOf, textOf } from './read-html.ts';
import { attributeOf, expectOnNoPage, having, idsDescribing } from './read-pages.ts';

const isInvalid = having('aria-invalid', 'true');
const isAlert = having('role', 'alert');

test('What was wrong is told once, aloud', () => {
  expectOnNoPage(({ state, elements }) => {
    const alerts = elements.filter((element) => isAlert(element) && textOf(element).trim() !== '');
    return state.problem && alerts.length !== 1 ? ['alerts:', ...alerts] : [];
  });
});

test('Nothing is told where nothing was wrong', () => {
  expectOnNoPage(({ state, elements }) =>
    // The page of that name has no other purpose, and is never shown without one.
    state.problem || state.page === 'problem'
      ? []
      : elements.filter((element) => isAlert(element) || having('aria-invalid')(element)),
  );
});

test('What was wrong in a field stands below that field, and belongs to it', () => {
  expectOnNoPage(({ elements, byId }) => {
    const invalid = elements.filter(having('aria-invalid'));
    const told = invalid.map((field) => idsDescribing(field).map(byId).filter(isAlert));
    const errors = elements.filter(having('class', 'mfa-error'));
    const isRight =
      invalid.every((field) => field.name === 'input' && isInvalid(field)) &&
      told.every((alerts) => alerts.length === 1) &&
      errors.every((error) => told.flat().includes(error)) &&
      invalid.length <= 1;
    return isRight ? [] : [...invalid, ...errors];
  });
});

test('The focus is on what was wrong, and never on two things', () => {
  expectOnNoPage(({ elements }) => {
    const focused = elements.filter(having('autofocus'));
    const wrong = elements.filter((element) => isInvalid(element) || having('class', 'mfa-alert')(element));
    const isRight = focused.length <= 1 && wrong.every((element) => focused.includes(element));
    return isRight ? [] : ['focused:', ...focused, 'wrong:', ...wrong];
  });
});

test('What has the focus can have it, and nobody has to open it first', () => {
  expectOnNoPage(({ elements }) => {
    const folded = elements.filter((element) => element.name === 'details' && !having('open')(element));
    const inside = folded.flatMap(elementsOf);
    return elements.filter(
      (element) =>
        having('autofocus')(element) &&
        (!(element.name === 'input' || attributeOf('tabindex')(element) === '-1') ||
          inside.includes(element)),
    );
  });
});
