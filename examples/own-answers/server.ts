import { createServer } from 'node:http';
import { memoryDatabases } from '../basic/databases.ts';
import { listen, start } from '../basic/listen.ts';
import { readSecrets } from '../basic/secrets.ts';
import { createApp } from './app.ts';
import { liveBalance } from './live-balance.ts';

const demo = { email: 'demo@example.com', password: 'correct horse' };

await start(async () => {
  const secrets = readSecrets(process.env, console.log);
  const { app, mfa, users, sessions } = createApp({ databases: memoryDatabases(), secrets });
  await users.register(demo.email, demo.password);

  const http = createServer(app);
  liveBalance(http, { mfa, sessions });
  const url = await listen(http);
  console.log(`The example listens on ${url}. The demo user is ${demo.email}, password "${demo.password}".`);
  console.log(
    'Set up an authenticator below /mfa as in examples/README.md; then /login, /code, /balance, /news,',
  );
  console.log('and for a socket.io client with the cookie the event "balance".');
});
