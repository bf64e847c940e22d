import type { Messages } from './en.ts';

/** French. */
export const fr: Messages = {
  direction: 'ltr',

  challengeTitle: 'Validation en deux étapes',
  stepUpTitle: 'Confirmez que c’est bien vous',
  totpPrompt: 'Ouvrez votre application d’authentification et saisissez le code affiché.',
  totpLabel: 'Code',
  totpHint: 'Six chiffres. Les espaces n’ont pas d’importance.',
  backupCodePrompt: 'Saisissez l’un de vos codes de secours. Chacun ne peut être utilisé qu’une seule fois.',
  backupCodeLabel: 'Code de secours',
  backupCodeHint: '16 lettres et chiffres. Les espaces, les tirets et les majuscules n’ont pas d’importance.',
  verify: 'Continuer',
  useBackupCode: 'Utiliser plutôt un code de secours',
  useAuthenticator: 'Utiliser plutôt l’application d’authentification',
  cancelLogin: 'Se connecter avec un autre compte',

  setupTitle: 'Configurer la validation en deux étapes',
  setupIntro:
    'Avec la validation en deux étapes, votre mot de passe ne suffit plus pour accéder à votre compte. Pour se connecter, il faut aussi un code affiché par une application d’authentification sur votre téléphone.',
  setupReplaces:
    'La nouvelle application d’authentification remplace celle que vous avez perdue, et vous recevez de nouveaux codes de secours.',
  passwordLabel: 'Votre mot de passe',
  setupBegin: 'Commencer',
  scanHeading: 'Scannez le code QR',
  scanPrompt: 'Ouvrez votre application d’authentification, ajoutez un compte et scannez ce code :',
  qrCodeLabel: 'Code QR pour votre application d’authentification',
  secretPrompt: 'Si vous ne pouvez pas le scanner, saisissez cette clé dans l’application :',
  secretLabel: 'Clé',
  secretHint: 'Si l’application demande le type de clé, choisissez celui qui est basé sur le temps.',
  issuerLabel: 'Nom du service dans l’application',
  accountLabel: 'Nom du compte dans l’application',
  confirmHeading: 'Saisissez le premier code',
  confirmPrompt:
    'La validation en deux étapes sera activée dès que vous aurez saisi un premier code correct.',
  confirm: 'Activer la validation en deux étapes',
  copy: 'Copier',
  copied: 'Copié',

  backupCodesTitle: 'Vos codes de secours',
  backupCodesIntro:
    'Si vous perdez votre téléphone, chacun de ces codes peut remplacer une fois l’application d’authentification. Conservez-les dans un endroit accessible sans votre téléphone. Ils ne seront plus affichés par la suite.',
  print: 'Imprimer',
  download: 'Télécharger au format texte',
  savedLabel: 'J’ai enregistré ces codes',
  savedMissing: 'Enregistrez les codes, puis cochez cette case.',
  finish: 'Continuer',
  backupCodesGoneTitle: 'Ces codes ne peuvent plus être affichés',
  backupCodesGone:
    'Les codes de secours ne s’affichent qu’une seule fois, juste après leur création. Si vous ne les avez pas enregistrés, générez-en de nouveaux.',
  backupCodesFile: 'Codes de secours pour {issuer}',

  securityTitle: 'Gérer la validation en deux étapes',
  securityOff:
    'La validation en deux étapes est désactivée. Votre mot de passe suffit pour accéder à votre compte.',
  securitySetUp: 'Configurer',
  securityOn: 'La validation en deux étapes est activée.',
  authenticator: 'Application d’authentification',
  authenticatorOn: 'Activée',
  authenticatorLocked:
    'Verrouillée après un trop grand nombre de codes incorrects. Connectez-vous avec un code de secours pour la déverrouiller.',
  backupCodesLeft: 'Codes de secours restants',
  backupCodesLow: 'Il vous reste peu de codes de secours. Générez-en de nouveaux avant d’en avoir besoin.',
  backupCodesUnsaved:
    'Vos nouveaux codes de secours ne sont pas encore enregistrés. Ils ne sont affichés que pendant dix minutes.',
  replaceAuthenticator: 'Configurer une nouvelle application d’authentification',
  regenerate: 'Générer de nouveaux codes de secours',
  regenerateHint: 'Vos codes de secours actuels ne fonctionneront plus.',
  disable: 'Désactiver la validation en deux étapes',
  disableHint:
    'Votre mot de passe suffira alors pour accéder à votre compte, et vos codes de secours seront supprimés.',
  anyCodeLabel: 'Code de l’application d’authentification ou code de secours',
  toSecurity: 'Gérer la validation en deux étapes',
  toHome: 'Retour à {issuer}',
  toLogin: 'Se connecter',

  codeMalformed: 'Le code comporte six chiffres.',
  backupCodeMalformed: 'Un code de secours comporte 16 lettres et chiffres.',
  anyCodeMalformed: 'Un code comporte six chiffres, un code de secours 16 lettres et chiffres.',
  codeWrong: 'Ce code est incorrect ou a déjà été utilisé. Attendez le suivant.',
  backupCodeWrong: 'Ce code de secours est incorrect ou a déjà été utilisé.',
  anyCodeWrong: 'Ce code est incorrect ou a déjà été utilisé.',
  codeMissing: 'Saisissez un code.',
  passwordWrong: 'Le mot de passe est manquant ou incorrect.',
  tooManyAttempts: 'Trop de tentatives. Réessayez {when}.',
  tooManyAttemptsButBackupCode: 'Vous pouvez utiliser un code de secours sans attendre.',
  waitOver: 'Vous pouvez maintenant réessayer.',
  formExpired: 'Cette page avait expiré, aucune action n’a donc été effectuée. Veuillez réessayer.',
  requestUnreadable: 'Les données envoyées n’ont pas pu être lues. Veuillez réessayer.',
  setupEnded: 'Cette configuration a pris fin. Veuillez recommencer.',
  alreadySetUp: 'La validation en deux étapes est déjà configurée.',
  notSetUp: 'La validation en deux étapes n’est pas configurée.',
  logInAgain: 'Pour continuer, veuillez vous reconnecter.',

  loginEndedTitle: 'Veuillez vous reconnecter',
  loginEnded: 'Votre connexion a pris fin, ou vous l’avez terminée dans un autre onglet.',
  problemTitle: 'L’opération a échoué',
  unavailable:
    'La validation en deux étapes n’est pas disponible pour le moment. Veuillez réessayer dans une minute.',
  internal: 'Une erreur s’est produite. Veuillez réessayer.',
  crossSite: 'Cette demande provenait d’un autre site, aucune action n’a donc été effectuée.',
  nothingHere: 'Il n’y a pas de page à cette adresse.',
  tryAgain: 'Réessayer',
};
