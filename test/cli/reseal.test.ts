import { beforeEach, describe, expect, test } from '@jest/globals';
import { createKeyRing } from '../../src/crypto/key-ring.ts';
import { keyOf, serviceOn } from './open-cli.ts';
import { useCli } from './use-cli.ts';

const kid = (name: string) => createKeyRing([keyOf(name)]).newest.kid;
const cli = useCli();
beforeEach(async () => {
  cli.config.keys = [keyOf('second'), keyOf('first')];
  for (let user = 0; user < 20; user++)
    await cli.service.importTotp(`user ${user}`, '7'.repeat(20), { encoding: 'text' });
});

describe('reseal', () => {
  test('seals everything with the newest key, and says that the old one can be removed', async () => {
    const before = await cli.store.get('user 7');
    expect(await cli.run(['reseal'])).toEqual({
      code: 0,
      out: [
        'Accounts: 20, resealed: 20, unreadable: 0.',
        `Key ${kid('second')}: secrets: 20, accounts with backup codes: 0; this is the newest one.`,
        `Key ${kid('first')}: secrets: 0, accounts with backup codes: 0; it can be removed, unless another realm uses it.`,
        '',
      ].join('\n'),
      err: expect.stringMatching(/^(Resealing \d+0 % \d+ of 20, \d+ resealed\n){10}$/),
    });
    expect((await cli.store.get('user 7'))?.data).not.toBe(before?.data);
    const alone = serviceOn(cli.store, { keys: [keyOf('second')] });
    expect(await alone.verify('user 7', { code: '000000' })).toMatchObject({ ok: false });
  });

  test('changes nothing the second time', async () => {
    await cli.run(['reseal']);
    const before = await cli.store.get('user 7');
    const { code, out } = await cli.run(['reseal']);
    expect([code, out.split('\n')[0]]).toEqual([0, 'Accounts: 20, resealed: 0, unreadable: 0.']);
    expect(await cli.store.get('user 7')).toEqual(before);
  });

  test('keeps a key for backup codes that were made under it', async () => {
    await cli.service.importBackupCodes('user 7', ['aBcDe-FgHiJ']);
    const { code, out } = await cli.run(['reseal']);
    expect(code).toBe(0);
    expect(out).toContain(
      `Key ${kid('first')}: secrets: 0, accounts with backup codes: 1; keep it until these users have made new backup codes.\n`,
    );
  });

  test('looks at one realm', async () => {
    cli.config.realm = 'admins';
    expect((await cli.run(['reseal'])).out).toMatch(/^Accounts of the realm admins: 0, resealed: 0/);
  });

  test('finds accounts that need a key which is not listed', async () => {
    cli.config.keys = [keyOf('second')];
    await cli.service.importBackupCodes('user 7', ['aBcDe-FgHiJ']);
    await cli.store.put('broken', { version: '1', data: 'what?', enrolled: true }, undefined);
    const before = await cli.store.get('user 7');
    const { code, out } = await cli.run(['reseal']);
    expect([code, out.split('\n')[0]]).toEqual([1, 'Accounts: 21, resealed: 0, unreadable: 21.']);
    expect(await cli.store.get('user 7')).toEqual(before);
  });

  test('names a key that only backup codes still need, and that is not listed', async () => {
    await cli.service.importBackupCodes('user 7', ['aBcDe-FgHiJ']);
    await cli.run(['reseal']);
    cli.config.keys = [keyOf('second')];
    const { code, out } = await cli.run(['reseal']);
    expect(code).toBe(0);
    expect(out).toContain(
      `Key ${kid('first')}: secrets: 0, accounts with backup codes: 1; not listed: put it back into \`keys\`, or reset these accounts.\n`,
    );
  });

  test('keeps every old key while there are accounts that cannot be read', async () => {
    await cli.store.put('broken', { version: '1', data: 'what?', enrolled: true }, undefined);
    const { code, out } = await cli.run(['reseal']);
    expect(code).toBe(1);
    expect(out).toMatch(/^Accounts: 21, resealed: 20, unreadable: 1\.$/m);
    expect(out).toContain(
      `Key ${kid('first')}: secrets: 0, accounts with backup codes: 0; keep it: an unreadable`,
    );
  });

  test('stops at Ctrl-C, says so, and goes on with the rest when it is started again', async () => {
    const stop = new AbortController();
    let writes = 0;
    cli.config.store = {
      ...cli.store,
      put: (...args: Parameters<typeof cli.store.put>) => {
        if (++writes === 3) stop.abort();
        return cli.store.put(...args);
      },
    };
    for (let user = 20; user < 200; user++)
      await cli.service.importTotp(`user ${user}`, '7'.repeat(20), { encoding: 'text' });
    const stopped = await cli.run(['reseal'], { signal: stop.signal, tty: true });
    expect(stopped.code).toBe(1);
    expect(stopped.err).toMatch(
      /\nStopped\. What was resealed stays so: start it again to go on with the rest\.\n$/,
    );
    expect(stopped.out).toContain('keep it: not every account was looked at.');
    const done = Number(/^Accounts: \d+, resealed: (\d+)/.exec(stopped.out)?.[1]);
    expect([done > 0, done < 200]).toEqual([true, true]);
    const { code, out } = await cli.run(['reseal']);
    expect([code, out.split('\n')[0]]).toEqual([0, `Accounts: 200, resealed: ${200 - done}, unreadable: 0.`]);
  });

  test('says what the store lacks', async () => {
    const { get, put, delete: remove } = cli.store;
    cli.config.store = { get, put, delete: remove };
    const { code, err } = await cli.run(['reseal']);
    expect([code, err]).toEqual([
      2,
      'express-mfa: Give the store a `list`: without it nobody can walk the accounts.\n',
    ]);
  });

  test('fails where an account cannot be written', async () => {
    const { put } = cli.store;
    cli.config.store = {
      ...cli.store,
      put: async (...args: Parameters<typeof put>) => args[0] !== 'user 7' && put(...args),
    };
    const { code, out, err } = await cli.run(['reseal']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('The account was changed by others too often in a row.');
  });
});
