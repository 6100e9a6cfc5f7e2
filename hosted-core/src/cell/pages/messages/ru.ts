import type { Catalogue } from './en.ts';

export const ru: Catalogue = {
  'language.label': 'Язык',
  'who.signedInAs': 'Вы вошли как {who}',
  'who.unnamed': 'вы',
  'who.notYou': 'Это не вы?',
  'value.yes': 'Да',
  'value.no': 'Нет',
  'value.missing': 'Пока ничего не хранится',

  'consent.title': 'Выберите, чем поделиться с {site}',
  'consent.asks': '{site} просит у вас данные для цели',
  'consent.always.title': 'Передаётся всегда',
  'consent.always.text':
    'Код, по которому вас узнаёт только {site} ({code}). Другие сайты получают другой код.',
  'consent.choice.title': 'Решаете вы',
  'consent.choice.hint': 'Ничего не отмечено заранее. {site} получит только то, что вы отметите.',
  'consent.purpose': 'Зачем',
  'consent.recipient': 'Кто получит',
  'consent.already': 'Вы уже делитесь этим до {date}.',
  'consent.changed': 'Формулировка цели изменилась с тех пор, как вы согласились.',
  'consent.duration.title': 'На какой срок',
  'consent.duration.once': 'Только в этот раз, до {date}',
  'consent.duration.days': {
    one: '{count} день, до {date}',
    few: '{count} дня, до {date}',
    many: '{count} дней, до {date}',
    other: '{count} дня, до {date}',
  },
  'consent.duration.untilStopped': 'Пока я не остановлю, самое позднее до {date}',
  'consent.stop':
    'Вы можете прекратить в любой момент в разделе «Мои данные». Вход будет работать по-прежнему.',
  'consent.deny': 'Продолжить, не делясь',
  'consent.allow': 'Поделиться отмеченным',

  'otherPerson.title': 'Это не вы?',
  'otherPerson.text': 'Здесь вы вошли как {who}, но в этом браузере сайтом {site} пользуется кто-то другой.',
  'otherPerson.safe': 'Ничего не передано.',
  'otherPerson.switch': 'Войти под другим именем',
  'otherPerson.back': 'Вернуться на {site}',

  'account.title': 'Мои данные',
  'account.intro': 'Что мы храним для вас, кто может это читать и как это прекратить.',
  'account.sites.count': {
    one: '{count} подключённый сайт',
    few: '{count} подключённых сайта',
    many: '{count} подключённых сайтов',
    other: '{count} подключённого сайта',
  },
  'account.readers.count': {
    one: '{count} может читать данные',
    few: '{count} могут читать данные',
    many: '{count} могут читать данные',
    other: '{count} могут читать данные',
  },
  'account.sites.title': 'Подключённые сайты',
  'account.sites.empty.title': 'Подключённых сайтов пока нет',
  'account.sites.empty.text':
    'Сайт появится здесь, когда вы войдёте на него через Userref. Вы увидите, что он может читать, и сможете прекратить это одним нажатием.',
  'account.sites.unavailable':
    'Сейчас не удаётся загрузить список сайтов. Прекратить передачу данных можно и сейчас, ниже.',
  'account.data.title': 'Что мы храним для вас',
  'account.data.text':
    'Хранится в зашифрованном виде в регионе {region}. Сайт видит значение, только пока вы им делитесь.',
  'account.data.show': 'Показать значения',
  'account.data.empty.title': 'Пока ничего не хранится',
  'account.data.empty.text': 'При входе не были переданы сведения о вас.',
  'account.activity.title': 'Последние действия',
  'account.activity.empty.title': 'Пока ничего не происходило',
  'account.activity.empty.text':
    'Здесь отмечается каждый раз, когда вы поделились, отказались или прекратили.',
  'account.signOut': 'Выйти',

  'site.connectedSince': 'Подключён с {date}',
  'site.lastSignIn': 'Последний вход {date}',
  'site.readsNothing': 'Ничего о вас не читает. Узнаёт вас только по собственному коду.',
  'site.mayRead': 'Может читать',
  'site.since': 'С',
  'site.until': 'До',
  'site.lastRead': 'Последнее чтение',
  'site.neverRead': 'Ни разу',
  'site.reads': {
    one: 'всего {count} раз',
    few: 'всего {count} раза',
    many: 'всего {count} раз',
    other: 'всего {count} раза',
  },
  'site.stopOne': 'Больше не делиться',
  'site.stopOne.label': 'Больше не делиться с {site}: {attribute}',
  'site.stopAll': 'Больше ничем не делиться с {site}',

  'activity.granted': 'Вы делитесь с {site}: {attribute}',
  'activity.renewed': 'Вы продлили передачу для {site}: {attribute}',
  'activity.denied': 'Вы не поделились с {site}: {attribute}',
  'activity.withdrawn': 'Вы больше не делитесь с {site}: {attribute}',
  'activity.expired': 'Истёк срок передачи для {site}: {attribute}',

  'done.stopped': 'Готово: вы больше не делитесь. Сайт не может это читать, и ему об этом сообщено.',
  'done.already': 'Это уже прекращено. Ничего не передаётся.',

  'signedOut.title': 'Вы вышли',
  'signedOut.text': 'Эту страницу можно закрыть.',
  'signedOut.again': 'Войти снова',

  'error.interaction_not_found.title': 'Эта страница уже не действует или открыта в другом браузере',
  'error.interaction_not_found.text':
    'Вернитесь на сайт и начните там заново. Если ссылку прислал кто-то другой, закройте страницу.',
  'error.interaction_expired.title': 'Срок действия страницы истёк',
  'error.interaction_expired.text': 'Ничего не передано. Вернитесь на сайт и начните там заново.',
  'error.upstream_unavailable.title': 'Вход сейчас не работает',
  'error.upstream_unavailable.text':
    'Служба входа не отвечает. С вашей учётной записью всё в порядке. Попробуйте ещё раз чуть позже.',
  'error.sign_in_cancelled.title': 'Вы не вошли',
  'error.sign_in_cancelled.text': 'Вход был прерван. Его можно начать снова.',
  'error.csrf_rejected.title': 'Действие отклонено',
  'error.csrf_rejected.text':
    'Оно пришло не с нашей страницы, или страница устарела. Ничего не изменено. Обновите страницу и попробуйте снова.',
  'error.service_unavailable.title': 'Мы скоро вернёмся',
  'error.service_unavailable.text':
    'Часть службы временно недоступна. Ничего не изменено. Попробуйте ещё раз чуть позже.',
  'error.not_found.title': 'Здесь ничего нет',
  'error.not_found.text': 'Возможно, адрес неверен или страницы больше нет.',
  'error.refused.title': 'Запрос не понят',
  'error.refused.text': 'Ничего не изменено. Вернитесь назад, обновите страницу и попробуйте снова.',
  'error.other.title': 'У нас что-то пошло не так',
  'error.other.text': 'Ничего не передано. Попробуйте ещё раз. Если это повторится, сообщите нам код ниже.',
  'error.reference': 'Код {code}, запрос {request}',
  'error.retry': 'Попробовать ещё раз',
  'error.account': 'Открыть «Мои данные»',

  'footer.operator': 'Служба: {operator}',
  'footer.privacy': 'Политика конфиденциальности',
  'footer.help': 'Помощь',
  'footer.complain': 'Вы вправе обратиться с жалобой в орган по защите данных.',
};
