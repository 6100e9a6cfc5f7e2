import type { OwnDataCatalogue } from './en.ts';

export const ownDataDe: OwnDataCatalogue = {
  'nav.own': 'Herunterladen und löschen',
  'account.data.add': 'Einen Wert hinzufügen',
  'value.title': 'Ändern: {attribute}',
  'value.text':
    'Websites, die das lesen dürfen, erfahren, dass es sich geändert hat. Den neuen Wert bekommen sie, wenn sie wieder danach fragen.',
  'value.source.person':
    'Diesen Wert haben Sie selbst geschrieben. Er bleibt, was auch immer Ihr Anmeldedienst sagt.',
  'value.source.upstream':
    'Dieser Wert kam von Ihrem Anmeldedienst. Was Sie hier schreiben, tritt an seine Stelle und bleibt.',
  'value.source.none': 'Noch ist nichts gespeichert. Nur Websites, mit denen Sie es teilen, werden es sehen.',
  'value.changedAt': 'Zuletzt geändert am {date}',
  'value.hint.phone': 'Mit Ländervorwahl, zum Beispiel +44 20 7946 0018',
  'value.optional': 'freiwillig',
  'value.refused': 'Das wurde nicht gespeichert: Etwas passt nicht. Bitte sehen Sie es noch einmal an.',
  'value.fixed': 'Ein Wert dieser Art lässt sich hier nicht ändern. Bitte wenden Sie sich an den Betreiber.',
  'value.cancel': 'Lassen, wie es ist',
  'field.recipient': 'Empfänger',
  'field.street_address': 'Straße und Hausnummer',
  'field.postal_code': 'Postleitzahl',
  'field.locality': 'Ort',
  'field.region': 'Region',
  'field.country': 'Land',
  'purge.title': 'Haben Websites es gelöscht?',
  'purge.text':
    'Endet das Teilen, wird die Website aufgefordert zu löschen, was sie hat. Das hat sie geantwortet.',
  'purge.on_its_way': 'Die Website wird aufgefordert, es zu löschen.',
  'purge.received': 'Die Website wurde aufgefordert und hat bis {date} Zeit, es zu bestätigen.',
  'purge.confirmed': 'Die Website hat am {date} bestätigt, dass sie es gelöscht hat.',
  'purge.overdue':
    'Die Website wurde am {date} aufgefordert und hat nichts bestätigt. Sie können sie selbst fragen; auch der Betreiber sieht das.',
  'purge.not_delivered':
    'Die Website war nicht zu erreichen. Sie können sie selbst fragen; auch der Betreiber sieht das.',
  'disconnected.confirmed': 'Die Website hat am {date} bestätigt, dass sie Ihre Daten gelöscht hat.',
  'disconnected.overdue':
    'Die Website wurde am {date} aufgefordert und hat nichts bestätigt. Sie können sie selbst fragen; auch der Betreiber sieht das.',
  'security.everywhere': 'Überall abmelden',
  'security.everywhere.text':
    'Beendet jede Ihrer Anmeldungen: bei allen Websites, in allen Browsern und hier.',
  'security.sites': 'Anmeldungen bei Websites',
  'security.sites.unavailable': 'Ihre Anmeldungen bei Websites lassen sich gerade nicht laden.',
  'security.sites.none': 'Sie sind bei keiner Website angemeldet.',
  'security.sites.no': 'Noch keine Website',
  'own.title': 'Herunterladen und löschen',
  'export.title': 'Alles über Sie herunterladen',
  'export.text':
    'Eine ZIP-Datei mit Ihren Daten, was Sie teilen, wer wann was gelesen hat, Ihren Quittungen und jedem Eintrag des Protokolls über Sie: als JSON für Programme und als Seite zum Lesen.',
  'export.careful':
    'Die Datei ist nicht verschlüsselt. Bewahren Sie sie auf, wo niemand sonst sie öffnen kann.',
  'export.button': 'Herunterladen',
  'delete.heading': 'Mein Konto löschen',
  'delete.intro':
    'Löscht alles, was wir über Sie aufbewahren, und benachrichtigt jede Website, die Sie kennt.',
  'delete.title': 'Ihr Konto löschen?',
  'delete.values':
    'Ihre Daten und die Schlüssel dazu werden gelöscht. Niemand kann sie mehr lesen, und wir können sie nicht zurückholen.',
  'delete.sites': 'Jede Website, die Sie kennt, wird aufgefordert zu löschen, was sie über Sie hat.',
  'delete.backups': {
    one: 'Nach {count} Tag öffnet auch keine Sicherungskopie Ihre Daten mehr.',
    other: 'Nach {count} Tagen öffnet auch keine Sicherungskopie Ihre Daten mehr.',
  },
  'delete.upstream.gone': 'Ihr Konto beim Anmeldedienst wird ebenfalls gelöscht.',
  'delete.upstream.left': 'Ihr Konto beim Anmeldedienst bleibt. Löschen Sie es dort, wenn es auch weg soll.',
  'delete.when': 'Wann',
  'delete.later': {
    one: 'In {count} Tag, am {date}. Bis dahin kann keine Website etwas lesen, und Sie können es sich anders überlegen.',
    other:
      'In {count} Tagen, am {date}. Bis dahin kann keine Website etwas lesen, und Sie können es sich anders überlegen.',
  },
  'delete.now': 'Sofort. Das lässt sich nicht rückgängig machen.',
  'delete.word': 'LÖSCHEN',
  'delete.type': 'Tippen Sie zur Bestätigung {word}',
  'delete.mistyped': 'Es wurde nichts gelöscht. Bitte tippen Sie das Wort genau so, wie es dasteht.',
  'delete.keep': 'Mein Konto behalten',
  'delete.confirm': 'Mein Konto löschen',
  'delete.pending': 'Ihr Konto wird am {date} gelöscht. Bis dahin kann keine Website etwas über Sie lesen.',
  'deleted.title': 'Ihr Konto ist gelöscht',
  'deleted.since': 'Seit {date} ist hier nichts mehr über Sie zu lesen.',
  'deleted.backups': 'Ab {date} öffnet auch keine Sicherungskopie Ihre Daten mehr.',
  'deleted.sites': 'Welche Websites benachrichtigt wurden',
  'deleted.none': 'Keine Website hat Sie je gekannt.',
  'deleted.code': 'Ihr Beleg für diese Löschung: {code}',
  'done.value': 'Der neue Wert ist gespeichert.',
  'done.kept': 'Ihr Konto bleibt. Websites können wieder lesen, was Sie mit ihnen teilen.',
  'file.made': 'Erstellt am {date}',
  'file.source.person': 'von Ihnen geschrieben',
  'file.source.upstream': 'von Ihrem Anmeldedienst',
  'file.reads': 'Wer was gelesen hat',
  'file.reads.none': 'Niemand hat etwas gelesen.',
  'file.records': 'Alle Einträge',
};
