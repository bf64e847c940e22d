import { expect } from '@jest/globals';
import { type AnyPageState, documentOf, nameOf, pageStates } from './page-states.ts';
import { type Element, elementsOf, readHtml } from './read-html.ts';

/** A page in one of its states, read. */
export interface ReadPage {
  readonly state: AnyPageState;
  readonly elements: readonly Element[];
  /** The element with an id; a test that asks for one that is not there fails. */
  byId(id: string): Element;
}

const pages = pageStates.map(readPage);

/** Asserts that `find` finds nothing wrong on any page, and tells which pages are wrong where it does. */
export function expectOnNoPage(find: (page: ReadPage) => readonly (Element | string)[]): void {
  const wrong = pages.flatMap((page) => {
    const found = find(page);
    return found.length > 0 ? [{ page: nameOf(page.state), found: found.map(inShort) }] : [];
  });
  // A few tell what is wrong with all.
  expect({ count: wrong.length, some: wrong.slice(0, 5) }).toEqual({ count: 0, some: [] });
}

/** The value of an attribute; undefined where it is not there. */
export function attributeOf(name: string): (element: Element) => string | undefined {
  return ({ attributes }) => attributes.get(name);
}

/** Whether an attribute has a value, or is there at all. */
export function having(name: string, value?: string): (element: Element) => boolean {
  return ({ attributes }) => (value === undefined ? attributes.has(name) : attributes.get(name) === value);
}

/** The fields of a page, or of one form, that somebody sees. */
export function visibleFields(elements: readonly Element[]): Element[] {
  return elements.filter(({ name, attributes }) => name === 'input' && attributes.get('type') !== 'hidden');
}

/** The ids of what describes an element. */
export function idsDescribing({ attributes }: Element): string[] {
  return attributes.get('aria-describedby')?.split(' ') ?? [];
}

function readPage(state: AnyPageState): ReadPage {
  const elements = elementsOf(readHtml(documentOf(state)));
  return {
    state,
    elements,
    byId(id) {
      const element = elements.find(having('id', id));
      if (!element) throw new Error(`Nothing has the id ${id} on the page ${nameOf(state)}.`);
      return element;
    },
  };
}

function inShort(found: Element | string): string {
  if (typeof found === 'string') return found;
  return [found.name, ...[...found.attributes].map(([name, value]) => `${name}="${value}"`)].join(' ');
}
