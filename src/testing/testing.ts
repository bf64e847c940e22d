export { type StoreContract, testMfaStore } from './store-contract.ts';
export { enrol, type TestAuthenticator } from './test-authenticator.ts';
