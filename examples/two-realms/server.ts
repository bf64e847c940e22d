import { createServer } from 'node:http';
import { memoryDatabases } from '../basic/databases.ts';
import { listen, start } from '../basic/listen.ts';
import { readSecrets } from '../basic/secrets.ts';
import { createApp } from './app.ts';

const demo = { email: 'demo@example.com', password: 'correct horse' };

await start(async () => {
  const secrets = readSecrets(process.env, console.log);
  const { app, customers, admins } = createApp({ databases: memoryDatabases(), secrets });
  await customers.users.register(demo.email, demo.password);
  await admins.users.register(demo.email, demo.password);

  const url = await listen(createServer(app));
  console.log(
    `Open ${url}. ${demo.email}, password "${demo.password}", is a customer (/shop) and, as somebody`,
  );
  console.log('else, an admin (/admin). Both can be asked by programs, too: /shop/login, /shop/mfa/totp/...');
});
