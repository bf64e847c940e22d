/** An element as a browser has it: what was escaped is text again. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (Element | string)[];
}

interface OpenElement extends Element {
  readonly children: (Element | string)[];
}

const voids = ['img', 'input', 'link', 'meta'];
const closesParagraph = /^(?:p|h[1-6]|ul|ol|dl|form|details|section|header|main|div)$/;
const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

const doctype = /<!doctype html>\n?/y;
const text = /[^<>]+/y;
const closing = /<\/([a-z][a-z0-9]*)>/y;
const opening = /<([a-z][a-z0-9]*)((?: [a-zA-Z-]+(?:="[^"<>]*")?)*)(\/?)>/y;
const attribute = / ([a-zA-Z-]+)(?:="([^"]*)")?/g;

/**
 * Reads HTML by rules that allow less than browsers do: every attribute is in double quotes, every element is
 * closed by its own tag, nothing is inside what a browser would close before it, and no character of HTML stands
 * for itself.
 *
 * @throws Error where a rule is broken.
 */
export function readHtml(html: string): Element {
  const root: OpenElement = { name: '#document', attributes: new Map(), children: [] };
  const open = [root];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(html);
    at += match?.[0].length ?? 0;
    return match;
  };
  const fail = (why: string): never => {
    throw new Error(`${why} at ${JSON.stringify(html.slice(at, at + 60))}`);
  };

  take(doctype);
  while (at < html.length) {
    const parent = open.at(-1) ?? root;
    const plain = take(text);
    if (plain) {
      parent.children.push(decoded(plain[0]));
      continue;
    }
    const end = take(closing);
    if (end) {
      if (end[1] !== parent.name) fail(`</${end[1]}> where ${parent.name} is open`);
      open.pop();
      continue;
    }
    const [, name = '', attributes = '', slash] = take(opening) ?? fail('No HTML');
    const around = open.map((one) => one.name);
    if (closesParagraph.test(name) && around.includes('p')) fail(`<${name}> in a paragraph`);
    if (['a', 'button', 'form'].includes(name) && around.includes(name)) fail(`<${name}> in itself`);
    const element = { name, attributes: readAttributes(attributes), children: [] };
    parent.children.push(element);
    if (slash && !around.includes('svg')) fail(`<${name}/> outside of SVG`);
    if (!slash && !voids.includes(name)) open.push(element);
  }
  if (open.length > 1) fail(`${open.at(-1)?.name} is never closed`);
  return root;
}

/** All elements in the order of their opening tags. */
export function elementsOf(element: Element): Element[] {
  return element.children.flatMap((child) =>
    typeof child === 'string' ? [] : [child, ...elementsOf(child)],
  );
}

/** The text of an element and of all that is in it. */
export function textOf(element: Element): string {
  return element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}

function readAttributes(source: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', value = ''] of source.matchAll(attribute)) {
    if (attributes.has(name)) throw new Error(`${name} twice in ${source}`);
    attributes.set(name, decoded(value));
  }
  return attributes;
}

function decoded(source: string): string {
  return source.replace(/&(?:([a-z]+|#\d+);)?/g, (reference, name) => {
    const character = characters[name];
    if (character === undefined) throw new Error(`${reference} in ${JSON.stringify(source)}`);
    return character;
  });
}
