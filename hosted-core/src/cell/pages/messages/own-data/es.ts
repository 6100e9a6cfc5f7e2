import type { OwnDataCatalogue } from './en.ts';

export const ownDataEs: OwnDataCatalogue = {
  'nav.own': 'Descargar y borrar',
  'account.data.add': 'Añadir un dato',
  'value.title': 'Cambiar: {attribute}',
  'value.text':
    'Los sitios que pueden leerlo sabrán que ha cambiado. Reciben el nuevo valor cuando vuelven a pedirlo.',
  'value.source.person':
    'Este valor lo escribió usted. Se queda, diga lo que diga su servicio de inicio de sesión.',
  'value.source.upstream':
    'Este valor vino de su servicio de inicio de sesión. Lo que escriba aquí ocupa su lugar y se queda.',
  'value.source.none': 'Todavía no se guarda nada. Solo lo verán los sitios con los que lo comparta.',
  'value.changedAt': 'Último cambio el {date}',
  'value.hint.phone': 'Con el prefijo del país, por ejemplo +44 20 7946 0018',
  'value.optional': 'opcional',
  'value.refused': 'No se ha guardado: algo no encaja. Revíselo, por favor.',
  'value.fixed': 'Un valor de este tipo no se puede cambiar aquí. Diríjase al operador.',
  'value.cancel': 'Dejarlo como está',
  'field.recipient': 'Destinatario',
  'field.street_address': 'Calle y número',
  'field.postal_code': 'Código postal',
  'field.locality': 'Localidad',
  'field.region': 'Región',
  'field.country': 'País',
  'purge.title': '¿Lo han borrado los sitios?',
  'purge.text':
    'Cuando se deja de compartir, se pide al sitio que borre lo que tiene. Esto es lo que respondió.',
  'purge.on_its_way': 'Se está pidiendo al sitio que lo borre.',
  'purge.received': 'El sitio recibió el mensaje y tiene hasta el {date} para confirmarlo.',
  'purge.confirmed': 'El sitio confirmó el {date} que lo ha borrado.',
  'purge.overdue':
    'El sitio recibió el mensaje el {date} y no ha confirmado. Puede preguntarle usted; el operador también lo ve.',
  'purge.not_delivered':
    'No se pudo contactar con el sitio. Puede preguntarle usted; el operador también lo ve.',
  'disconnected.confirmed': 'El sitio confirmó el {date} que ha borrado sus datos.',
  'disconnected.overdue':
    'El sitio recibió el mensaje el {date} y no ha confirmado. Puede preguntarle usted; el operador también lo ve.',
  'security.everywhere': 'Cerrar la sesión en todas partes',
  'security.everywhere.text':
    'Termina todas sus sesiones: en todos los sitios, en todos los navegadores y aquí.',
  'security.sites': 'Sesiones en sitios',
  'security.sites.unavailable': 'Sus sesiones en sitios no se pueden cargar ahora mismo.',
  'security.sites.none': 'No tiene ninguna sesión abierta en un sitio.',
  'security.sites.no': 'Ningún sitio todavía',
  'own.title': 'Descargar y borrar',
  'export.title': 'Descargar todo sobre usted',
  'export.text':
    'Un archivo ZIP con sus datos, lo que comparte, quién leyó qué y cuándo, sus recibos y cada entrada del registro sobre usted: en JSON para programas y como página para leer.',
  'export.careful': 'El archivo no está cifrado. Guárdelo donde nadie más pueda abrirlo.',
  'export.button': 'Descargar',
  'delete.heading': 'Borrar mi cuenta',
  'delete.intro': 'Borra todo lo que guardamos sobre usted y avisa a cada sitio que le conoce.',
  'delete.title': '¿Borrar su cuenta?',
  'delete.values':
    'Se borran sus datos y las claves para abrirlos. Nadie puede leerlos más, y no podemos recuperarlos.',
  'delete.sites': 'Se pide a cada sitio que le conoce que borre lo que tiene sobre usted.',
  'delete.backups': {
    one: 'Después de {count} día, tampoco ninguna copia de seguridad abre sus datos.',
    many: 'Después de {count} de días, tampoco ninguna copia de seguridad abre sus datos.',
    other: 'Después de {count} días, tampoco ninguna copia de seguridad abre sus datos.',
  },
  'delete.upstream.gone': 'Su cuenta en el servicio de inicio de sesión se borra también.',
  'delete.upstream.left':
    'Su cuenta en el servicio de inicio de sesión se queda. Bórrela allí si tampoco la quiere.',
  'delete.when': 'Cuándo',
  'delete.later': {
    one: 'Dentro de {count} día, el {date}. Hasta entonces ningún sitio puede leer nada, y usted puede cambiar de opinión.',
    many: 'Dentro de {count} de días, el {date}. Hasta entonces ningún sitio puede leer nada, y usted puede cambiar de opinión.',
    other:
      'Dentro de {count} días, el {date}. Hasta entonces ningún sitio puede leer nada, y usted puede cambiar de opinión.',
  },
  'delete.now': 'Ahora mismo. No se puede deshacer.',
  'delete.word': 'BORRAR',
  'delete.type': 'Para confirmar, escriba {word}',
  'delete.mistyped': 'No se ha borrado nada. Escriba la palabra exactamente como aparece.',
  'delete.keep': 'Conservar mi cuenta',
  'delete.confirm': 'Borrar mi cuenta',
  'delete.pending':
    'Su cuenta se borrará el {date}. Hasta entonces ningún sitio puede leer nada sobre usted.',
  'deleted.title': 'Su cuenta está borrada',
  'deleted.since': 'Desde el {date} no se puede leer aquí nada sobre usted.',
  'deleted.backups': 'A partir del {date}, tampoco ninguna copia de seguridad abre sus datos.',
  'deleted.sites': 'Qué sitios fueron avisados',
  'deleted.none': 'Ningún sitio le conoció nunca.',
  'deleted.code': 'Su comprobante de este borrado: {code}',
  'done.value': 'El nuevo valor está guardado.',
  'done.kept': 'Su cuenta se queda. Los sitios pueden volver a leer lo que comparte con ellos.',
  'file.made': 'Hecho el {date}',
  'file.source.person': 'escrito por usted',
  'file.source.upstream': 'de su servicio de inicio de sesión',
  'file.reads': 'Quién leyó qué',
  'file.reads.none': 'Nadie ha leído nada.',
  'file.records': 'Todas las entradas',
};
