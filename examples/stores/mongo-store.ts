import type { MfaStore } from 'express-mfa';
import type { Collection } from 'mongodb';

interface Account {
  _id: string;
  version: string;
  data: string;
  enrolled: boolean;
  updatedAt: Date;
}

/** No read may miss a write that counted, and no write counts that a new primary may not have. */
const strictRead = { readPreference: 'primary', readConcern: 'linearizable', maxTimeMS: 1_500 } as const;
const strictWrite = { writeConcern: { w: 'majority' } } as const;

export function mongoMfaStore(accounts: Collection<Account>): MfaStore {
  return {
    async get(userId) {
      const found = await accounts.findOne({ _id: userId }, strictRead);
      return found ? { version: found.version, data: found.data } : undefined;
    },
    async put(userId, { version, data, enrolled }, expected) {
      const fields = { version, data, enrolled, updatedAt: new Date() };
      if (expected !== undefined) {
        const filter = { _id: userId, version: expected };
        return (await accounts.updateOne(filter, { $set: fields }, strictWrite)).modifiedCount === 1;
      }
      try {
        await accounts.insertOne({ _id: userId, ...fields }, strictWrite);
        return true;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 11000) return false;
        throw error;
      }
    },
    async delete(userId) {
      await accounts.deleteOne({ _id: userId }, strictWrite);
    },
    async *list() {
      const cursor = accounts.find(
        {},
        { projection: { _id: 1 }, sort: { _id: 1 }, readPreference: 'primary' },
      );
      for await (const { _id } of cursor) yield _id;
    },
  };
}
