import { Client } from 'pg';

/**
 * One statement over a connection of its own.
 *
 * @param timeout of connecting and of the answer, in ms.
 */
export async function queryPostgres(
  url: string,
  text: string,
  timeout: number,
): Promise<Record<string, unknown>[]> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: timeout,
    query_timeout: timeout,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
