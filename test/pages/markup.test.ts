import { expect, test } from '@jest/globals';
import { secret } from './page-states.ts';
import { textOf } from './read-html.ts';
import { attributeOf, expectOnNoPage, having, idsDescribing, visibleFields } from './read-pages.ts';

test('An id is given once', () => {
  expectOnNoPage(({ elements }) => {
    const ids = elements.flatMap((element) => attributeOf('id')(element) ?? []);
    return ids.filter((id, index) => ids.indexOf(id) !== index);
  });
});

test('There is one h1, above the other headings, and no heading is empty', () => {
  expectOnNoPage(({ elements }) => {
    const headings = elements.filter(({ name }) => /^h\d$/.test(name));
    const levels = headings.map(({ name }) => name).join(' ');
    const isRight = /^h1( h2)*$/.test(levels) && headings.every((heading) => textOf(heading).trim() !== '');
    return isRight ? [] : [levels, ...headings];
  });
});

test('What leads on or is pressed says where, in text', () => {
  expectOnNoPage(({ elements }) =>
    elements.filter(
      (element) => ['a', 'button', 'summary'].includes(element.name) && textOf(element).trim() === '',
    ),
  );
});

test('Each field that is seen has one label, with text', () => {
  expectOnNoPage(({ elements }) =>
    visibleFields(elements).filter((field) => {
      const labels = elements.filter(
        (element) => element.name === 'label' && attributeOf('for')(element) === attributeOf('id')(field),
      );
      return labels.length !== 1 || labels.some((label) => textOf(label).trim() === '');
    }),
  );
});

test('Each label and each copy button belongs to something that is there', () => {
  expectOnNoPage(({ elements, byId }) => {
    for (const element of elements) {
      for (const name of ['for', 'data-mfa-copy']) {
        const id = attributeOf(name)(element);
        if (id !== undefined) byId(id);
      }
    }
    return [];
  });
});

test('What describes a field is there, and says something', () => {
  expectOnNoPage(({ elements, byId }) =>
    elements.flatMap(idsDescribing).filter((id) => textOf(byId(id)).trim() === ''),
  );
});

test('Nothing needs a policy that allows inline styles or scripts', () => {
  expectOnNoPage(({ elements }) =>
    elements.filter(
      (element) =>
        element.name === 'style' ||
        (element.name === 'script' && textOf(element) !== '') ||
        [...element.attributes.keys()].some((name) => name === 'style' || name.startsWith('on')),
    ),
  );
});

test('Everything that is loaded, followed or sent is on this site', () => {
  expectOnNoPage(({ elements }) => {
    const urls = elements.flatMap((element) =>
      ['href', 'src', 'action', 'formaction'].flatMap((name) => attributeOf(name)(element) ?? []),
    );
    return urls.filter((url) => !/^\/[a-z]/.test(url));
  });
});

test('What only works with a script is hidden without it', () => {
  expectOnNoPage(({ elements }) =>
    elements.filter((element) => having('type', 'button')(element) && !having('hidden')(element)),
  );
});

test('The secret is shown in groups of four, left to right, with nothing lost', () => {
  expectOnNoPage(({ state, elements }) => {
    const shown = elements.filter(having('id', 'mfa-secret'));
    const isExpected = state.page === 'setup' && state.details.authenticator !== undefined;
    expect(shown.length).toBe(isExpected ? 1 : 0);
    return shown.filter((element) => {
      const groups = textOf(element).split(' ');
      const isWhole = groups.join('') === secret.secret && groups.every((group) => group.length === 4);
      return !isWhole || attributeOf('dir')(element) !== 'ltr';
    });
  });
});
