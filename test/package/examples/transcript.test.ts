import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningExample, startExample } from './start-example.ts';

const project = resolve(__dirname, '../../..');
const page = readFileSync(resolve(project, 'examples/README.md'), 'utf8');
const endOfStep = '--- end of step ---';

/** The commands of the page, each with what the page says they print. */
const steps = [...page.matchAll(/```bash\n([\s\S]*?)```(?:\n\n```json\n([\s\S]*?)```)?/g)].map(
  ([, commands = '', answer = '']) => ({ commands, answer }),
);

let example: RunningExample;
beforeAll(async () => {
  if (spawnSync('curl', ['--version']).error) {
    throw new Error('This test runs the commands of examples/README.md and needs curl: install it.');
  }
  const args = ['--import', 'tsx', 'examples/basic/server.ts'];
  example = await startExample({ command: process.execPath, args, cwd: project });
});
afterAll(() => example?.stop());

test('every command of examples/README.md prints what the page says', async () => {
  expect(steps.length).toBeGreaterThan(8);
  const commands = steps.map((step) => `${step.commands}\necho '${endOfStep}'\n`).join('');
  const env = { ...process.env, PORT: new URL(example.url).port };
  const { stdout, stderr } = await promisify(execFile)(
    'bash',
    ['--norc', '-euo', 'pipefail', '-c', commands],
    {
      cwd: project,
      env,
    },
  );

  const printed = stdout.split(`${endOfStep}\n`).slice(0, -1);
  expect(printed).toHaveLength(steps.length);
  for (const [number, { answer }] of steps.entries()) expect(printed[number]).toMatch(patternOf(answer));
  expect(stderr.replace(/^npm (warn|notice).*\n/gm, '')).toBe('');
  expect(example.output()).toContain('A backup code of yours was used.');
});

test('the page says how to start the example, and that script is there', () => {
  const { scripts } = JSON.parse(readFileSync(resolve(project, 'package.json'), 'utf8'));
  expect(page).toContain('npm ci && npm run example\n');
  expect(scripts.example).toContain('examples/basic/server.ts');
});

/** The text as it is, but `…` stands for whatever is different each time. */
function patternOf(text: string): RegExp {
  const literally = text.split('…').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${literally.join('[^",]+')}$`);
}
