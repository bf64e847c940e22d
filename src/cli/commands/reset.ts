import { changeAccount, changeOptions } from '../change-account.ts';
import type { Command } from '../command.ts';

export const reset: Command = {
  usage: 'reset USER',
  summary: 'Removes every factor of a user, and ends what their sessions have proven.',
  options: changeOptions,
  run: (args, io) =>
    changeAccount(args, io, {
      question: (user) => `Remove every factor of ${user}? From then on the password alone logs them in.`,
      change: (service, user) => service.reset(user),
      done: (user) => `${user} has no second step any more.`,
    }),
};
