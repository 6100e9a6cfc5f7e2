// Generated from docs/contract by `npm run contract`. Do not edit: change the registry there.

import type { VisitorLanguage } from '../visitor-texts.ts';

/** Français. */
export const fr: VisitorLanguage = {
  tag: 'fr',
  direction: 'ltr',
  words: {
    signIn: 'Se reconnecter',
    share: 'Choisir quoi partager',
    start: 'Retour à la page d’accueil',
    code: 'Code',
    request: 'Requête',
  },
  texts: {
    away: [
      'La connexion ne fonctionne pas pour l’instant',
      'Le service de connexion de ce site ne répond pas.',
      'Réessayez dans quelques minutes. Si vous êtes connecté, vous le restez.',
    ],
    not_set_up: [
      'La connexion ne fonctionne pas pour l’instant',
      'Quelque chose est mal configuré sur ce site.',
      'Signalez au site le code ci-dessous. Si vous êtes connecté, vous le restez.',
    ],
    busy: [
      'Cela ne fonctionne pas pour l’instant',
      'Un service dont ce site a besoin ne répond pas.',
      'Réessayez dans quelques minutes. Si vous êtes connecté, vous le restez.',
    ],
    unusable: [
      'La connexion n’a pas fonctionné',
      'Le service de connexion a donné une réponse que ce site ne peut pas utiliser.',
      'Connectez-vous à nouveau. Si cela continue, signalez au site le code ci-dessous.',
    ],
    not_finished: [
      'La connexion n’a pas été terminée',
      'Elle a commencé dans un autre navigateur, ou ce navigateur ne garde pas les cookies de ce site.',
      'Autorisez les cookies de ce site et connectez-vous à nouveau.',
    ],
    too_late: [
      'La connexion a pris trop de temps',
      'Pour votre sécurité, elle prend fin après un moment.',
      'Connectez-vous à nouveau.',
    ],
    declined: [
      'Vous n’êtes pas connecté',
      'La connexion a été refusée.',
      'Vous pouvez vous connecter à nouveau, ou continuer sans connexion.',
    ],
    not_signed_in: [
      'Vous n’êtes pas connecté',
      'Ceci est réservé aux personnes connectées, et une connexion prend fin après un moment.',
      'Connectez-vous pour continuer.',
    ],
    step_up: [
      'Une connexion plus sûre est nécessaire',
      'Ceci demande une connexion plus récente ou plus sûre que la vôtre.',
      'Revenez en arrière, réessayez et choisissez si possible une façon plus sûre de vous connecter.',
    ],
    not_shared: [
      'Votre accord est nécessaire',
      'Vous n’avez pas accepté de partager ceci avec le site, ou votre accord a pris fin.',
      'Choisissez quoi partager pour continuer. Vous pouvez revenir dessus à tout moment.',
    ],
    restricted: [
      'Ceci doit attendre',
      'Vous avez limité ce qui peut être fait de vos données.',
      'La suite sera possible quand vous aurez levé cette limite.',
    ],
    data_away: [
      'Vos données ne peuvent pas être affichées pour l’instant',
      'Le lieu où elles sont conservées n’a pas donné de réponse utilisable.',
      'Réessayez dans quelques minutes. Si cela continue, signalez au site le code ci-dessous.',
    ],
    form_refused: [
      'Le formulaire n’a pas été accepté',
      'Sa page est restée ouverte trop longtemps, ou il venait d’ailleurs.',
      'Rechargez la page et envoyez le formulaire à nouveau.',
    ],
    nothing_here: [
      'Il n’y a rien ici',
      'L’adresse est peut-être mal écrite, ou ce qui était ici n’existe plus.',
      'Continuez depuis la page d’accueil.',
    ],
    not_allowed: [
      'Ceci n’est pas autorisé',
      'Ce compte ne peut pas faire cela ici.',
      'Demandez au site si vous pensez qu’il le devrait.',
    ],
    too_often: [
      'C’était trop souvent',
      'Ceci est arrivé trop de fois en peu de temps.',
      'Attendez une minute et réessayez.',
    ],
    general: [
      'Cela n’a pas fonctionné',
      'Le site n’a pas pu faire ce qui était demandé.',
      'Réessayez depuis la page d’accueil. Si cela continue, signalez au site le code ci-dessous.',
    ],
  },
};
