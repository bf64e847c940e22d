/** Documents by their `_id`. */
export type Documents = Map<string, Record<string, unknown>>;
type Fields = Record<string, unknown>;

/** The ten thousand that a cursor gives at once are more than the contract stores. */
const cursorOf = (firstBatch: Fields[]) => ({
  ok: 1,
  cursor: { id: 0n, ns: 'test.mfa_accounts', firstBatch },
});

const hello = {
  ok: 1,
  isWritablePrimary: true,
  setName: 'rs',
  minWireVersion: 0,
  maxWireVersion: 25,
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  logicalSessionTimeoutMinutes: 30,
  localTime: new Date(0),
};

/** Does a command at once and whole, as the manual has it, and gives the server's answer. */
export function answerCommand(command: Fields, documents: Documents): Fields {
  if ('hello' in command) return hello;
  if ('insert' in command) return insert(only(command.documents), documents);
  if ('update' in command) return update(only(command.updates), documents);
  if ('delete' in command) return remove(only(command.deletes), documents);
  if ('find' in command) return find(command, documents);
  return { ok: 1 };
}

function insert(document: Fields, documents: Documents): Fields {
  const id = String(document._id);
  if (documents.has(id)) {
    const errmsg = `E11000 duplicate key error collection: test.mfa_accounts index: _id_ dup key: { _id: "${id}" }`;
    return { ok: 1, n: 0, writeErrors: [{ index: 0, code: 11000, keyPattern: { _id: 1 }, errmsg }] };
  }
  documents.set(id, document);
  return { ok: 1, n: 1 };
}

function update({ q, u, multi, upsert }: Fields, documents: Documents): Fields {
  if (multi || upsert || !isFields(u) || !isFields(u.$set) || Object.keys(u).length > 1)
    throw new Error('This stand-in knows $set in one document only.');
  const found = matching(q, documents)[0];
  if (!found) return { ok: 1, n: 0, nModified: 0 };
  const changed = Object.entries(u.$set).some(([name, value]) => found[name] !== value);
  Object.assign(found, u.$set);
  return { ok: 1, n: 1, nModified: changed ? 1 : 0 };
}

function remove({ q }: Fields, documents: Documents): Fields {
  const found = matching(q, documents)[0];
  if (found) documents.delete(String(found._id));
  return { ok: 1, n: found ? 1 : 0 };
}

function find({ filter, projection, sort }: Fields, documents: Documents): Fields {
  let found = matching(filter, documents);
  if (sort !== undefined) found = found.toSorted((a, b) => (String(a._id) < String(b._id) ? -1 : 1));
  return cursorOf(projection === undefined ? found : found.map(({ _id }) => ({ _id })));
}

/** Every condition is equality, to the letter. */
function matching(filter: unknown, documents: Documents): Fields[] {
  if (!isFields(filter)) throw new Error('A command came without its filter.');
  const conditions = Object.entries(filter);
  const candidates = typeof filter._id === 'string' ? [documents.get(filter._id)] : documents.values();
  return [...candidates].filter(
    (document): document is Fields =>
      document !== undefined && conditions.every(([name, value]) => document[name] === value),
  );
}

function only(list: unknown): Fields {
  if (!Array.isArray(list) || list.length !== 1 || !isFields(list[0]))
    throw new Error('This stand-in takes one document a command.');
  return list[0];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
