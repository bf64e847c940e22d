import { afterEach, beforeEach } from '@jest/globals';
import { type Cli, openCli } from './open-cli.ts';

/** The tool for the tests of a file: each of them finds another one, in an empty directory. */
export function useCli(): Cli {
  let opened: Cli | undefined;
  beforeEach(async () => {
    opened = await openCli();
  });
  afterEach(() => opened?.close());
  function present(): Cli {
    if (!opened) throw new Error('The tool is there within a test only.');
    return opened;
  }
  return {
    get directory() {
      return present().directory;
    },
    get store() {
      return present().store;
    },
    get config() {
      return present().config;
    },
    get service() {
      return present().service;
    },
    accounts: () => present().accounts(),
    write: (name, text) => present().write(name, text),
    run: (args, surroundings) => present().run(args, surroundings),
    close: () => present().close(),
  };
}
