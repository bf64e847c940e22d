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
    sendMail({ to, subject, text, link }) {
      // Tokens do not belong in the log of a real app.
      if (NODE_ENV === 'production') throw new Error('Hand the mail to a mail server here.');
      console.log(`\nA mail to ${to}: ${subject}\n  ${text}`);
      if (link !== undefined) console.log(`  ${url}${link}`);
    },
  });
  if (NODE_ENV !== 'production') await users.register(demo.email, demo.password);

  const url = await listen(createServer(app));
  console.log(`Users, sessions and second steps are kept in ${databases.where}.`);
  console.log(`
Open ${url} and log in as ${demo.email}, password "${demo.password}".
examples/README.md says what to try, and has the same with curl. Mails of the app are printed here.`);
});
