import type { RedisCommands } from 'express-mfa';
import type { KyselyPlugin } from 'kysely';

/** Lets the next command of a client fail: before it is sent, or when it was done already. */
export class FailingCommands {
  next: 'before' | 'after' | undefined;

  strike(when: 'before' | 'after'): void {
    if (this.next !== when) return;
    this.next = undefined;
    throw new Error(`This command fails, ${when} it was done.`);
  }

  redis(client: RedisCommands): RedisCommands {
    const run = async <T>(command: () => Promise<T>): Promise<T> => {
      this.strike('before');
      const answer = await command();
      this.strike('after');
      return answer;
    };
    return {
      get: (key) => run(() => client.get(key)),
      del: (key) => run(() => client.del(key)),
      eval: (script, call) => run(() => client.eval(script, call)),
      evalSha: (sha1, call) => run(() => client.evalSha(sha1, call)),
    };
  }

  readonly kysely: KyselyPlugin = {
    transformQuery: ({ node }) => {
      this.strike('before');
      return node;
    },
    transformResult: async ({ result }) => {
      this.strike('after');
      return result;
    },
  };
}
