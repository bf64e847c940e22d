import { memoryMfaStore } from 'express-mfa';
import { testStore } from './test-store.ts';

// The "database" of a memory store is the store itself.
const store = memoryMfaStore();
testStore(() => store);
