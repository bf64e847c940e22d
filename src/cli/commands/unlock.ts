import { changeAccount, changeOptions } from '../change-account.ts';
import type { Command } from '../command.ts';

export const unlock: Command = {
  usage: 'unlock USER',
  summary: 'Ends a wait of a user, and brings back an authenticator that too many wrong codes disabled.',
  options: changeOptions,
  run: (args, io) =>
    changeAccount(args, io, {
      question: (user) => `Let ${user} try codes again? Somebody has tried wrong ones.`,
      change: (service, user) => service.unlock(user),
      done: (user) => `${user} can try codes again.`,
    }),
};
