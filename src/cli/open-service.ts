import { createKeyRing } from '../crypto/key-ring.ts';
import { createEventHub } from '../events.ts';
import type { FlowSettings } from '../flows/flow.ts';
import { createService, type MfaService } from '../service.ts';
import type { Io } from './io.ts';
import { type CliConfig, loadConfig } from './load-config.ts';

/** What a command works with. */
export interface OpenService {
  readonly service: MfaService;
  readonly settings: FlowSettings;
}

/**
 * Runs a command on the service that the config module describes, and lets go of its connections afterwards.
 *
 * @throws UsageError, MfaConfigError where the config module or a key cannot be used.
 */
export async function withService<T>(
  io: Io,
  config: string | undefined,
  run: (open: OpenService) => Promise<T>,
): Promise<T> {
  const loaded = await loadConfig(io, config);
  try {
    return await run(openService(loaded));
  } finally {
    await loaded.close?.();
  }
}

/** A service without HTTP and without the app's hooks: no command needs them. */
function openService({ keys, store, realm, issuer }: CliConfig): OpenService {
  const settings: FlowSettings = {
    store,
    keyRing: createKeyRing(keys),
    realm,
    issuer,
    now: Date.now,
    events: createEventHub(console.error),
    // A command tells what failed by itself.
    reportFault: () => undefined,
    accountName: String,
    verifyPassword: undefined,
    isEnrolled: undefined,
  };
  return { service: createService(settings), settings };
}
