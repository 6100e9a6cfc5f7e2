/** Words of the core's own pages. Everything else that people read stands in the cell. */
export const CORE_MESSAGES = {
  en: {
    confirmLogout: {
      title: 'Sign out?',
      text: 'You can sign out of every site that you signed in to in this browser, or of this one only.',
      everywhere: 'Sign out everywhere',
      stay: 'Only this site',
    },
    confirmLogoutAlone: {
      title: 'Sign out?',
      text: 'You sign out of every site that you signed in to in this browser.',
      everywhere: 'Sign out everywhere',
      stay: 'Stay signed in',
    },
    loggedOut: { title: 'You are signed out', text: 'You can close this page.' },
    error: {
      title: 'This did not work',
      text: 'Go back to the site and start again. If it happens again, tell the site this code:',
    },
  },
  ru: {
    confirmLogout: {
      title: 'Выйти?',
      text: 'Можно выйти на всех сайтах, где вы вошли в этом браузере, или только на этом.',
      everywhere: 'Выйти везде',
      stay: 'Только на этом сайте',
    },
    confirmLogoutAlone: {
      title: 'Выйти?',
      text: 'Вы выйдете на всех сайтах, где вошли в этом браузере.',
      everywhere: 'Выйти везде',
      stay: 'Остаться',
    },
    loggedOut: { title: 'Вы вышли', text: 'Эту страницу можно закрыть.' },
    error: {
      title: 'Не получилось',
      text: 'Вернитесь на сайт и начните снова. Если это повторится, сообщите сайту этот код:',
    },
  },
  ar: {
    confirmLogout: {
      title: 'هل تريد تسجيل الخروج؟',
      text: 'يمكنك تسجيل الخروج من كل المواقع التي دخلت إليها في هذا المتصفح، أو من هذا الموقع فقط.',
      everywhere: 'الخروج من كل المواقع',
      stay: 'من هذا الموقع فقط',
    },
    confirmLogoutAlone: {
      title: 'هل تريد تسجيل الخروج؟',
      text: 'ستخرج من كل المواقع التي دخلت إليها في هذا المتصفح.',
      everywhere: 'الخروج من كل المواقع',
      stay: 'البقاء مسجلًا',
    },
    loggedOut: { title: 'تم تسجيل خروجك', text: 'يمكنك إغلاق هذه الصفحة.' },
    error: {
      title: 'لم تنجح العملية',
      text: 'ارجع إلى الموقع وابدأ من جديد. إذا تكرر ذلك فأبلغ الموقع بهذا الرمز:',
    },
  },
  de: {
    confirmLogout: {
      title: 'Abmelden?',
      text: 'Sie können sich von allen Websites abmelden, bei denen Sie sich in diesem Browser angemeldet haben, oder nur von dieser.',
      everywhere: 'Überall abmelden',
      stay: 'Nur von dieser Website',
    },
    confirmLogoutAlone: {
      title: 'Abmelden?',
      text: 'Sie melden sich von allen Websites ab, bei denen Sie sich in diesem Browser angemeldet haben.',
      everywhere: 'Überall abmelden',
      stay: 'Angemeldet bleiben',
    },
    loggedOut: { title: 'Sie sind abgemeldet', text: 'Sie können diese Seite schließen.' },
    error: {
      title: 'Das hat nicht geklappt',
      text: 'Gehen Sie zurück zur Website und beginnen Sie von vorn. Wenn es wieder passiert, nennen Sie der Website diesen Code:',
    },
  },
  fr: {
    confirmLogout: {
      title: 'Se déconnecter ?',
      text: 'Vous pouvez vous déconnecter de tous les sites auxquels vous vous êtes connecté dans ce navigateur, ou de celui-ci seulement.',
      everywhere: 'Se déconnecter partout',
      stay: 'De ce site seulement',
    },
    confirmLogoutAlone: {
      title: 'Se déconnecter ?',
      text: 'Vous vous déconnectez de tous les sites auxquels vous vous êtes connecté dans ce navigateur.',
      everywhere: 'Se déconnecter partout',
      stay: 'Rester connecté',
    },
    loggedOut: { title: 'Vous êtes déconnecté', text: 'Vous pouvez fermer cette page.' },
    error: {
      title: 'Cela n’a pas fonctionné',
      text: 'Revenez au site et recommencez. Si cela se reproduit, donnez ce code au site :',
    },
  },
  es: {
    confirmLogout: {
      title: '¿Cerrar sesión?',
      text: 'Puede cerrar sesión en todos los sitios en los que la inició en este navegador, o solo en este.',
      everywhere: 'Cerrar sesión en todos',
      stay: 'Solo en este sitio',
    },
    confirmLogoutAlone: {
      title: '¿Cerrar sesión?',
      text: 'Va a cerrar sesión en todos los sitios en los que la inició en este navegador.',
      everywhere: 'Cerrar sesión en todos',
      stay: 'Seguir con la sesión abierta',
    },
    loggedOut: { title: 'Ha cerrado sesión', text: 'Puede cerrar esta página.' },
    error: {
      title: 'No ha funcionado',
      text: 'Vuelva al sitio y empiece de nuevo. Si vuelve a ocurrir, dé este código al sitio:',
    },
  },
  he: {
    confirmLogout: {
      title: 'להתנתק?',
      text: 'אפשר להתנתק מכל האתרים שאליהם נכנסת בדפדפן הזה, או רק מהאתר הזה.',
      everywhere: 'התנתקות מכל האתרים',
      stay: 'רק מהאתר הזה',
    },
    confirmLogoutAlone: {
      title: 'להתנתק?',
      text: 'ההתנתקות היא מכל האתרים שאליהם נכנסת בדפדפן הזה.',
      everywhere: 'התנתקות מכל האתרים',
      stay: 'להישאר מחובר',
    },
    loggedOut: { title: 'התנתקת', text: 'אפשר לסגור את הדף הזה.' },
    error: {
      title: 'זה לא הצליח',
      text: 'יש לחזור לאתר ולהתחיל מחדש. אם זה קורה שוב, יש למסור לאתר את הקוד הזה:',
    },
  },
} as const;

export type CoreLocale = keyof typeof CORE_MESSAGES;

/** Languages that run from right to left. */
const FROM_RIGHT: readonly CoreLocale[] = ['ar', 'he'];

export function directionOfCore(locale: CoreLocale): 'ltr' | 'rtl' {
  return FROM_RIGHT.includes(locale) ? 'rtl' : 'ltr';
}

/** The first wanted language (BCP 47) that we have; English otherwise. */
export function chooseCoreLocale(wanted: readonly string[]): CoreLocale {
  const found = wanted
    .map((tag) => tag.toLowerCase().split('-')[0] ?? '')
    .find((tag) => Object.hasOwn(CORE_MESSAGES, tag));
  return (found as CoreLocale | undefined) ?? 'en';
}
