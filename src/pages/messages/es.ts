import type { Messages } from './en.ts';

/** Spanish. */
export const es: Messages = {
  direction: 'ltr',

  challengeTitle: 'Verificación en dos pasos',
  stepUpTitle: 'Confirma que eres tú',
  totpPrompt: 'Abre tu app de autenticación e introduce el código que aparece.',
  totpLabel: 'Código',
  totpHint: 'Seis dígitos. Los espacios no importan.',
  backupCodePrompt: 'Introduce uno de tus códigos de respaldo. Cada uno funciona una sola vez.',
  backupCodeLabel: 'Código de respaldo',
  backupCodeHint: '16 letras y dígitos. Los espacios, los guiones y las mayúsculas no importan.',
  verify: 'Continuar',
  useBackupCode: 'Usar un código de respaldo',
  useAuthenticator: 'Usar la app de autenticación',
  cancelLogin: 'Iniciar sesión con otra cuenta',

  setupTitle: 'Configurar la verificación en dos pasos',
  setupIntro:
    'Con la verificación en dos pasos, tu contraseña por sí sola no basta para acceder a tu cuenta. Para iniciar sesión, también hace falta un código que muestra una app de autenticación en tu teléfono.',
  setupReplaces:
    'La nueva app de autenticación sustituye a la que perdiste, y recibirás nuevos códigos de respaldo.',
  passwordLabel: 'Tu contraseña',
  setupBegin: 'Comenzar',
  scanHeading: 'Escanea el código QR',
  scanPrompt: 'Abre tu app de autenticación, añade una cuenta y escanea este código:',
  qrCodeLabel: 'Código QR para tu app de autenticación',
  secretPrompt: 'Si no puedes escanearlo, introduce esta clave en la app:',
  secretLabel: 'Clave',
  secretHint: 'Si la app pide el tipo de clave, elige el basado en el tiempo.',
  issuerLabel: 'Nombre del servicio en la app',
  accountLabel: 'Nombre de la cuenta en la app',
  confirmHeading: 'Introduce el primer código',
  confirmPrompt:
    'La verificación en dos pasos se activará en cuanto introduzcas un primer código correcto de la app.',
  confirm: 'Activar la verificación en dos pasos',
  copy: 'Copiar',
  copied: 'Copiado',

  backupCodesTitle: 'Tus códigos de respaldo',
  backupCodesIntro:
    'Si pierdes el teléfono, cada uno de estos códigos puede sustituir una vez a la app de autenticación. Guárdalos donde puedas encontrarlos sin el teléfono. Solo se muestran ahora.',
  print: 'Imprimir',
  download: 'Descargar como texto',
  savedLabel: 'He guardado estos códigos',
  savedMissing: 'Guarda los códigos y luego marca esta casilla.',
  finish: 'Continuar',
  backupCodesGoneTitle: 'Estos códigos no se vuelven a mostrar',
  backupCodesGone:
    'Los códigos de respaldo se muestran una sola vez, justo después de generarse. Si no los has guardado, genera otros nuevos.',
  backupCodesFile: 'Códigos de respaldo de {issuer}',

  securityTitle: 'Gestionar la verificación en dos pasos',
  securityOff: 'La verificación en dos pasos está desactivada. Basta tu contraseña para acceder a tu cuenta.',
  securitySetUp: 'Configurar',
  securityOn: 'La verificación en dos pasos está activada.',
  authenticator: 'App de autenticación',
  authenticatorOn: 'Activada',
  authenticatorLocked:
    'Bloqueada por demasiados códigos incorrectos. Inicia sesión con un código de respaldo para desbloquearla.',
  backupCodesLeft: 'Códigos de respaldo restantes',
  backupCodesLow: 'Te quedan pocos códigos de respaldo. Genera otros nuevos antes de que los necesites.',
  backupCodesUnsaved:
    'Aún no has guardado tus nuevos códigos de respaldo. Solo se muestran durante diez minutos.',
  replaceAuthenticator: 'Configurar una nueva app de autenticación',
  regenerate: 'Generar nuevos códigos de respaldo',
  regenerateHint: 'Tus códigos de respaldo actuales dejarán de funcionar.',
  disable: 'Desactivar la verificación en dos pasos',
  disableHint:
    'Después, bastará tu contraseña para acceder a tu cuenta y se eliminarán tus códigos de respaldo.',
  anyCodeLabel: 'Código de la app de autenticación o código de respaldo',
  toSecurity: 'Gestionar la verificación en dos pasos',
  toHome: 'Volver a {issuer}',
  toLogin: 'Iniciar sesión',

  codeMalformed: 'El código tiene seis dígitos.',
  backupCodeMalformed: 'Un código de respaldo tiene 16 letras y dígitos.',
  anyCodeMalformed: 'Un código tiene seis dígitos; un código de respaldo, 16 letras y dígitos.',
  codeWrong: 'Este código no es correcto o ya se ha usado. Espera al siguiente.',
  backupCodeWrong: 'Este código de respaldo no es correcto o ya se ha usado.',
  anyCodeWrong: 'Este código no es correcto o ya se ha usado.',
  codeMissing: 'Introduce un código.',
  passwordWrong: 'Falta la contraseña o no es correcta.',
  tooManyAttempts: 'Demasiados intentos. Vuelve a intentarlo {when}.',
  tooManyAttemptsButBackupCode: 'Puedes usar un código de respaldo sin esperar.',
  waitOver: 'Ya puedes volver a intentarlo.',
  formExpired: 'Esta página había caducado, así que no se ha hecho ningún cambio. Vuelve a intentarlo.',
  requestUnreadable: 'No se han podido leer los datos enviados. Vuelve a intentarlo.',
  setupEnded: 'Esta configuración ha terminado. Vuelve a empezar.',
  alreadySetUp: 'La verificación en dos pasos ya está configurada.',
  notSetUp: 'La verificación en dos pasos no está configurada.',
  logInAgain: 'Para continuar, vuelve a iniciar sesión.',

  loginEndedTitle: 'Vuelve a iniciar sesión',
  loginEnded:
    'No hay ningún inicio de sesión pendiente de verificación. Ha terminado o se ha completado en otra pestaña.',
  problemTitle: 'No ha funcionado',
  unavailable:
    'La verificación en dos pasos no está disponible en este momento. Vuelve a intentarlo dentro de un minuto.',
  internal: 'Se ha producido un error. Vuelve a intentarlo.',
  crossSite: 'Esta solicitud procedía de otro sitio, así que no se ha hecho ningún cambio.',
  nothingHere: 'No hay ninguna página en esta dirección.',
  tryAgain: 'Volver a intentarlo',
};
