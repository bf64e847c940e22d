/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

// With MFA_STORE the tests of the whole library over HTTP run on that database, and only they.
const onOneStore = process.env.MFA_STORE !== undefined;
const stories = ['http', 'journeys', 'flows'].map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`);

const config: Config = {
  testEnvironment: 'node',
  testMatch: onOneStore ? stories : ['<rootDir>/test/**/*.test.ts'],
  // Far more than any takes: a crowded machine is no fault.
  testTimeout: 180_000,
  maxWorkers: 2,
  globalSetup: '<rootDir>/test/servers/global-setup.ts',
  globalTeardown: '<rootDir>/test/servers/global-teardown.ts',
  reporters: ['default', '<rootDir>/test/servers/summary-reporter.mjs'],
  moduleNameMapper: {
    '^express-mfa$': '<rootDir>/src/index.ts',
    '^express-mfa/kysely$': '<rootDir>/src/stores/kysely.ts',
    '^express-mfa/testing$': '<rootDir>/src/testing/testing.ts',
  },
  transform: {
    '^.+\\.[jt]s$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'commonjs' },
      },
    ],
  },
  // `qr` is published as ES modules only.
  transformIgnorePatterns: ['/node_modules/(?!qr/)'],
  collectCoverageFrom: ['src/**/*.ts'],
  // Not v8: it counts files that hold only types as uncovered, and sees no branch in an `if` without `else`.
  coverageProvider: 'babel',
  coverageReporters: ['text', 'lcovonly'],
  ...(onOneStore
    ? {}
    : { coverageThreshold: { global: { lines: 100, statements: 100, functions: 100, branches: 98 } } }),
};

export default config;
