import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { type GetPrismaClientConfig, getPrismaClient } from '@prisma/client/runtime/client';
import type { prismaMfaStore } from '../../../../examples/stores/prisma-store.ts';

type ClientWithAccounts = Parameters<typeof prismaMfaStore>[0] & { $disconnect(): Promise<void> };

/**
 * What `prisma generate` has written down of the schema in docs/stores.md. Its command line downloads a program
 * that is not needed for this, so the tests keep the outcome; the client and its engine are the real ones.
 */
export const generated: Pick<
  GetPrismaClientConfig,
  'clientVersion' | 'engineVersion' | 'inlineSchema' | 'runtimeDataModel' | 'parameterizationSchema'
> = JSON.parse(readFileSync(join(__dirname, 'prisma-generated.json'), 'utf8'));

// These two come without types.
declare const WebAssembly: { readonly Module: new (code: Uint8Array) => unknown };
const load = createRequire(__filename);
const engine = '@prisma/client/runtime/query_compiler_fast_bg.postgresql';

/** As the generated `client.ts` makes it. */
export function createPrismaClient(connectionString: string): ClientWithAccounts {
  const PrismaClient = getPrismaClient({
    ...generated,
    previewFeatures: [],
    activeProvider: 'postgresql',
    compilerWasm: {
      getRuntime: async () => load(`${engine}.js`),
      getQueryCompilerWasmModule: async () =>
        new WebAssembly.Module(Buffer.from(load(`${engine}.wasm-base64.js`).wasm, 'base64')),
      importName: './query_compiler_fast_bg.js',
    },
  });
  const client: object = new PrismaClient({ adapter: new PrismaPg({ connectionString }) });
  if (!hasAccounts(client)) throw new Error('The generated client knows no accounts.');
  return client;
}

function hasAccounts(client: object): client is ClientWithAccounts {
  return 'mfaAccount' in client;
}
