import { expect, test } from '@jest/globals';
import { enrol } from 'express-mfa/testing';
import request from 'supertest';
import { createApp } from '../../../examples/two-realms/app.ts';
import { exampleOptions, password } from './example-options.ts';
import { Visitor } from './visitor.ts';

const email = 'alice@example.com';

async function start() {
  const options = exampleOptions();
  const { app, customers, admins } = createApp(options);
  const [customer, admin] = [
    await customers.users.register(email, password),
    await admins.users.register(email, password),
  ];
  expect([customer?.id, admin?.id]).toEqual(['1', '1']);
  return { ...options, app, customers, admins, browser: () => request.agent(app) };
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

test('in a browser each realm has its own login, its own second step and its own way back', async () => {
  const { app, clock, customers } = await start();
  const ofCustomer = await enrol(customers.mfa, '1', { now: clock.now });
  const visitor = new Visitor(app);
  await visitor.open('/');
  expect(visitor.text).toContain('href="/shop/orders"');
  await visitor.open('/shop/orders');
  expect(visitor.path).toBe('/shop/login?return_to=%2Fshop%2Forders');
  await visitor.submit('/shop/login', { email, password: 'wrong password' });
  expect([visitor.status, visitor.path]).toEqual([401, '/shop/login']);
  await visitor.submit('/shop/login', { email, password });
  expect(visitor.path).toBe('/shop/mfa/challenge');
  await visitor.submit('/shop/mfa/totp/verify', { code: ofCustomer.code() });
  expect([visitor.status, visitor.path]).toEqual([200, '/shop/orders']);

  const admin = new Visitor(app);
  await admin.open('/admin/customers');
  expect(admin.path).toBe('/admin/login?return_to=%2Fadmin%2Fcustomers');
  await admin.submit('/admin/login', { email, password });
  // There is no second step yet, and without one an admin gets nowhere.
  expect(admin.path).toBe('/admin/mfa/setup?return_to=%2Fadmin%2Fcustomers');
});
