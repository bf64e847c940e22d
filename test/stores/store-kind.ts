/** The databases that the tests of the whole library can run on. */
const storeKinds = ['redis', 'postgres', 'mariadb', 'sqlite'] as const;
export type StoreKind = (typeof storeKinds)[number];

/** On which database the accounts of this run are: `MFA_STORE=postgres npm test`. */
export function storeKindOfRun(): StoreKind {
  const named = process.env.MFA_STORE ?? 'redis';
  const kind = storeKinds.find((known) => known === named);
  if (kind) return kind;
  throw new Error(`MFA_STORE is one of ${storeKinds.join(', ')}, and not ${named}.`);
}
