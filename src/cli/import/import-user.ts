import { isMfaError } from '../../errors.ts';
import type { FlowSettings } from '../../flows/flow.ts';
import { createService, type MfaService } from '../../service.ts';
import type { MfaStore } from '../../stores/store.ts';
import type { Fields } from '../import-presets.ts';
import type { UserToImport } from './read-user.ts';

/** What became of one user; `imported` is what would be, in a dry run. */
export type Outcome = 'imported' | 'already_there' | { readonly refused: string };

/** Imports users into one store. */
export type ImportUser = (user: UserToImport) => Promise<Outcome>;

interface Target {
  readonly service: MfaService;
  readonly settings: FlowSettings;
  readonly fields: Fields;
  readonly dryRun: boolean;
}

const nothing = async () => undefined;
/** Everything that is written to it is written nowhere. */
const nowhere: MfaStore = { get: nothing, put: async () => true, delete: nothing };

/** The whole of a user is checked before anything of it is written. */
export function createImporter({ service, settings, fields, dryRun }: Target): ImportUser {
  // The library's own rules, tried out where nothing is at stake.
  const rehearsal = createService({ ...settings, store: nowhere });

  async function complaint({ user, secret, codes }: UserToImport): Promise<string | undefined> {
    const { encoding } = fields;
    const taken = await isTaken(() => rehearsal.importTotp(user, secret, { encoding }));
    if (!taken) {
      const size = `of ${secret.length} characters`;
      return `its secret ${size} is not ${encoding}, or is shorter than the 16 bytes that RFC 4226 asks for`;
    }
    if (codes.length === 0 || (await isTaken(() => rehearsal.importBackupCodes(user, codes))))
      return undefined;
    return 'its backup codes are not up to 32 of 6 to 40 printable characters each';
  }

  return async (user) => {
    const refused = await complaint(user);
    if (refused !== undefined) return { refused };
    try {
      return dryRun ? await lookUp(service, user) : await write(service, user, fields);
    } catch (error) {
      if (isMfaError(error) && /^(?:account|secret)_unreadable$/.test(error.code))
        return { refused: 'the store has an account of this user that cannot be read: reset it first' };
      throw error;
    }
  };
}

async function lookUp(service: MfaService, { user }: UserToImport): Promise<Outcome> {
  return (await service.status(user)).enrolled ? 'already_there' : 'imported';
}

async function write(
  service: MfaService,
  { user, secret, codes }: UserToImport,
  { encoding }: Fields,
): Promise<Outcome> {
  const totp = await service.importTotp(user, secret, { encoding });
  // Also where the authenticator is there already: a run that was ended between the two left them out.
  const ofCodes = codes.length > 0 ? await service.importBackupCodes(user, codes) : undefined;
  return totp.ok || ofCodes?.ok ? 'imported' : 'already_there';
}

async function isTaken(attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
