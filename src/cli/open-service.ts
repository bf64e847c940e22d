import { createKeyRing } from '../crypto/key-ring.ts';
import { createEventHub } from '../events.ts';
import type { FlowSettings } from '../flows/flow.ts';
import { createService, type MfaService } from '../service.ts';
import { createSilences } from '../silence.ts';
import type { ExitCode } from './command.ts';
import type { Io } from './io.ts';
import type { CliConfig } from './load-config.ts';
import { withConfig } from './with-config.ts';

/** What a command works with. */
export interface OpenService {
  readonly service: MfaService;
  readonly settings: FlowSettings;
}

/**
 * Runs a command on the service that the config module describes. What the command has to say it says in `run`:
 * before the connections are closed, which may take long or fail.
 *
 * @throws UsageError where the config module cannot be used.
 */
export async function withService(
  io: Io,
  config: string | undefined,
  run: (open: OpenService) => Promise<ExitCode>,
): Promise<ExitCode> {
  return withConfig(io, config, async (loaded) => run(openService(loaded)));
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
    silences: createSilences(),
    accountName: String,
    verifyPassword: undefined,
    isEnrolled: undefined,
  };
  return { service: createService(settings), settings };
}
