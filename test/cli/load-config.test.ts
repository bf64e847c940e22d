import { beforeEach, describe, expect, test } from '@jest/globals';
import { keyOf, openCli } from './open-cli.ts';
import { useCli } from './use-cli.ts';

const cli = useCli();
beforeEach(async () => {
  await cli.service.importTotp('Ada', '7'.repeat(20), { encoding: 'text' });
});

/** A module that gives the config of this test in another form. */
const config = () => `globalThis[${JSON.stringify(`config of ${cli.directory}`)}]`;
const isOn = (out: string) => /^Second step: +on$/m.test(out);

describe('the config module', () => {
  test.each([
    ['the object itself', (it: string) => `module.exports = ${it};`],
    ['a promise of it', (it: string) => `module.exports = Promise.resolve(${it});`],
    ['a function that gives it', (it: string) => `module.exports = () => ${it};`],
    ['a function that promises it', (it: string) => `module.exports = async () => ${it};`],
    ['a default export', (it: string) => `export default ${it};`],
    ['what a compiler makes of one', (it: string) => `exports.__esModule = true; exports.default = ${it};`],
    ['named exports', (it: string) => `export const { keys, store } = ${it};`],
  ])('may be %s', async (_form, text) => {
    await cli.write('other.js', text(config()));
    const { code, out } = await cli.run(['status', 'Ada', '--config', 'other.js']);
    expect([code, isOn(out)]).toEqual([0, true]);
  });

  test('may be the options of the app: other members are ignored', async () => {
    Object.assign(cli.config, { issuer: 'Acme', currentUserId: () => 7, path: '/second', logIn: 1 });
    expect((await cli.run(['status', 'Ada'])).code).toBe(0);
  });

  test('is closed at the end, also where the command fails', async () => {
    const closed: string[] = [];
    cli.config.close = async () => closed.push('closed');
    expect((await cli.run(['status', 'Ada'])).code).toBe(0);
    cli.config.store = { ...cli.store, get: () => Promise.reject(new Error('gone\naway')) };
    expect(await cli.run(['status', 'Ada'])).toEqual({
      code: 1,
      out: '',
      err: 'express-mfa: The store of second-factor accounts did not answer as it should. (gone away)\n',
    });
    cli.config.keys = ['no key'];
    expect((await cli.run(['status', 'Ada'])).code).toBe(2);
    expect(closed).toHaveLength(3);
  });

  test('is told to have failed where its close fails, which hides no fault of before', async () => {
    const failed =
      'express-mfa: The command has ended, but `close` of the config module has failed: still busy\n';
    cli.config.close = () => Promise.reject(new Error('still busy'));
    const done = await cli.run(['status', 'Ada']);
    expect([done.code, isOn(done.out), done.err]).toEqual([1, true, failed]);
    cli.config.keys = ['no key'];
    const { code, err } = await cli.run(['status', 'Ada']);
    expect([code, err.split('\n').length, err.endsWith(failed)]).toEqual([2, 3, true]);
  });

  test('names the realm whose users are meant', async () => {
    cli.config.realm = 'admins';
    expect(isOn((await cli.run(['status', 'Ada'])).out)).toBe(false);
  });
});

describe('a config module is refused with a sentence', () => {
  test.each([
    ['no keys', { keys: undefined }, '`keys` is missing.'],
    ['keys that are no list', { keys: 'AAAA' }, '`keys` must be a list of keys.'],
    ['no store', { store: undefined }, '`store` is missing.'],
    [
      'a store without put',
      { store: { get() {}, delete() {} } },
      '`store` must be a store with get, put and delete.',
    ],
    ['a store that is none', { store: null }, '`store` must be a store with get, put and delete.'],
    ['a realm in capitals', { realm: 'Admins' }, '`realm` must be 1 to 32 of a-z, 0-9 and -.'],
    ['a session that is none', { session: 'session' }, '`session` must be the options of express-session.'],
    ['a close that cannot be called', { close: 'later' }, '`close` must be a function.'],
  ])('%s', async (_what, members, sentence) => {
    Object.assign(cli.config, members);
    const { code, out, err } = await cli.run(['status', 'Ada']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toBe(`express-mfa: Mend ${cli.directory}/express-mfa.config.cjs: ${sentence}\n`);
  });

  test('no key that can be one: by its place, and without the key', async () => {
    cli.config.keys = [keyOf('first'), 'c2VjcmV0'];
    const { code, err } = await cli.run(['status', 'Ada']);
    expect(code).toBe(2);
    expect(err).toContain('`keys[1]` is not 32 random bytes');
    expect(err).not.toContain('c2VjcmV0');
  });

  test.each([
    ['it gives nothing', 'module.exports = undefined;', 'it must give an object.'],
    ['it throws', "throw new Error('MFA_KEY is not set');", 'failed: MFA_KEY is not set'],
    ['it throws what is no error', "throw 'nothing';", 'failed: nothing'],
    ['it rejects', "module.exports = Promise.reject(new Error('no database'));", 'failed: no database'],
  ])('%s', async (_what, text, sentence) => {
    await cli.write('other.js', text);
    const { code, out, err } = await cli.run(['status', 'Ada', '--config', 'other.js']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^express-mfa: .*other\.js.*\n$/);
    expect(err).toContain(sentence);
  });

  test('there is none', async () => {
    const elsewhere = { ...cli, ...(await openCli()) };
    await elsewhere.close();
    const { code, err } = await elsewhere.run(['status', 'Ada']);
    expect([code, err]).toEqual([
      2,
      'express-mfa: Name a config module by --config, or write express-mfa.config.js here: there is none.\n',
    ]);
    const named = await cli.run(['status', 'Ada', '--config', 'missing.js']);
    expect([named.code, named.err]).toEqual([
      2,
      `express-mfa: There is no config module ${cli.directory}/missing.js.\n`,
    ]);
  });
});
