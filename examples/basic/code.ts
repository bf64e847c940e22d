import { Secret, TOTP } from 'otpauth';

// What an authenticator app does: node code.ts SECRET prints the code of now, with --next that of 30 s later.
const [secret, option] = process.argv.slice(2);
if (secret === undefined || (option !== undefined && option !== '--next')) {
  console.error('Give the secret in base32, and --next for the next code.');
  process.exit(1);
}
const timestamp = Date.now() + (option === '--next' ? 30_000 : 0);
console.log(new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp }));
