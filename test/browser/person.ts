import type { Page } from 'playwright-core';

/** What a person does on the pages, in the words of the page. */
export interface Person {
  readonly page: Page;
  /** The address, without the site. */
  where(): string;
  heading(): Promise<string | null>;
  signIn(user: string): Promise<void>;
  signOut(): Promise<void>;
  open(path: string): Promise<void>;
  enterCode(code: string): Promise<void>;
  press(button: string): Promise<void>;
  follow(link: string): Promise<void>;
  /** Presses the back button, and waits for nothing: a page that comes from memory tells of no load. */
  goBack(): Promise<void>;
}

export function createPerson(page: Page): Person {
  const person: Person = {
    page,
    where() {
      const { pathname, search } = new URL(page.url());
      return pathname + search;
    },
    heading: () => page.locator('h1').textContent(),
    async open(path) {
      await page.goto(path);
    },
    async signIn(user) {
      await person.open('/sign-in');
      await page.getByLabel('User').fill(user);
      await person.press('Sign in');
    },
    async signOut() {
      await person.open('/home');
      await person.press('Sign out');
    },
    async enterCode(code) {
      await page.locator('input[name=code]').fill(code);
      await page.locator('form').getByRole('button').click();
    },
    async press(button) {
      await page.getByRole('button', { name: button }).click();
    },
    async follow(link) {
      await page.getByRole('link', { name: link }).click();
    },
    async goBack() {
      await page.evaluate('history.back()');
    },
  };
  return person;
}
