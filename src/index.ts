export type { Method } from './account/factor.ts';
export { createMfaRouter, type MfaRouter } from './create-mfa-router.ts';
export type { ErrorType } from './error-types.ts';
export { MfaConfigError, MfaError, type MfaErrorCode } from './errors.ts';
export type {
  EventBase,
  EventSource,
  FailureReason,
  MfaEvent,
  MfaEventName,
  MfaEvents,
  Occasion,
} from './events.ts';
export type { Disabled } from './flows/disable.ts';
export type { EnrollmentFinished } from './flows/finish-enrollment.ts';
export type { Imported, SecretEncoding } from './flows/import-totp.ts';
export type { KeyUse } from './flows/key-use.ts';
export type { Refusal, RefusalType } from './flows/refusal.ts';
export type { Regenerated } from './flows/regenerate-backup-codes.ts';
export type { ResealOptions, ResealProgress, ResealReport } from './flows/reseal-all.ts';
export type { EnrollmentStarted } from './flows/start-enrollment.ts';
export type { MfaStatus } from './flows/status.ts';
export type { Verified } from './flows/verify.ts';
export type { CheckResult, GuardOptions } from './http/check.ts';
export type { Denial } from './http/denial.ts';
export type { LoginFinished, LoginRefused } from './http/finish-login.ts';
export type { LogOutOptions } from './http/log-out.ts';
export type { Layout, LocaleHook, OwnPages, PageContext } from './http/page-settings.ts';
export type { Pending } from './http/pending.ts';
export type { LogInAnswer, LoginDetails, OnDenied, SessionRenewal } from './http/settings.ts';
export type { LoginStarted, StartLoginOptions } from './http/start-login.ts';
export type { MfaOptions } from './options.ts';
export type { PageOptions } from './page-options.ts';
export { type Html, type HtmlValue, html } from './pages/html.ts';
export type { Messages } from './pages/messages/en.ts';
export type { Page } from './pages/page.ts';
export type {
  PageDetails,
  PageName,
  PageProps,
  PagePropsOf,
  Problem,
  SetupSecret,
} from './pages/page-props.ts';
export { type CodeKind, problemText } from './pages/problem-text.ts';
export type { Theme, ThemeColors } from './pages/theme.ts';
export type { By, MfaService } from './service.ts';
export { memoryMfaStore } from './stores/memory.ts';
export { type RedisMfaStoreOptions, redisMfaStore } from './stores/redis.ts';
export type { RedisCommands } from './stores/redis-commands.ts';
export type { AccountToStore, MfaStore, StoredAccount } from './stores/store.ts';
export type { UserId } from './user-id.ts';
