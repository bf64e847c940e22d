import type { MfaStore, StoredAccount } from 'express-mfa';

export function prismaMfaStore({ mfaAccount: accounts }: Accounts): MfaStore {
  return {
    async get(userId) {
      const select = { version: true, data: true } as const;
      return (await accounts.findUnique({ where: { userId }, select })) ?? undefined;
    },
    async put(userId, { version, data, enrolled }, expected) {
      const columns = { version, data, enrolled, updatedAt: new Date() };
      if (expected !== undefined) {
        return (
          (await accounts.updateMany({ where: { userId, version: expected }, data: columns })).count === 1
        );
      }
      try {
        await accounts.create({ data: { userId, ...columns } });
        return true;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'P2002') return false;
        throw error;
      }
    },
    async delete(userId) {
      await accounts.deleteMany({ where: { userId } });
    },
    async *list() {
      for (let last = '', size = 1_000; size === 1_000; ) {
        const page = { where: { userId: { gt: last } }, orderBy: { userId: 'asc' }, take: 1_000 } as const;
        const names = (await accounts.findMany(page)).map(({ userId }) => userId);
        yield* names;
        last = names.at(-1) ?? last;
        size = names.length;
      }
    },
  };
}

type Columns = StoredAccount & { enrolled: boolean; updatedAt: Date };

/** What is used of the `PrismaClient` that `prisma generate` makes for you: hand it over as it is. */
interface Accounts {
  mfaAccount: {
    findUnique(query: {
      where: { userId: string };
      select: { version: true; data: true };
    }): PromiseLike<StoredAccount | null>;
    create(query: { data: Columns & { userId: string } }): PromiseLike<unknown>;
    updateMany(query: {
      where: { userId: string; version: string };
      data: Columns;
    }): PromiseLike<{ count: number }>;
    deleteMany(query: { where: { userId: string } }): PromiseLike<unknown>;
    findMany(query: {
      where: { userId: { gt: string } };
      orderBy: { userId: 'asc' };
      take: number;
    }): PromiseLike<{ userId: string }[]>;
  };
}
