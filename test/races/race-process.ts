import { once } from 'node:events';
import { createMfaRouter, type MfaStore } from 'express-mfa';
import { makeBcryptCheap } from '../app/cheap-bcrypt.ts';
import { openStore } from '../stores/open-store.ts';
import { runCall } from './race-call.ts';
import { atTheWrite, goOn, type RaceReply, type RaceRequest, type RaceSettings } from './race-messages.ts';

process.once('disconnect', () => process.exit());
const [{ kind, address, key, cheapBcrypt }] = (await once(process, 'message')) as [RaceSettings];
if (cheapBcrypt) makeBcryptCheap();
const place = await openStore(kind, { name: 'races', address });
let now = 0;
let lostWrites = 0;
let meet = false;
const { service } = createMfaRouter({
  issuer: 'Acme',
  keys: [key],
  store: countingLostWrites(place.createStore()),
  currentUserId: () => undefined,
  logIn: () => undefined,
  accountName: String,
  now: () => now,
});

process.on('message', async (request: RaceRequest | typeof goOn) => {
  if (request === goOn) return;
  ({ now, meet } = request);
  lostWrites = 0;
  const outcomes = await Promise.all(request.calls.map((call) => runCall(service, call)));
  process.send?.({ outcomes, lostWrites } satisfies RaceReply);
});
process.send?.('ready');

function countingLostWrites(store: MfaStore): MfaStore {
  return {
    ...store,
    async put(...input) {
      if (meet) {
        meet = false;
        process.send?.(atTheWrite);
        await once(process, 'message');
      }
      const written = await store.put(...input);
      if (!written) lostWrites++;
      return written;
    },
  };
}
