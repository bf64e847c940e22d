import type { Command } from '../command.ts';
import { readCommandLine } from '../command-line.ts';
import { checkClock } from '../doctor/check-clock.ts';
import { checkEnvironment } from '../doctor/check-environment.ts';
import { checkKeys } from '../doctor/check-keys.ts';
import { checkSession } from '../doctor/check-session.ts';
import { checkStore } from '../doctor/check-store.ts';
import type { Finding, Mark } from '../doctor/finding.ts';
import type { Io } from '../io.ts';
import { type CliConfig, configOption } from '../load-config.ts';
import { withConfig } from '../with-config.ts';

export const doctor: Command = {
  usage: 'doctor',
  summary: 'Looks at keys, clock, store, session settings and environment, and says what to mend.',
  options: [configOption],
  async run(args, io) {
    const { values } = readCommandLine(args, { options: { config: { type: 'string' } } });
    return withConfig(io, values.config, async (config) => {
      const findings = await examine(config, io.env.NODE_ENV);
      for (const { mark, about, sentence } of findings) {
        io.stdout.write(`${mark.padEnd(8)}${about.padEnd(12)}${sentence}\n`);
      }
      return conclude(findings, io);
    });
  },
};

async function examine(config: CliConfig, nodeEnv: string | undefined): Promise<Finding[]> {
  const { keys, store, realm, session, trustProxy } = config;
  let ofStore: Finding[] = [];
  const ofClock = await checkClock({ wall: Date.now, steady: () => performance.now() }, async () => {
    ofStore = await checkStore(store, realm);
  });
  return [
    ...checkKeys(keys),
    ...ofClock,
    ...ofStore,
    ...checkSession({ session, trustProxy, production: nodeEnv === 'production' }),
    ...checkEnvironment(nodeEnv),
  ];
}

function conclude(findings: readonly Finding[], { stdout }: Io): 0 | 1 {
  const count = (mark: Mark) => findings.filter((finding) => finding.mark === mark).length;
  const [errors, warnings] = [count('error'), count('warning')];
  stdout.write(`Errors: ${errors}, warnings: ${warnings}.\n`);
  return errors + warnings > 0 ? 1 : 0;
}
