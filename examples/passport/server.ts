import { createServer } from 'node:http';
import { memoryDatabases } from '../basic/databases.ts';
import { listen, start } from '../basic/listen.ts';
import { readSecrets } from '../basic/secrets.ts';
import { createApp } from './app.ts';
import type { Provider } from './provider-strategy.ts';

const demo = { email: 'demo@example.com', password: 'correct horse' };

/** Its login page is our own callback: everybody who asks is its one user. */
const provider: Provider = {
  loginUrl: (state) => `/login/provider?code=anything&state=${state}`,
  exchange: async () => ({ subject: '42', email: 'somebody@provider.example' }),
};

await start(async () => {
  const secrets = readSecrets(process.env, console.log);
  const { app, users } = createApp({ databases: memoryDatabases(), secrets, provider });
  await users.register(demo.email, demo.password);

  const url = await listen(createServer(app));
  console.log(`Open ${url} and log in as ${demo.email}, password "${demo.password}", or by the other site.`);
  console.log(
    'For programs: POST /login takes email, password and remember (true or false); GET /login/provider',
  );
  console.log('is the other way in. Then /account and /mfa/totp/... as in examples/README.md.');
});
