import type { Messages } from './en.ts';

/** German. */
export const de: Messages = {
  direction: 'ltr',

  challengeTitle: 'Bestätigung in zwei Schritten',
  stepUpTitle: 'Bestätigen Sie, dass Sie es sind',
  totpPrompt: 'Öffnen Sie Ihre Authenticator-App und geben Sie den angezeigten Code ein.',
  totpLabel: 'Code',
  totpHint: 'Sechs Ziffern. Leerzeichen spielen keine Rolle.',
  backupCodePrompt: 'Geben Sie einen Ihrer Backup-Codes ein. Jeder Backup-Code funktioniert nur einmal.',
  backupCodeLabel: 'Backup-Code',
  backupCodeHint:
    '16 Buchstaben und Ziffern. Leerzeichen, Bindestriche und Großschreibung spielen keine Rolle.',
  verify: 'Weiter',
  useBackupCode: 'Stattdessen Backup-Code verwenden',
  useAuthenticator: 'Stattdessen Authenticator-App verwenden',
  cancelLogin: 'Mit einem anderen Konto anmelden',

  setupTitle: 'Bestätigung in zwei Schritten einrichten',
  setupIntro:
    'Mit der Bestätigung in zwei Schritten reicht Ihr Passwort allein nicht mehr aus, um sich in Ihrem Konto anzumelden. Dafür ist zusätzlich ein Code nötig, den eine Authenticator-App auf Ihrem Smartphone anzeigt.',
  setupReplaces: 'Die neue Authenticator-App ersetzt die verlorene, und Sie erhalten neue Backup-Codes.',
  passwordLabel: 'Ihr Passwort',
  setupBegin: 'Einrichtung starten',
  scanHeading: 'QR-Code scannen',
  scanPrompt: 'Öffnen Sie Ihre Authenticator-App, fügen Sie ein Konto hinzu und scannen Sie diesen Code:',
  qrCodeLabel: 'QR-Code für Ihre Authenticator-App',
  secretPrompt: 'Wenn Sie ihn nicht scannen können, geben Sie in der App diesen Schlüssel ein:',
  secretLabel: 'Schlüssel',
  secretHint: 'Falls die App nach der Art des Schlüssels fragt, wählen Sie die zeitbasierte.',
  issuerLabel: 'Name des Dienstes in der App',
  accountLabel: 'Name des Kontos in der App',
  confirmHeading: 'Ersten Code eingeben',
  confirmPrompt: 'Sobald der erste Code aus der App stimmt, ist die Bestätigung in zwei Schritten aktiviert.',
  confirm: 'Bestätigung in zwei Schritten aktivieren',
  copy: 'Kopieren',
  copied: 'Kopiert',

  backupCodesTitle: 'Ihre Backup-Codes',
  backupCodesIntro:
    'Falls Sie Ihr Smartphone verlieren, ersetzt jeder dieser Codes einmal die Authenticator-App. Bewahren Sie sie so auf, dass Sie auch ohne Ihr Smartphone darauf zugreifen können. Die Codes werden nur jetzt angezeigt.',
  print: 'Drucken',
  download: 'Als Text herunterladen',
  savedLabel: 'Ich habe diese Codes gespeichert',
  savedMissing: 'Speichern Sie die Codes und setzen Sie dann dieses Häkchen.',
  finish: 'Weiter',
  backupCodesGoneTitle: 'Diese Codes werden nicht noch einmal angezeigt',
  backupCodesGone:
    'Backup-Codes werden nur einmal angezeigt, direkt nachdem sie erstellt wurden. Falls Sie sie nicht gespeichert haben, erstellen Sie neue.',
  backupCodesFile: 'Backup-Codes für {issuer}',

  securityTitle: 'Bestätigung in zwei Schritten verwalten',
  securityOff:
    'Die Bestätigung in zwei Schritten ist deaktiviert. Für die Anmeldung in Ihrem Konto reicht das Passwort allein aus.',
  securitySetUp: 'Jetzt einrichten',
  securityOn: 'Die Bestätigung in zwei Schritten ist aktiviert.',
  authenticator: 'Authenticator-App',
  authenticatorOn: 'Aktiviert',
  authenticatorLocked:
    'Nach zu vielen falschen Codes gesperrt. Melden Sie sich mit einem Backup-Code an, um die Sperre aufzuheben.',
  backupCodesLeft: 'Verbleibende Backup-Codes',
  backupCodesLow: 'Es sind nur noch wenige Backup-Codes übrig. Erstellen Sie rechtzeitig neue.',
  backupCodesUnsaved:
    'Ihre neuen Backup-Codes sind noch nicht gespeichert. Sie werden nur zehn Minuten lang angezeigt.',
  replaceAuthenticator: 'Neue Authenticator-App einrichten',
  regenerate: 'Neue Backup-Codes erstellen',
  regenerateHint: 'Ihre bisherigen Backup-Codes funktionieren dann nicht mehr.',
  disable: 'Bestätigung in zwei Schritten deaktivieren',
  disableHint:
    'Danach reicht für die Anmeldung in Ihrem Konto das Passwort allein aus, und Ihre Backup-Codes werden gelöscht.',
  anyCodeLabel: 'Code aus der Authenticator-App oder Backup-Code',
  toSecurity: 'Bestätigung in zwei Schritten verwalten',
  toHome: 'Zurück zu {issuer}',
  toLogin: 'Anmelden',

  codeMalformed: 'Der Code besteht aus sechs Ziffern.',
  backupCodeMalformed: 'Ein Backup-Code besteht aus 16 Buchstaben und Ziffern.',
  anyCodeMalformed: 'Ein Code besteht aus sechs Ziffern, ein Backup-Code aus 16 Buchstaben und Ziffern.',
  codeWrong: 'Dieser Code ist falsch oder wurde bereits verwendet. Warten Sie auf den nächsten.',
  backupCodeWrong: 'Dieser Backup-Code ist falsch oder wurde bereits verwendet.',
  anyCodeWrong: 'Dieser Code ist falsch oder wurde bereits verwendet.',
  codeMissing: 'Geben Sie einen Code ein.',
  passwordWrong: 'Das Passwort fehlt oder ist falsch.',
  tooManyAttempts: 'Zu viele Versuche. Bitte versuchen Sie es {when} noch einmal.',
  tooManyAttemptsButBackupCode: 'Mit einem Backup-Code geht es auch jetzt schon.',
  waitOver: 'Sie können es jetzt noch einmal versuchen.',
  formExpired:
    'Diese Seite war nicht mehr aktuell, deshalb wurde nichts geändert. Bitte versuchen Sie es noch einmal.',
  requestUnreadable: 'Die gesendeten Daten konnten nicht gelesen werden. Bitte versuchen Sie es noch einmal.',
  setupEnded: 'Diese Einrichtung wurde beendet. Bitte beginnen Sie noch einmal von vorn.',
  alreadySetUp: 'Die Bestätigung in zwei Schritten ist bereits eingerichtet.',
  notSetUp: 'Die Bestätigung in zwei Schritten ist nicht eingerichtet.',
  logInAgain: 'Bitte melden Sie sich dafür noch einmal an.',

  loginEndedTitle: 'Bitte melden Sie sich noch einmal an',
  loginEnded: 'Ihre Anmeldung wurde beendet, oder Sie haben sie in einem anderen Tab abgeschlossen.',
  problemTitle: 'Das hat nicht funktioniert',
  unavailable:
    'Die Bestätigung in zwei Schritten ist zurzeit nicht verfügbar. Bitte versuchen Sie es in einer Minute noch einmal.',
  internal: 'Etwas ist schiefgegangen. Bitte versuchen Sie es noch einmal.',
  crossSite: 'Diese Anfrage kam von einer anderen Website, deshalb wurde nichts geändert.',
  nothingHere: 'Unter dieser Adresse gibt es keine Seite.',
  tryAgain: 'Noch einmal versuchen',
};
