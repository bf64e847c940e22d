import { test } from '@jest/globals';
import { memoryMfaStore } from 'express-mfa';
import { testMfaStore } from 'express-mfa/testing';

// The "database" of a memory store is the store itself.
const store = memoryMfaStore();
testMfaStore({ test, createStore: () => store });
