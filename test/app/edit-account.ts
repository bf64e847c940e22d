import type { TestApp } from './create-test-app.ts';

/** Changes a stored account behind the library's back, as a broken migration or an intruder would. */
export async function editAccount(
  app: TestApp,
  user: string,
  // biome-ignore lint/suspicious/noExplicitAny: what a test writes is no account any more.
  edit: (account: any) => unknown,
): Promise<void> {
  const account = await app.state(user);
  const edited = edit(account) ?? account;
  const data = typeof edited === 'string' ? edited : JSON.stringify(edited);
  await app.writeRawState(user, `edited-${Math.random()}\n${data}`);
}
