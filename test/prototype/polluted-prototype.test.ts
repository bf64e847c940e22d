import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { isDeepStrictEqual as isSame } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hotp } from '../../src/crypto/hotp.ts';
import { Browser } from '../app/browser.ts';
import { namesRead } from './names-read.ts';
import type { Pollution } from './polluted-process.ts';

let child: ChildProcess;
let exit: Promise<unknown>;
let url: string;
let who: Record<'guest' | 'pending' | 'full' | 'forgotten', Browser>;

/** A process of its own, and the four who ask it. */
async function start(): Promise<void> {
  child = fork(join(__dirname, 'polluted-process.ts'), { execArgv: ['--import', 'tsx'], silent: true });
  exit = once(child, 'exit');
  const [{ port, now }] = await once(child, 'message');
  url = `http://127.0.0.1:${port}`;
  who = {
    guest: new Browser(url),
    pending: new Browser(url),
    full: new Browser(url),
    forgotten: new Browser(url),
  };
  await who.pending.post('/early/login');
  await who.full.post('/early/login');
  const code = hotp(Buffer.from('12345678901234567890'), Math.floor(now / 30_000) + 1);
  expect((await who.full.post('/early/mfa/totp/verify', { code })).status).toBe(200);
  await who.forgotten.post('/forgetful-login');
  // What was proven is older than `/sensitive` asks for.
  await who.guest.post('/time');
}

async function stop(): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGKILL');
  await exit;
}

beforeAll(start);
afterAll(stop);

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const foreign = { ...form, Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };

/** What must stay as it is, whoever asks: a status, and whether a first step was all. */
const requests: Readonly<
  Record<string, (at: string) => Promise<{ status: number; body: { status?: unknown } }>>
> = {
  'a guest at a guard': (at) => who.guest.get(`${at}/private`),
  'a pending login at a guard': (at) => who.pending.get(`${at}/private`),
  'a pending login at the lenient guard': (at) => who.pending.get(`${at}/lenient`),
  'a user without a factor at a guard': (at) => who.forgotten.get(`${at}/private`),
  'a user without a factor at the lenient guard': (at) => who.forgotten.get(`${at}/lenient`),
  'both steps at a guard': (at) => who.full.get(`${at}/private`),
  'both steps, too long ago': (at) => who.full.get(`${at}/sensitive`),
  'both steps, for the status': (at) => who.full.get(`${at}/mfa/totp/status`),
  'a malformed code': (at) => who.pending.copy().post(`${at}/mfa/totp/verify`, { code: 'x' }),
  'a form of another site': (at) => who.pending.copy().post(`${at}/mfa/totp/verify`, 'code=123456', foreign),
  'the password alone': (at) => new Browser(url).post(`${at}/login`),
};

/** Under some names the HTTP server itself stands still. */
function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(reject, 3_000, new Error('There was no answer.'));
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

async function statuses(at: string): Promise<Record<string, string>> {
  const all = Object.entries(requests).map(async ([name, send]) => {
    const { status, body } = await inTime(send(at));
    return [name, `${status} ${body.status ?? ''}`.trim()] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}

async function pollute(pollution: Pollution | null): Promise<void> {
  const answered = once(child, 'message');
  child.send(pollution ?? {}, () => undefined);
  await Promise.race([answered, exit]);
}

/** What Node, Express and express-session make of a request without us. */
async function baseline(): Promise<unknown> {
  const { status, body } = await inTime(who.forgotten.post('/baseline', 'code=123456', foreign));
  return { status, body };
}

const special: Readonly<Record<string, unknown>> = {
  unenrolled: 'allow',
  trustedOrigins: ['https://evil.example'],
  status: 200,
  maxAge: 10 ** 12,
  enrolled: false,
  pending: false,
  methods: [],
  ok: true,
  success: true,
  outcome: 'accepted',
  verifiedAt: 10 ** 13,
  userId: 'A',
  origin: 'https://evil.example',
  'sec-fetch-site': 'same-origin',
};

/** Names that end a process that is without us: Node's sockets read two of them, the cookies of express-session two. */
const endsTheProcess = ['encoding', 'expires', 'originalMaxAge', 'signal'];
/** Names of what lies beneath us: express-session does not load a key that its sessions inherit; valibot sees faults. */
const ofOthers = ['mfa', 'issues', ...endsTheProcess];

/** Nothing opens: what was refused is, and nobody is logged in by a first step that was not all. */
function opened(before: Record<string, string>, now: Record<string, string>): string[] {
  return Object.keys(before).filter(
    (name) =>
      (/^[45]/.test(before[name] ?? '') && /^2/.test(now[name] ?? '')) || now[name]?.endsWith('complete'),
  );
}

test('whatever name is put on Object.prototype, before or after the router was made: nothing opens, and no status changes', async () => {
  await pollute(null);
  const before = { early: await statuses('/early'), late: await statuses('/late') };
  expect(before.early).toEqual(before.late);
  expect(before.early).toMatchObject({
    'a guest at a guard': '401',
    'a pending login at a guard': '401',
    'a user without a factor at a guard': '403',
    'a user without a factor at the lenient guard': '200',
    'both steps at a guard': '200',
    'both steps, too long ago': '401',
    'a form of another site': '403',
    'the password alone': '200 mfa_required',
  });

  const without = await baseline();
  const wrong: string[] = [];
  const ended = new Set<string>();
  let looked = 0;
  for (const name of namesRead()) {
    for (const enumerable of [false, true]) {
      for (const value of name in special ? ['x', special[name]] : [enumerable ? 'x' : true]) {
        await pollute({ name, value, enumerable });
        const works = !ofOthers.includes(name) && isSame(await baseline().catch(() => 'none'), without);
        const answers = (['early', 'late'] as const).map(async (at) => {
          const now = await statuses(`/${at}`)
            // On a crowded machine an answer may take long; where the host works, it comes.
            .catch((error) => (works ? statuses(`/${at}`) : Promise.reject(error)))
            .catch((): Record<string, string> => ({}));
          const differs = Object.keys(before[at]).filter(
            (request) => works && now[request] !== before[at][request],
          );
          for (const request of new Set([...opened(before[at], now), ...differs])) {
            wrong.push(`${name}: ${value} (${enumerable}) ${at}: ${request}: ${now[request]}`);
          }
          if (works) looked++;
        });
        await Promise.all(answers);
        await pollute(null);
        if (child.exitCode === null) continue;
        ended.add(name);
        await start();
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(endsTheProcess).toEqual(expect.arrayContaining([...ended]));
  expect(looked).toBeGreaterThan(2_000);
  expect(await statuses('/early')).toEqual(before.early);
}, 600_000);
