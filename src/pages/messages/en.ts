/** English, and with it the list of all texts. What stands in braces is filled in. */
export const en = {
  /** The direction of the script: `ltr` or `rtl`. */
  direction: 'ltr',

  challengeTitle: 'Second step',
  stepUpTitle: 'Confirm that it is you',
  totpPrompt: 'Open your authenticator app and enter the code that it shows.',
  totpLabel: 'Code',
  totpHint: 'Six digits. Spaces do not matter.',
  backupCodePrompt: 'Enter one of your backup codes. Each of them works once.',
  backupCodeLabel: 'Backup code',
  backupCodeHint: '16 letters and digits. Spaces, hyphens and capitals do not matter.',
  verify: 'Continue',
  useBackupCode: 'Use a backup code instead',
  useAuthenticator: 'Use the authenticator app instead',
  cancelLogin: 'Log in as somebody else',

  setupTitle: 'Set up the second step',
  setupIntro:
    'With a second step, your password alone does not open your account. Whoever logs in also needs a code that an authenticator app on your phone shows.',
  setupReplaces:
    'The new authenticator app takes the place of the one you have lost, and you get new backup codes.',
  passwordLabel: 'Your password',
  setupBegin: 'Begin',
  scanHeading: 'Scan the code',
  scanPrompt: 'Open your authenticator app, add an account and scan this:',
  qrCodeLabel: 'QR code for your authenticator app',
  secretPrompt: 'If you cannot scan it, enter this key in the app:',
  secretLabel: 'Key',
  secretHint: 'If the app asks for the type, choose the one that is based on time.',
  issuerLabel: 'Name of the service in the app',
  accountLabel: 'Name of the account in the app',
  confirmHeading: 'Enter the first code',
  confirmPrompt: 'The second step is on as soon as the first code of the app is right.',
  confirm: 'Turn on the second step',
  copy: 'Copy',
  copied: 'Copied',

  backupCodesTitle: 'Your backup codes',
  backupCodesIntro:
    'Each of these codes takes the place of the authenticator app once, should your phone be lost. Keep them where you find them without your phone. They will not be shown again.',
  print: 'Print',
  download: 'Download as text',
  savedLabel: 'I have saved these codes',
  savedMissing: 'Save the codes, then tick this box.',
  finish: 'Continue',
  backupCodesGoneTitle: 'These codes are not shown again',
  backupCodesGone:
    'Backup codes are shown once, right after they were made. If you have not saved them, make new ones.',
  /** The first line of the downloaded file. */
  backupCodesFile: 'Backup codes for {issuer}',

  securityTitle: 'Your second step',
  securityOff: 'The second step is off. Your password alone opens your account.',
  securitySetUp: 'Set it up',
  securityOn: 'The second step is on.',
  authenticator: 'Authenticator app',
  authenticatorOn: 'On',
  authenticatorLocked: 'Locked after too many wrong codes. Log in with a backup code to unlock it.',
  backupCodesLeft: 'Backup codes left',
  backupCodesLow: 'Few backup codes are left. Make new ones before you need them.',
  backupCodesUnsaved: 'Your new backup codes are not saved yet. They are shown for ten minutes only.',
  replaceAuthenticator: 'Set up a new authenticator app',
  regenerate: 'Make new backup codes',
  regenerateHint: 'The backup codes that you have now stop working.',
  disable: 'Turn off the second step',
  disableHint: 'After that, your password alone opens your account, and your backup codes are gone.',
  anyCodeLabel: 'Code of the authenticator app, or a backup code',
  toSecurity: 'Manage the second step',
  toHome: 'Back to {issuer}',
  toLogin: 'Log in',

  codeMalformed: 'A code has six digits.',
  backupCodeMalformed: 'A backup code has 16 letters and digits.',
  anyCodeMalformed: 'A code has six digits, a backup code 16 letters and digits.',
  codeWrong: 'This code is not right, or was used already. Wait for the next one.',
  backupCodeWrong: 'This backup code is not right, or was used already.',
  anyCodeWrong: 'This code is not right, or was used already.',
  codeMissing: 'Enter a code.',
  passwordWrong: 'The password is missing or not right.',
  tooManyAttempts: 'Too many attempts. Try again {when}.',
  tooManyAttemptsButBackupCode: 'A backup code works even now.',
  waitOver: 'You can try again now.',
  formExpired: 'This page had expired, so nothing was done. Please try again.',
  requestUnreadable: 'What was sent could not be read. Please try again.',
  setupEnded: 'This set-up has ended. Please begin again.',
  alreadySetUp: 'The second step is set up already.',
  notSetUp: 'The second step is not set up.',
  logInAgain: 'For this, please log in again.',

  loginEndedTitle: 'Please log in again',
  loginEnded: 'Your login has ended, or you finished it in another tab.',
  problemTitle: 'That did not work',
  unavailable: 'The second step is not available at the moment. Please try again in a minute.',
  internal: 'Something went wrong. Please try again.',
  crossSite: 'This came from another site, so nothing was done.',
  nothingHere: 'There is no page at this address.',
  tryAgain: 'Try again',
} as const;

/** All texts of the pages, in one language. */
export type Messages = Readonly<Record<Exclude<keyof typeof en, 'direction'>, string>> & {
  /** The direction of the script. */
  readonly direction: 'ltr' | 'rtl';
};
