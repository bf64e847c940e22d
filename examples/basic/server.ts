import { createServer } from 'node:http';
import { createApp } from './app.ts';
import { memoryDatabases, redisDatabases } from './databases.ts';
import { listen, start } from './listen.ts';
import { connectRedis } from './redis.ts';
import { readSecrets } from './secrets.ts';

const demo = { email: 'demo@example.com', password: 'correct horse' };

await start(async () => {
  const { REDIS_URL, NODE_ENV } = process.env;
  const secrets = readSecrets(process.env, console.log);
  const databases = REDIS_URL ? redisDatabases(await connectRedis(REDIS_URL)) : memoryDatabases();
  const { app, users } = createApp({
    databases,
    secrets,
    sendMail({ to, subject, text }) {
      // Tokens do not belong in the log of a real app.
      if (NODE_ENV === 'production') throw new Error('Hand the mail to a mail server here.');
      console.log(`\nA mail to ${to}: ${subject}\n  ${text}`);
    },
  });
  if (NODE_ENV !== 'production') await users.register(demo.email, demo.password);

  const url = await listen(createServer(app));
  console.log(`Users, sessions and second steps are kept in ${databases.where}.`);
  console.log(`The example listens on ${url}. The demo user is ${demo.email}, password "${demo.password}".`);
  console.log('Next, in another terminal: the commands of examples/README.md. The first ones are');
  console.log(`
  curl -c /tmp/jar -H 'Content-Type: application/json' ${url}/login \\
    -d '${JSON.stringify(demo)}'
  curl -b /tmp/jar ${url}/account
`);
});
