export default async function globalTeardown(): Promise<void> {
  await Promise.all((globalThis.stopSharedServers ?? []).map((stop) => stop()));
}
