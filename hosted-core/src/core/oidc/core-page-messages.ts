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
} as const;

export type CoreLocale = keyof typeof CORE_MESSAGES;

/** The first wanted language that we have; English otherwise. */
export function chooseCoreLocale(wanted: readonly string[]): CoreLocale {
  const found = wanted
    .map((tag) => tag.toLowerCase().split('-')[0] ?? '')
    .find((tag) => tag in CORE_MESSAGES);
  return (found as CoreLocale | undefined) ?? 'en';
}
