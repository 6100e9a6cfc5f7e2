// Generated from docs/contract by `npm run contract`. Do not edit: change the registry there.

import type { VisitorLanguage } from '../visitor-texts.ts';

/** Deutsch. */
export const de: VisitorLanguage = {
  tag: 'de',
  direction: 'ltr',
  words: {
    signIn: 'Wieder anmelden',
    share: 'Wählen, was geteilt wird',
    start: 'Zurück zur Startseite',
    code: 'Code',
    request: 'Anfrage',
  },
  texts: {
    away: [
      'Die Anmeldung funktioniert gerade nicht',
      'Der Anmeldedienst dieser Website antwortet nicht.',
      'Bitte versuchen Sie es in einigen Minuten noch einmal. Wer angemeldet ist, bleibt angemeldet.',
    ],
    not_set_up: [
      'Die Anmeldung funktioniert gerade nicht',
      'Auf dieser Website ist etwas nicht richtig eingerichtet.',
      'Bitte nennen Sie der Website den Code unten. Wer angemeldet ist, bleibt angemeldet.',
    ],
    busy: [
      'Das funktioniert gerade nicht',
      'Ein Dienst, den diese Website braucht, antwortet nicht.',
      'Bitte versuchen Sie es in einigen Minuten noch einmal. Wer angemeldet ist, bleibt angemeldet.',
    ],
    unusable: [
      'Die Anmeldung hat nicht funktioniert',
      'Der Anmeldedienst hat eine Antwort gegeben, mit der diese Website nichts anfangen kann.',
      'Bitte melden Sie sich noch einmal an. Bleibt es dabei, nennen Sie der Website den Code unten.',
    ],
    not_finished: [
      'Die Anmeldung wurde nicht abgeschlossen',
      'Sie begann in einem anderen Browser, oder dieser Browser behält keine Cookies dieser Website.',
      'Bitte erlauben Sie Cookies dieser Website und melden Sie sich noch einmal an.',
    ],
    too_late: [
      'Die Anmeldung hat zu lange gedauert',
      'Zu Ihrer Sicherheit endet sie nach einer Weile.',
      'Bitte melden Sie sich noch einmal an.',
    ],
    declined: [
      'Sie sind nicht angemeldet',
      'Die Anmeldung wurde abgelehnt.',
      'Sie können sich noch einmal anmelden oder ohne Anmeldung weitermachen.',
    ],
    not_signed_in: [
      'Sie sind nicht angemeldet',
      'Das ist nur für Angemeldete, und eine Anmeldung endet nach einer Weile.',
      'Bitte melden Sie sich an, um weiterzumachen.',
    ],
    step_up: [
      'Hier ist eine sicherere Anmeldung nötig',
      'Das verlangt eine neuere oder sicherere Anmeldung als Ihre.',
      'Bitte gehen Sie zurück, versuchen Sie es noch einmal und wählen Sie, wenn möglich, eine sicherere Art der Anmeldung.',
    ],
    not_shared: [
      'Hier wird etwas von Ihnen gebraucht',
      'Sie haben nicht zugestimmt, das mit der Website zu teilen, oder Ihre Zustimmung ist abgelaufen.',
      'Wählen Sie, was geteilt wird, um weiterzumachen. Sie können das jederzeit zurücknehmen.',
    ],
    restricted: [
      'Das muss warten',
      'Sie haben eingeschränkt, was mit Ihren Daten geschehen darf.',
      'Es geht weiter, sobald Sie das aufgehoben haben.',
    ],
    data_away: [
      'Ihre Daten können gerade nicht gezeigt werden',
      'Die Stelle, die sie aufbewahrt, hat keine brauchbare Antwort gegeben.',
      'Bitte versuchen Sie es in einigen Minuten noch einmal. Bleibt es dabei, nennen Sie der Website den Code unten.',
    ],
    form_refused: [
      'Das Formular wurde nicht angenommen',
      'Seine Seite war zu lange offen, oder es kam von anderswo.',
      'Bitte laden Sie die Seite neu und schicken Sie das Formular noch einmal.',
    ],
    nothing_here: [
      'Hier ist nichts',
      'Vielleicht ist die Adresse falsch geschrieben, oder was hier war, gibt es nicht mehr.',
      'Bitte machen Sie auf der Startseite weiter.',
    ],
    not_allowed: [
      'Das ist nicht erlaubt',
      'Das Konto darf das hier nicht.',
      'Bitte fragen Sie die Website, wenn Sie meinen, dass es das dürfen sollte.',
    ],
    too_often: [
      'Das war zu oft',
      'Das kam in kurzer Zeit zu viele Male.',
      'Bitte warten Sie eine Minute und versuchen Sie es noch einmal.',
    ],
    general: [
      'Das hat nicht funktioniert',
      'Die Website konnte nicht tun, was verlangt war.',
      'Bitte versuchen Sie es von der Startseite aus noch einmal. Bleibt es dabei, nennen Sie der Website den Code unten.',
    ],
  },
};
