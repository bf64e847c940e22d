export { testMfaStore } from './store-contract.ts';
export type { StoreContract } from './store-contract-input.ts';
export { enrol, type TestAuthenticator } from './test-authenticator.ts';
