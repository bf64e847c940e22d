import { expect, test } from '@jest/globals';
import { enrol } from 'express-mfa/testing';
import request from 'supertest';
import { createApp } from '../../../examples/two-realms/app.ts';
import { exampleOptions, password } from './example-options.ts';

const email = 'alice@example.com';

async function start() {
  const options = exampleOptions();
  const { app, customers, admins } = createApp(options);
  const [customer, admin] = [
    await customers.users.register(email, password),
    await admins.users.register(email, password),
  ];
  expect([customer?.id, admin?.id]).toEqual(['1', '1']);
  return { ...options, customers, admins, browser: () => request.agent(app) };
}

test('a customer may do without a second step, an admin may not', async () => {
  const { browser } = await start();
  const customer = browser();
  expect((await customer.post('/shop/login').send({ email, password })).body.status).toBe('complete');
  expect((await customer.get('/shop/orders')).body).toEqual({ customer: '1' });

  const admin = browser();
  expect((await admin.post('/admin/login').send({ email, password })).body.status).toBe('complete');
  const refused = await admin.get('/admin/customers');
  expect([refused.status, refused.body.error_type]).toEqual([403, 'MFA_ENROLLMENT_REQUIRED']);
});

test('what customer 1 has stored and proven is nothing to admin 1', async () => {
  const { browser, clock, customers, admins } = await start();
  const ofCustomer = await enrol(customers.mfa, '1', { now: clock.now });
  expect(await admins.mfa.service.status('1')).toMatchObject({ enrolled: false });
  const ofAdmin = await enrol(admins.mfa, '1', { now: clock.now });

  const visitor = browser();
  await visitor.post('/shop/login').send({ email, password });
  // The login that is pending is the customer's: the admin's codes and routes know nothing of it.
  const elsewhere = await visitor.post('/admin/mfa/totp/verify').send({ code: ofAdmin.code() });
  expect(elsewhere.body.error_type).toBe('NO_PENDING_LOGIN');
  const wrong = await visitor.post('/shop/mfa/totp/verify').send({ code: ofAdmin.backupCodes[0] });
  expect(wrong.body.error_type).toBe('INVALID_CODE');
  const right = await visitor.post('/shop/mfa/totp/verify').send({ code: ofCustomer.code() });
  expect(right.body.data).toMatchObject({ user_id: '1', method: 'totp' });

  expect((await visitor.get('/shop/orders')).body).toEqual({ customer: '1' });
  expect((await visitor.get('/admin/customers')).body.error_type).toBe('UNAUTHENTICATED');
});
