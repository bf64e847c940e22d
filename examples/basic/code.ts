import { Secret, TOTP } from 'otpauth';

// What an authenticator app does: code.ts SECRET prints the code of now, with --next that of 30 s later. The
// secret may be in groups, as pages show it.
const given = process.argv.slice(2);
const secret = given.filter((part) => part !== '--next').join('');
if (!/^[a-z2-7]+=*$/i.test(secret)) {
  console.error('Give the secret in base32, and --next for the next code.');
  process.exit(1);
}
const timestamp = Date.now() + (given.includes('--next') ? 30_000 : 0);
console.log(new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp }));
