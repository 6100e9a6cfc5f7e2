import type { OwnDataCatalogue } from './en.ts';

export const ownDataFr: OwnDataCatalogue = {
  'nav.own': 'Télécharger et supprimer',
  'account.data.add': 'Ajouter une valeur',
  'value.title': 'Modifier : {attribute}',
  'value.text':
    'Les sites qui peuvent la lire apprennent qu’elle a changé. Ils reçoivent la nouvelle valeur quand ils la redemandent.',
  'value.source.person':
    'Vous avez écrit cette valeur vous-même. Elle reste, quoi que dise votre service de connexion.',
  'value.source.upstream':
    'Cette valeur vient de votre service de connexion. Ce que vous écrivez ici prend sa place et reste.',
  'value.source.none':
    'Rien n’est encore conservé. Seuls les sites avec lesquels vous la partagez la verront.',
  'value.changedAt': 'Dernière modification le {date}',
  'value.hint.phone': 'Avec l’indicatif du pays, par exemple +44 20 7946 0018',
  'value.optional': 'facultatif',
  'value.refused': 'Rien n’a été enregistré : quelque chose ne convient pas. Veuillez vérifier.',
  'value.fixed': 'Une valeur de ce genre ne peut pas être modifiée ici. Adressez-vous à l’exploitant.',
  'value.cancel': 'Laisser tel quel',
  'field.recipient': 'Destinataire',
  'field.street_address': 'Rue et numéro',
  'field.postal_code': 'Code postal',
  'field.locality': 'Ville',
  'field.region': 'Région',
  'field.country': 'Pays',
  'purge.title': 'Les sites l’ont-ils supprimé ?',
  'purge.text':
    'Quand un partage prend fin, le site est prié de supprimer ce qu’il a. Voici ce qu’il a répondu.',
  'purge.on_its_way': 'La demande de suppression est en route vers le site.',
  'purge.received': 'Le site a reçu la demande et a jusqu’au {date} pour confirmer.',
  'purge.confirmed': 'Le site a confirmé la suppression le {date}.',
  'purge.overdue':
    'Le site a reçu la demande le {date} et n’a rien confirmé. Vous pouvez l’interroger vous-même ; l’exploitant le voit aussi.',
  'purge.not_delivered':
    'Le site est injoignable. Vous pouvez l’interroger vous-même ; l’exploitant le voit aussi.',
  'disconnected.confirmed': 'Le site a confirmé le {date} qu’il a effacé vos données.',
  'disconnected.overdue':
    'Le site a reçu la demande le {date} et n’a rien confirmé. Vous pouvez l’interroger vous-même ; l’exploitant le voit aussi.',
  'security.everywhere': 'Se déconnecter partout',
  'security.everywhere.text':
    'Met fin à toutes vos connexions : sur tous les sites, dans tous les navigateurs, et ici.',
  'security.sites': 'Connexions aux sites',
  'security.sites.unavailable': 'Vos connexions aux sites ne peuvent pas être affichées pour le moment.',
  'security.sites.none': 'Vous n’êtes connecté à aucun site.',
  'security.sites.no': 'Aucun site encore',
  'own.title': 'Télécharger et supprimer',
  'export.title': 'Télécharger tout ce qui vous concerne',
  'export.text':
    'Un fichier ZIP avec vos données, ce que vous partagez, qui a lu quoi et quand, vos reçus et chaque entrée du journal à votre sujet : en JSON pour les programmes, et en page à lire.',
  'export.careful': 'Le fichier n’est pas chiffré. Gardez-le là où personne d’autre ne peut l’ouvrir.',
  'export.button': 'Télécharger',
  'delete.heading': 'Supprimer mon compte',
  'delete.intro': 'Supprime tout ce que nous conservons sur vous et avertit chaque site qui vous connaît.',
  'delete.title': 'Supprimer votre compte ?',
  'delete.values':
    'Vos données et leurs clés sont supprimées. Personne ne peut plus les lire, et nous ne pouvons pas les rétablir.',
  'delete.sites': 'Chaque site qui vous connaît est prié de supprimer ce qu’il a sur vous.',
  'delete.backups': {
    one: 'Après {count} jour, aucune sauvegarde n’ouvre plus vos données.',
    many: 'Après {count} de jours, aucune sauvegarde n’ouvre plus vos données.',
    other: 'Après {count} jours, aucune sauvegarde n’ouvre plus vos données.',
  },
  'delete.upstream.gone': 'Votre compte au service de connexion est supprimé aussi.',
  'delete.upstream.left':
    'Votre compte au service de connexion reste. Supprimez-le là-bas si vous le souhaitez aussi.',
  'delete.when': 'Quand',
  'delete.later': {
    one: 'Dans {count} jour, le {date}. D’ici là, aucun site ne peut rien lire, et vous pouvez changer d’avis.',
    many: 'Dans {count} de jours, le {date}. D’ici là, aucun site ne peut rien lire, et vous pouvez changer d’avis.',
    other:
      'Dans {count} jours, le {date}. D’ici là, aucun site ne peut rien lire, et vous pouvez changer d’avis.',
  },
  'delete.now': 'Tout de suite. Il n’y a pas de retour possible.',
  'delete.word': 'SUPPRIMER',
  'delete.type': 'Pour confirmer, tapez {word}',
  'delete.mistyped': 'Rien n’a été supprimé. Veuillez taper le mot exactement comme il est écrit.',
  'delete.keep': 'Garder mon compte',
  'delete.confirm': 'Supprimer mon compte',
  'delete.pending': 'Votre compte sera supprimé le {date}. D’ici là, aucun site ne peut rien lire sur vous.',
  'deleted.title': 'Votre compte est supprimé',
  'deleted.since': 'Depuis le {date}, rien ne peut plus être lu ici à votre sujet.',
  'deleted.backups': 'À partir du {date}, aucune sauvegarde n’ouvre plus vos données.',
  'deleted.sites': 'Quels sites ont été avertis',
  'deleted.none': 'Aucun site ne vous a jamais connu.',
  'deleted.code': 'Votre preuve de cette suppression : {code}',
  'done.value': 'La nouvelle valeur est enregistrée.',
  'done.kept': 'Votre compte reste. Les sites peuvent de nouveau lire ce que vous partagez avec eux.',
  'file.made': 'Créé le {date}',
  'file.source.person': 'écrit par vous',
  'file.source.upstream': 'de votre service de connexion',
  'file.reads': 'Qui a lu quoi',
  'file.reads.none': 'Personne n’a rien lu.',
  'file.records': 'Toutes les entrées',
};
