<?php

// Generated from docs/contract by `npm run contract`. Do not edit: change the registry there.

declare(strict_types=1);

namespace Userref\Contract;

/** What visitors read on pages about errors. */
final class VisitorTexts
{
    /** Which way each language runs, by BCP 47 tag. The first is spoken to who asks for none of them. */
    public const DIRECTIONS = [
        'en' => 'ltr',
        'ru' => 'ltr',
        'de' => 'ltr',
        'fr' => 'ltr',
        'es' => 'ltr',
        'ar' => 'rtl',
        'he' => 'rtl',
    ];

    /** The style of the page. */
    public const PAGE_STYLE = 'body{font:1.0625rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.25rem}h1{font-size:1.625rem;line-height:1.25}ul{list-style:none;padding:0}li{margin:1rem 0}hr{margin:2rem 0}small{font-size:.8125rem;overflow-wrap:anywhere}bdi{display:inline-block;max-width:100%}';

    /** Its Content-Security-Policy: no scripts, that one style, nothing from elsewhere. */
    public const PAGE_POLICY = 'default-src \'none\'; style-src \'sha256-t8BbpmSE33DMtZCi133Mh09RYXHEeiqiQq4A95YEBY8=\'; base-uri \'none\'; form-action \'none\'; frame-ancestors \'none\'';

    /** The group of each code that has one. */
    public const GROUPS = [
        'attributes_unavailable' => 'data_away',
        'bridge_unauthorized' => 'not_set_up',
        'bridge_unreachable' => 'away',
        'config_invalid' => 'not_set_up',
        'consent_expired' => 'not_shared',
        'consent_required' => 'not_shared',
        'csrf_rejected' => 'form_refused',
        'discovery_failed' => 'away',
        'forbidden' => 'not_allowed',
        'insufficient_user_authentication' => 'step_up',
        'integrity_error' => 'data_away',
        'interaction_expired' => 'nothing_here',
        'interaction_not_found' => 'nothing_here',
        'invalid_token' => 'not_signed_in',
        'issuer_mismatch' => 'unusable',
        'login_denied' => 'declined',
        'login_expired' => 'too_late',
        'login_loop' => 'not_finished',
        'login_request_refused' => 'not_set_up',
        'login_state_mismatch' => 'not_finished',
        'login_state_missing' => 'not_finished',
        'method_not_allowed' => 'nothing_here',
        'network_failed' => 'away',
        'not_found' => 'nothing_here',
        'not_signed_in' => 'not_signed_in',
        'preview_refused' => 'not_set_up',
        'processing_restricted' => 'restricted',
        'rate_limited' => 'too_often',
        'return_to_rejected' => 'nothing_here',
        'service_unavailable' => 'busy',
        'session_expired' => 'not_signed_in',
        'session_invalid' => 'not_signed_in',
        'session_revoked' => 'not_signed_in',
        'token_exchange_failed' => 'unusable',
        'upstream_unavailable' => 'away',
    ];

    /** The group of the other codes that begin like this. */
    public const PREFIXES = [
        'passport_' => 'unusable',
    ];

    /** The way on that a group offers besides the start page. */
    public const WAYS = [
        'away' => 'sign_in',
        'unusable' => 'sign_in',
        'not_finished' => 'sign_in',
        'too_late' => 'sign_in',
        'declined' => 'sign_in',
        'not_signed_in' => 'sign_in',
        'not_shared' => 'share',
    ];

    /** Words of the page, by language. */
    public const WORDS = [
        'en' => [
            'signIn' => 'Sign in again',
            'share' => 'Choose what to share',
            'start' => 'Back to the start page',
            'code' => 'Code',
            'request' => 'Request',
        ],
        'ru' => [
            'signIn' => 'Войти снова',
            'share' => 'Выбрать, чем поделиться',
            'start' => 'На главную страницу',
            'code' => 'Код',
            'request' => 'Запрос',
        ],
        'de' => [
            'signIn' => 'Wieder anmelden',
            'share' => 'Wählen, was geteilt wird',
            'start' => 'Zurück zur Startseite',
            'code' => 'Code',
            'request' => 'Anfrage',
        ],
        'fr' => [
            'signIn' => 'Se reconnecter',
            'share' => 'Choisir quoi partager',
            'start' => 'Retour à la page d’accueil',
            'code' => 'Code',
            'request' => 'Requête',
        ],
        'es' => [
            'signIn' => 'Iniciar sesión de nuevo',
            'share' => 'Elegir qué compartir',
            'start' => 'Volver a la página de inicio',
            'code' => 'Código',
            'request' => 'Solicitud',
        ],
        'ar' => [
            'signIn' => 'تسجيل الدخول مجددًا',
            'share' => 'اختيار ما تشاركه',
            'start' => 'العودة إلى الصفحة الرئيسية',
            'code' => 'الرمز',
            'request' => 'الطلب',
        ],
        'he' => [
            'signIn' => 'כניסה מחדש',
            'share' => 'בחירה מה לשתף',
            'start' => 'חזרה לדף הבית',
            'code' => 'קוד',
            'request' => 'בקשה',
        ],
    ];

    /** What happened in a few words, what happened in a sentence, what the visitor can do; by language and group. */
    public const TEXTS = [
        'en' => [
            'away' => [
                'Signing in does not work right now',
                'The sign-in service of this site does not answer.',
                'Please try again in a few minutes. Whoever is signed in stays signed in.',
            ],
            'not_set_up' => [
                'Signing in does not work right now',
                'Something is not set up right on this site.',
                'Please tell the site the code below. Whoever is signed in stays signed in.',
            ],
            'busy' => [
                'This does not work right now',
                'A service that this site needs does not answer.',
                'Please try again in a few minutes. Whoever is signed in stays signed in.',
            ],
            'unusable' => [
                'Signing in did not work',
                'The sign-in service gave an answer that this site cannot use.',
                'Please sign in again. If it stays so, tell the site the code below.',
            ],
            'not_finished' => [
                'The sign-in was not finished',
                'It began in another browser, or this browser keeps no cookies of this site.',
                'Please allow cookies of this site and sign in again.',
            ],
            'too_late' => [
                'The sign-in took too long',
                'For your safety it ends after a while.',
                'Please sign in again.',
            ],
            'declined' => [
                'You are not signed in',
                'The sign-in was declined.',
                'You can sign in again, or go on without.',
            ],
            'not_signed_in' => [
                'You are not signed in',
                'This is for those who are signed in, and a sign-in ends after a while.',
                'Please sign in to go on.',
            ],
            'step_up' => [
                'Please sign in in a safer way',
                'This needs a sign-in that is newer or safer than yours was.',
                'Please go back, try again, and choose a safer way of signing in where you can.',
            ],
            'not_shared' => [
                'Something is needed from you',
                'You have not agreed to share this with the site, or your agreement has ended.',
                'Choose what to share to go on. You can take it back at any time.',
            ],
            'restricted' => [
                'This has to wait',
                'You have restricted what may be done with your data.',
                'It goes on when you have lifted that.',
            ],
            'data_away' => [
                'Your data cannot be shown right now',
                'The place that keeps it gave no usable answer.',
                'Please try again in a few minutes. If it stays so, tell the site the code below.',
            ],
            'form_refused' => [
                'The form was not accepted',
                'Its page was open for too long, or it came from elsewhere.',
                'Please load the page again and send the form once more.',
            ],
            'nothing_here' => [
                'There is nothing here',
                'The address may be misspelt, or what was here is gone.',
                'Please go on from the start page.',
            ],
            'not_allowed' => [
                'This is not allowed',
                'The account may not do that here.',
                'Please ask the site if you think that it should.',
            ],
            'too_often' => [
                'That was too often',
                'This came too many times within a while.',
                'Please wait a minute and try again.',
            ],
            'general' => [
                'This did not work',
                'The site could not do what was asked.',
                'Please try again from the start page. If it stays so, tell the site the code below.',
            ],
        ],
        'ru' => [
            'away' => [
                'Вход сейчас не работает',
                'Служба входа этого сайта не отвечает.',
                'Попробуйте ещё раз через несколько минут. Те, кто уже вошёл, останутся на сайте.',
            ],
            'not_set_up' => [
                'Вход сейчас не работает',
                'На этом сайте что-то настроено неверно.',
                'Сообщите сайту код, указанный ниже. Те, кто уже вошёл, останутся на сайте.',
            ],
            'busy' => [
                'Сейчас это не работает',
                'Служба, которая нужна этому сайту, не отвечает.',
                'Попробуйте ещё раз через несколько минут. Те, кто уже вошёл, останутся на сайте.',
            ],
            'unusable' => [
                'Войти не удалось',
                'Служба входа дала ответ, который этот сайт не может принять.',
                'Войдите ещё раз. Если это повторится, сообщите сайту код, указанный ниже.',
            ],
            'not_finished' => [
                'Вход не был завершён',
                'Он начат в другом браузере, или этот браузер не сохраняет файлы cookie этого сайта.',
                'Разрешите файлы cookie этого сайта и войдите снова.',
            ],
            'too_late' => [
                'Вход занял слишком много времени',
                'Ради вашей безопасности он через некоторое время прекращается.',
                'Войдите ещё раз.',
            ],
            'declined' => [
                'Вы не вошли',
                'Вход был отклонён.',
                'Можно войти ещё раз или продолжить без входа.',
            ],
            'not_signed_in' => [
                'Вы не вошли',
                'Эта страница для тех, кто вошёл, а вход через некоторое время заканчивается.',
                'Войдите, чтобы продолжить.',
            ],
            'step_up' => [
                'Нужен более надёжный вход',
                'Для этого нужен более свежий или более надёжный вход, чем ваш.',
                'Вернитесь, попробуйте ещё раз и по возможности выберите более надёжный способ входа.',
            ],
            'not_shared' => [
                'Нужно ваше решение',
                'Вы не соглашались поделиться этим с сайтом, или ваше согласие закончилось.',
                'Выберите, чем поделиться, чтобы продолжить. Отозвать это можно в любое время.',
            ],
            'restricted' => [
                'С этим придётся подождать',
                'Вы ограничили то, что можно делать с вашими данными.',
                'Это можно будет продолжить, когда вы снимете ограничение.',
            ],
            'data_away' => [
                'Ваши данные сейчас нельзя показать',
                'Место, где они хранятся, не дало пригодного ответа.',
                'Попробуйте ещё раз через несколько минут. Если это повторится, сообщите сайту код, указанный ниже.',
            ],
            'form_refused' => [
                'Форма не принята',
                'Её страница была открыта слишком долго, или форма пришла из другого места.',
                'Загрузите страницу заново и отправьте форму ещё раз.',
            ],
            'nothing_here' => [
                'Здесь ничего нет',
                'Возможно, в адресе ошибка или того, что здесь было, больше нет.',
                'Продолжите с главной страницы.',
            ],
            'not_allowed' => [
                'Это не разрешено',
                'Этой учётной записи здесь такое действие недоступно.',
                'Если вы считаете, что оно должно быть доступно, обратитесь к сайту.',
            ],
            'too_often' => [
                'Слишком часто',
                'За короткое время это повторилось слишком много раз.',
                'Подождите минуту и попробуйте ещё раз.',
            ],
            'general' => [
                'Не получилось',
                'Сайт не смог сделать то, что требовалось.',
                'Попробуйте ещё раз с главной страницы. Если это повторится, сообщите сайту код, указанный ниже.',
            ],
        ],
        'de' => [
            'away' => [
                'Die Anmeldung funktioniert gerade nicht',
                'Der Anmeldedienst dieser Website antwortet nicht.',
                'Bitte versuchen Sie es in einigen Minuten noch einmal. Wer angemeldet ist, bleibt angemeldet.',
            ],
            'not_set_up' => [
                'Die Anmeldung funktioniert gerade nicht',
                'Auf dieser Website ist etwas nicht richtig eingerichtet.',
                'Bitte nennen Sie der Website den Code unten. Wer angemeldet ist, bleibt angemeldet.',
            ],
            'busy' => [
                'Das funktioniert gerade nicht',
                'Ein Dienst, den diese Website braucht, antwortet nicht.',
                'Bitte versuchen Sie es in einigen Minuten noch einmal. Wer angemeldet ist, bleibt angemeldet.',
            ],
            'unusable' => [
                'Die Anmeldung hat nicht funktioniert',
                'Der Anmeldedienst hat eine Antwort gegeben, mit der diese Website nichts anfangen kann.',
                'Bitte melden Sie sich noch einmal an. Bleibt es dabei, nennen Sie der Website den Code unten.',
            ],
            'not_finished' => [
                'Die Anmeldung wurde nicht abgeschlossen',
                'Sie begann in einem anderen Browser, oder dieser Browser behält keine Cookies dieser Website.',
                'Bitte erlauben Sie Cookies dieser Website und melden Sie sich noch einmal an.',
            ],
            'too_late' => [
                'Die Anmeldung hat zu lange gedauert',
                'Zu Ihrer Sicherheit endet sie nach einer Weile.',
                'Bitte melden Sie sich noch einmal an.',
            ],
            'declined' => [
                'Sie sind nicht angemeldet',
                'Die Anmeldung wurde abgelehnt.',
                'Sie können sich noch einmal anmelden oder ohne Anmeldung weitermachen.',
            ],
            'not_signed_in' => [
                'Sie sind nicht angemeldet',
                'Das ist nur für Angemeldete, und eine Anmeldung endet nach einer Weile.',
                'Bitte melden Sie sich an, um weiterzumachen.',
            ],
            'step_up' => [
                'Hier ist eine sicherere Anmeldung nötig',
                'Das verlangt eine neuere oder sicherere Anmeldung als Ihre.',
                'Bitte gehen Sie zurück, versuchen Sie es noch einmal und wählen Sie, wenn möglich, eine sicherere Art der Anmeldung.',
            ],
            'not_shared' => [
                'Hier wird etwas von Ihnen gebraucht',
                'Sie haben nicht zugestimmt, das mit der Website zu teilen, oder Ihre Zustimmung ist abgelaufen.',
                'Wählen Sie, was geteilt wird, um weiterzumachen. Sie können das jederzeit zurücknehmen.',
            ],
            'restricted' => [
                'Das muss warten',
                'Sie haben eingeschränkt, was mit Ihren Daten geschehen darf.',
                'Es geht weiter, sobald Sie das aufgehoben haben.',
            ],
            'data_away' => [
                'Ihre Daten können gerade nicht gezeigt werden',
                'Die Stelle, die sie aufbewahrt, hat keine brauchbare Antwort gegeben.',
                'Bitte versuchen Sie es in einigen Minuten noch einmal. Bleibt es dabei, nennen Sie der Website den Code unten.',
            ],
            'form_refused' => [
                'Das Formular wurde nicht angenommen',
                'Seine Seite war zu lange offen, oder es kam von anderswo.',
                'Bitte laden Sie die Seite neu und schicken Sie das Formular noch einmal.',
            ],
            'nothing_here' => [
                'Hier ist nichts',
                'Vielleicht ist die Adresse falsch geschrieben, oder was hier war, gibt es nicht mehr.',
                'Bitte machen Sie auf der Startseite weiter.',
            ],
            'not_allowed' => [
                'Das ist nicht erlaubt',
                'Das Konto darf das hier nicht.',
                'Bitte fragen Sie die Website, wenn Sie meinen, dass es das dürfen sollte.',
            ],
            'too_often' => [
                'Das war zu oft',
                'Das kam in kurzer Zeit zu viele Male.',
                'Bitte warten Sie eine Minute und versuchen Sie es noch einmal.',
            ],
            'general' => [
                'Das hat nicht funktioniert',
                'Die Website konnte nicht tun, was verlangt war.',
                'Bitte versuchen Sie es von der Startseite aus noch einmal. Bleibt es dabei, nennen Sie der Website den Code unten.',
            ],
        ],
        'fr' => [
            'away' => [
                'La connexion ne fonctionne pas pour l’instant',
                'Le service de connexion de ce site ne répond pas.',
                'Réessayez dans quelques minutes. Si vous êtes connecté, vous le restez.',
            ],
            'not_set_up' => [
                'La connexion ne fonctionne pas pour l’instant',
                'Quelque chose est mal configuré sur ce site.',
                'Signalez au site le code ci-dessous. Si vous êtes connecté, vous le restez.',
            ],
            'busy' => [
                'Cela ne fonctionne pas pour l’instant',
                'Un service dont ce site a besoin ne répond pas.',
                'Réessayez dans quelques minutes. Si vous êtes connecté, vous le restez.',
            ],
            'unusable' => [
                'La connexion n’a pas fonctionné',
                'Le service de connexion a donné une réponse que ce site ne peut pas utiliser.',
                'Connectez-vous à nouveau. Si cela continue, signalez au site le code ci-dessous.',
            ],
            'not_finished' => [
                'La connexion n’a pas été terminée',
                'Elle a commencé dans un autre navigateur, ou ce navigateur ne garde pas les cookies de ce site.',
                'Autorisez les cookies de ce site et connectez-vous à nouveau.',
            ],
            'too_late' => [
                'La connexion a pris trop de temps',
                'Pour votre sécurité, elle prend fin après un moment.',
                'Connectez-vous à nouveau.',
            ],
            'declined' => [
                'Vous n’êtes pas connecté',
                'La connexion a été refusée.',
                'Vous pouvez vous connecter à nouveau, ou continuer sans connexion.',
            ],
            'not_signed_in' => [
                'Vous n’êtes pas connecté',
                'Ceci est réservé aux personnes connectées, et une connexion prend fin après un moment.',
                'Connectez-vous pour continuer.',
            ],
            'step_up' => [
                'Une connexion plus sûre est nécessaire',
                'Ceci demande une connexion plus récente ou plus sûre que la vôtre.',
                'Revenez en arrière, réessayez et choisissez si possible une façon plus sûre de vous connecter.',
            ],
            'not_shared' => [
                'Votre accord est nécessaire',
                'Vous n’avez pas accepté de partager ceci avec le site, ou votre accord a pris fin.',
                'Choisissez quoi partager pour continuer. Vous pouvez revenir dessus à tout moment.',
            ],
            'restricted' => [
                'Ceci doit attendre',
                'Vous avez limité ce qui peut être fait de vos données.',
                'La suite sera possible quand vous aurez levé cette limite.',
            ],
            'data_away' => [
                'Vos données ne peuvent pas être affichées pour l’instant',
                'Le lieu où elles sont conservées n’a pas donné de réponse utilisable.',
                'Réessayez dans quelques minutes. Si cela continue, signalez au site le code ci-dessous.',
            ],
            'form_refused' => [
                'Le formulaire n’a pas été accepté',
                'Sa page est restée ouverte trop longtemps, ou il venait d’ailleurs.',
                'Rechargez la page et envoyez le formulaire à nouveau.',
            ],
            'nothing_here' => [
                'Il n’y a rien ici',
                'L’adresse est peut-être mal écrite, ou ce qui était ici n’existe plus.',
                'Continuez depuis la page d’accueil.',
            ],
            'not_allowed' => [
                'Ceci n’est pas autorisé',
                'Ce compte ne peut pas faire cela ici.',
                'Demandez au site si vous pensez qu’il le devrait.',
            ],
            'too_often' => [
                'C’était trop souvent',
                'Ceci est arrivé trop de fois en peu de temps.',
                'Attendez une minute et réessayez.',
            ],
            'general' => [
                'Cela n’a pas fonctionné',
                'Le site n’a pas pu faire ce qui était demandé.',
                'Réessayez depuis la page d’accueil. Si cela continue, signalez au site le code ci-dessous.',
            ],
        ],
        'es' => [
            'away' => [
                'El inicio de sesión no funciona ahora',
                'El servicio de inicio de sesión de este sitio no responde.',
                'Inténtelo de nuevo en unos minutos. Quien tiene la sesión iniciada la conserva.',
            ],
            'not_set_up' => [
                'El inicio de sesión no funciona ahora',
                'Algo no está bien configurado en este sitio.',
                'Comunique al sitio el código de abajo. Quien tiene la sesión iniciada la conserva.',
            ],
            'busy' => [
                'Esto no funciona ahora',
                'Un servicio que este sitio necesita no responde.',
                'Inténtelo de nuevo en unos minutos. Quien tiene la sesión iniciada la conserva.',
            ],
            'unusable' => [
                'El inicio de sesión no ha funcionado',
                'El servicio de inicio de sesión ha dado una respuesta que este sitio no puede usar.',
                'Inicie sesión de nuevo. Si sigue así, comunique al sitio el código de abajo.',
            ],
            'not_finished' => [
                'El inicio de sesión no se completó',
                'Empezó en otro navegador, o este navegador no guarda las cookies de este sitio.',
                'Permita las cookies de este sitio e inicie sesión de nuevo.',
            ],
            'too_late' => [
                'El inicio de sesión tardó demasiado',
                'Por su seguridad termina al cabo de un rato.',
                'Inicie sesión de nuevo.',
            ],
            'declined' => [
                'No ha iniciado sesión',
                'El inicio de sesión fue rechazado.',
                'Puede iniciar sesión de nuevo o seguir sin ella.',
            ],
            'not_signed_in' => [
                'No ha iniciado sesión',
                'Esto es para quienes han iniciado sesión, y una sesión termina al cabo de un rato.',
                'Inicie sesión para continuar.',
            ],
            'step_up' => [
                'Hace falta un inicio de sesión más seguro',
                'Esto exige un inicio de sesión más reciente o más seguro que el suyo.',
                'Vuelva atrás, inténtelo de nuevo y elija, si puede, una forma más segura de iniciar sesión.',
            ],
            'not_shared' => [
                'Se necesita algo de usted',
                'No ha aceptado compartir esto con el sitio, o su consentimiento ha terminado.',
                'Elija qué compartir para continuar. Puede retirarlo en cualquier momento.',
            ],
            'restricted' => [
                'Esto tiene que esperar',
                'Usted ha limitado lo que se puede hacer con sus datos.',
                'Podrá continuar cuando levante esa limitación.',
            ],
            'data_away' => [
                'Sus datos no se pueden mostrar ahora',
                'El lugar donde se guardan no ha dado una respuesta utilizable.',
                'Inténtelo de nuevo en unos minutos. Si sigue así, comunique al sitio el código de abajo.',
            ],
            'form_refused' => [
                'El formulario no fue aceptado',
                'Su página estuvo abierta demasiado tiempo, o venía de otro lugar.',
                'Vuelva a cargar la página y envíe el formulario otra vez.',
            ],
            'nothing_here' => [
                'Aquí no hay nada',
                'Puede que la dirección esté mal escrita o que lo que había aquí ya no exista.',
                'Continúe desde la página de inicio.',
            ],
            'not_allowed' => [
                'Esto no está permitido',
                'La cuenta no puede hacer eso aquí.',
                'Pregunte al sitio si cree que debería poder.',
            ],
            'too_often' => [
                'Fueron demasiadas veces',
                'Esto ocurrió demasiadas veces en poco tiempo.',
                'Espere un minuto e inténtelo de nuevo.',
            ],
            'general' => [
                'Esto no ha funcionado',
                'El sitio no pudo hacer lo que se pidió.',
                'Inténtelo de nuevo desde la página de inicio. Si sigue así, comunique al sitio el código de abajo.',
            ],
        ],
        'ar' => [
            'away' => [
                'تسجيل الدخول لا يعمل الآن',
                'خدمة تسجيل الدخول لهذا الموقع لا تستجيب.',
                'حاول مرة أخرى بعد بضع دقائق. من سجّل الدخول من قبل يبقى دخوله قائمًا.',
            ],
            'not_set_up' => [
                'تسجيل الدخول لا يعمل الآن',
                'هناك خلل في إعدادات هذا الموقع.',
                'أبلغ الموقع بالرمز أدناه. من سجّل الدخول من قبل يبقى دخوله قائمًا.',
            ],
            'busy' => [
                'هذا لا يعمل الآن',
                'خدمة يحتاجها هذا الموقع لا تستجيب.',
                'حاول مرة أخرى بعد بضع دقائق. من سجّل الدخول من قبل يبقى دخوله قائمًا.',
            ],
            'unusable' => [
                'لم ينجح تسجيل الدخول',
                'أعطت خدمة تسجيل الدخول جوابًا لا يستطيع هذا الموقع استخدامه.',
                'سجّل الدخول مجددًا. إذا تكرر ذلك فأبلغ الموقع بالرمز أدناه.',
            ],
            'not_finished' => [
                'لم يكتمل تسجيل الدخول',
                'بدأ في متصفح آخر، أو أن هذا المتصفح لا يحفظ ملفات تعريف الارتباط لهذا الموقع.',
                'اسمح بملفات تعريف الارتباط لهذا الموقع وسجّل الدخول مجددًا.',
            ],
            'too_late' => [
                'استغرق تسجيل الدخول وقتًا أطول من اللازم',
                'حفاظًا على أمانك ينتهي بعد مدة.',
                'سجّل الدخول مجددًا.',
            ],
            'declined' => [
                'لم تسجّل الدخول',
                'تم رفض تسجيل الدخول.',
                'يمكنك تسجيل الدخول مجددًا أو المتابعة من دونه.',
            ],
            'not_signed_in' => [
                'لم تسجّل الدخول',
                'هذا لمن سجّلوا الدخول، وينتهي الدخول بعد مدة.',
                'سجّل الدخول للمتابعة.',
            ],
            'step_up' => [
                'يلزم تسجيل دخول أكثر أمانًا',
                'يتطلب هذا تسجيل دخول أحدث أو أكثر أمانًا من تسجيلك.',
                'ارجع وحاول مرة أخرى، واختر إن أمكن طريقة أكثر أمانًا لتسجيل الدخول.',
            ],
            'not_shared' => [
                'مطلوب شيء منك',
                'لم توافق على مشاركة هذا مع الموقع، أو انتهت موافقتك.',
                'اختر ما تشاركه للمتابعة. يمكنك التراجع في أي وقت.',
            ],
            'restricted' => [
                'هذا يجب أن ينتظر',
                'لقد قيّدت ما يجوز فعله ببياناتك.',
                'تمكن المتابعة بعد أن ترفع هذا القيد.',
            ],
            'data_away' => [
                'يتعذّر عرض بياناتك الآن',
                'لم يُعطِ المكان الذي يحفظها جوابًا صالحًا.',
                'حاول مرة أخرى بعد بضع دقائق. إذا تكرر ذلك فأبلغ الموقع بالرمز أدناه.',
            ],
            'form_refused' => [
                'لم يُقبل النموذج',
                'بقيت صفحته مفتوحة وقتًا أطول من اللازم، أو أنه جاء من مكان آخر.',
                'أعد تحميل الصفحة وأرسل النموذج مرة أخرى.',
            ],
            'nothing_here' => [
                'لا شيء هنا',
                'قد يكون العنوان مكتوبًا بشكل خاطئ، أو أن ما كان هنا لم يعد موجودًا.',
                'تابع من الصفحة الرئيسية.',
            ],
            'not_allowed' => [
                'هذا غير مسموح',
                'لا يحق لهذا الحساب أن يفعل ذلك هنا.',
                'اسأل الموقع إن كنت ترى أنه يحق له ذلك.',
            ],
            'too_often' => [
                'تكرر ذلك أكثر من اللازم',
                'جاء هذا مرات كثيرة خلال وقت قصير.',
                'انتظر دقيقة ثم حاول مرة أخرى.',
            ],
            'general' => [
                'لم تنجح العملية',
                'لم يستطع الموقع أن يفعل ما طُلب.',
                'حاول مرة أخرى من الصفحة الرئيسية. إذا تكرر ذلك فأبلغ الموقع بالرمز أدناه.',
            ],
        ],
        'he' => [
            'away' => [
                'הכניסה אינה פועלת כעת',
                'שירות הכניסה של האתר אינו עונה.',
                'כדאי לנסות שוב בעוד כמה דקות. מי שכבר נכנס נשאר מחובר.',
            ],
            'not_set_up' => [
                'הכניסה אינה פועלת כעת',
                'משהו באתר הזה אינו מוגדר כראוי.',
                'כדאי למסור לאתר את הקוד שלמטה. מי שכבר נכנס נשאר מחובר.',
            ],
            'busy' => [
                'זה אינו פועל כעת',
                'שירות שהאתר זקוק לו אינו עונה.',
                'כדאי לנסות שוב בעוד כמה דקות. מי שכבר נכנס נשאר מחובר.',
            ],
            'unusable' => [
                'הכניסה לא הצליחה',
                'שירות הכניסה נתן תשובה שהאתר אינו יכול להשתמש בה.',
                'יש להיכנס שוב. אם זה חוזר, כדאי למסור לאתר את הקוד שלמטה.',
            ],
            'not_finished' => [
                'הכניסה לא הושלמה',
                'היא התחילה בדפדפן אחר, או שהדפדפן הזה אינו שומר קובצי Cookie של האתר.',
                'יש לאפשר קובצי Cookie של האתר ולהיכנס שוב.',
            ],
            'too_late' => [
                'הכניסה ארכה יותר מדי זמן',
                'למען ביטחונך היא מסתיימת לאחר זמן מה.',
                'יש להיכנס שוב.',
            ],
            'declined' => [
                'לא נכנסת לחשבון',
                'הכניסה נדחתה.',
                'אפשר להיכנס שוב, או להמשיך בלי כניסה.',
            ],
            'not_signed_in' => [
                'לא נכנסת לחשבון',
                'זה מיועד למי שנכנסו, והכניסה מסתיימת לאחר זמן מה.',
                'יש להיכנס כדי להמשיך.',
            ],
            'step_up' => [
                'נדרשת כניסה בטוחה יותר',
                'כאן נדרשת כניסה חדשה יותר או בטוחה יותר מזו שלך.',
                'כדאי לחזור, לנסות שוב, ולבחור אם אפשר בדרך כניסה בטוחה יותר.',
            ],
            'not_shared' => [
                'נדרש ממך משהו',
                'לא הסכמת לשתף את זה עם האתר, או שההסכמה הסתיימה.',
                'כדי להמשיך, הבחירה מה לשתף היא שלך. אפשר לחזור בך בכל עת.',
            ],
            'restricted' => [
                'זה צריך לחכות',
                'הגבלת את מה שמותר לעשות בנתונים שלך.',
                'אפשר יהיה להמשיך אחרי שההגבלה תוסר.',
            ],
            'data_away' => [
                'אי אפשר להציג כעת את הנתונים שלך',
                'המקום ששומר אותם לא נתן תשובה שאפשר להשתמש בה.',
                'כדאי לנסות שוב בעוד כמה דקות. אם זה חוזר, כדאי למסור לאתר את הקוד שלמטה.',
            ],
            'form_refused' => [
                'הטופס לא התקבל',
                'הדף שלו היה פתוח זמן רב מדי, או שהוא הגיע ממקום אחר.',
                'יש לטעון את הדף מחדש ולשלוח את הטופס שוב.',
            ],
            'nothing_here' => [
                'אין כאן דבר',
                'ייתכן שהכתובת שגויה, או שמה שהיה כאן כבר אינו קיים.',
                'אפשר להמשיך מדף הבית.',
            ],
            'not_allowed' => [
                'זה אינו מותר',
                'החשבון אינו רשאי לעשות זאת כאן.',
                'אם לדעתך זה צריך להיות מותר, כדאי לפנות אל האתר.',
            ],
            'too_often' => [
                'זה היה תכוף מדי',
                'זה קרה יותר מדי פעמים בזמן קצר.',
                'כדאי להמתין דקה ולנסות שוב.',
            ],
            'general' => [
                'זה לא הצליח',
                'האתר לא הצליח לעשות את מה שהתבקש.',
                'כדאי לנסות שוב מדף הבית. אם זה חוזר, כדאי למסור לאתר את הקוד שלמטה.',
            ],
        ],
    ];
}
