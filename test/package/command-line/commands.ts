/** The commands that work on a store, how each is called here, and what it says only when it is done. */
export const commands = {
  status: { args: ['status', 'u1'], success: /Second step/ },
  reset: { args: ['reset', 'u1', '--yes'], success: /has no second step any more/ },
  unlock: { args: ['unlock', 'u1', '--yes'], success: /can try codes again/ },
  reseal: { args: ['reseal'], success: /^Accounts: 3/m },
  import: { args: ['import', 'users.jsonl'], success: /^Imported: +[1-9]/m },
  doctor: { args: ['doctor'], success: /It keeps, refuses and removes as it should/ },
} as const;

export type CommandName = keyof typeof commands;
export const commandNames: readonly CommandName[] = [
  'status',
  'reset',
  'unlock',
  'reseal',
  'import',
  'doctor',
];
