// Generated from docs/contract by `npm run contract`. Do not edit: change the registry there.

import type { VisitorLanguage } from '../visitor-texts.ts';

/** Español. */
export const es: VisitorLanguage = {
  tag: 'es',
  direction: 'ltr',
  words: {
    signIn: 'Iniciar sesión de nuevo',
    share: 'Elegir qué compartir',
    start: 'Volver a la página de inicio',
    code: 'Código',
    request: 'Solicitud',
  },
  texts: {
    away: [
      'El inicio de sesión no funciona ahora',
      'El servicio de inicio de sesión de este sitio no responde.',
      'Inténtelo de nuevo en unos minutos. Quien tiene la sesión iniciada la conserva.',
    ],
    not_set_up: [
      'El inicio de sesión no funciona ahora',
      'Algo no está bien configurado en este sitio.',
      'Comunique al sitio el código de abajo. Quien tiene la sesión iniciada la conserva.',
    ],
    busy: [
      'Esto no funciona ahora',
      'Un servicio que este sitio necesita no responde.',
      'Inténtelo de nuevo en unos minutos. Quien tiene la sesión iniciada la conserva.',
    ],
    unusable: [
      'El inicio de sesión no ha funcionado',
      'El servicio de inicio de sesión ha dado una respuesta que este sitio no puede usar.',
      'Inicie sesión de nuevo. Si sigue así, comunique al sitio el código de abajo.',
    ],
    not_finished: [
      'El inicio de sesión no se completó',
      'Empezó en otro navegador, o este navegador no guarda las cookies de este sitio.',
      'Permita las cookies de este sitio e inicie sesión de nuevo.',
    ],
    too_late: [
      'El inicio de sesión tardó demasiado',
      'Por su seguridad termina al cabo de un rato.',
      'Inicie sesión de nuevo.',
    ],
    declined: [
      'No ha iniciado sesión',
      'El inicio de sesión fue rechazado.',
      'Puede iniciar sesión de nuevo o seguir sin ella.',
    ],
    not_signed_in: [
      'No ha iniciado sesión',
      'Esto es para quienes han iniciado sesión, y una sesión termina al cabo de un rato.',
      'Inicie sesión para continuar.',
    ],
    step_up: [
      'Hace falta un inicio de sesión más seguro',
      'Esto exige un inicio de sesión más reciente o más seguro que el suyo.',
      'Vuelva atrás, inténtelo de nuevo y elija, si puede, una forma más segura de iniciar sesión.',
    ],
    not_shared: [
      'Se necesita algo de usted',
      'No ha aceptado compartir esto con el sitio, o su consentimiento ha terminado.',
      'Elija qué compartir para continuar. Puede retirarlo en cualquier momento.',
    ],
    restricted: [
      'Esto tiene que esperar',
      'Usted ha limitado lo que se puede hacer con sus datos.',
      'Podrá continuar cuando levante esa limitación.',
    ],
    data_away: [
      'Sus datos no se pueden mostrar ahora',
      'El lugar donde se guardan no ha dado una respuesta utilizable.',
      'Inténtelo de nuevo en unos minutos. Si sigue así, comunique al sitio el código de abajo.',
    ],
    form_refused: [
      'El formulario no fue aceptado',
      'Su página estuvo abierta demasiado tiempo, o venía de otro lugar.',
      'Vuelva a cargar la página y envíe el formulario otra vez.',
    ],
    nothing_here: [
      'Aquí no hay nada',
      'Puede que la dirección esté mal escrita o que lo que había aquí ya no exista.',
      'Continúe desde la página de inicio.',
    ],
    not_allowed: [
      'Esto no está permitido',
      'La cuenta no puede hacer eso aquí.',
      'Pregunte al sitio si cree que debería poder.',
    ],
    too_often: [
      'Fueron demasiadas veces',
      'Esto ocurrió demasiadas veces en poco tiempo.',
      'Espere un minuto e inténtelo de nuevo.',
    ],
    general: [
      'Esto no ha funcionado',
      'El sitio no pudo hacer lo que se pidió.',
      'Inténtelo de nuevo desde la página de inicio. Si sigue así, comunique al sitio el código de abajo.',
    ],
  },
};
