import type { EndorsementRefusal } from '#badges';
import type { Language } from '#platform';

const fr = {
  kind: 'Recommandation',
  title: {
    achievement: 'Ce badge, vous le connaissez ?',
    issuer: 'Cette structure, vous la connaissez ?',
    badge: 'Ce badge d’une personne, vous le connaissez ?',
  },
  asked: '{structure} vous demande quelques phrases.',
  about: {
    achievement: 'Il s’agit du badge « {name} ».',
    issuer: 'Il s’agit de la structure « {name} ».',
    badge: 'Il s’agit du badge « {name} » d’une personne.',
  },
  look: 'Voir de quoi il s’agit',
  shown: 'Vos phrases seront publiques, si {structure} les accepte.',
  noCheck: 'Nous ne vérifions pas qui vous êtes. Nous le disons à côté de vos phrases.',
  name: 'Nom de votre organisation',
  url: 'Site de votre organisation (si elle en a un)',
  urlHelp: 'L’adresse commence par https://',
  comment: 'Vos phrases',
  commentHelp:
    'De 20 à 1 500 caractères. Pas de lien, pas de téléphone, pas d’adresse. Rien de privé sur une personne.',
  send: 'Envoyer mes phrases',
  signedTitle: 'Vous savez signer vous-même ?',
  signedHelp:
    'Collez ici un EndorsementCredential (JSON ou JWT) que votre organisation a signé. Son sujet doit être :',
  signed: 'Recommandation signée',
  sendSigned: 'Envoyer la recommandation signée',
  doneTitle: 'Merci. C’est envoyé.',
  doneText: '{structure} va lire vos phrases et décider de les montrer ou non.',
  keep: 'Gardez cette adresse. Elle permet de retirer vos phrases plus tard :',
  withdrawTitle: 'Retirer vos phrases ?',
  withdrawText:
    'Elles disparaissent de nos pages tout de suite. Les copies déjà prises par d’autres restent chez eux.',
  withdrawButton: 'Retirer mes phrases',
  withdrawnTitle: 'C’est retiré.',
  withdrawnText: 'Vos phrases sont effacées de notre service.',
  goneTitle: 'Ce lien ne marche plus',
  goneText: 'Il a déjà servi, il est trop ancien, ou il est faux. Demandez un nouveau lien à la structure.',
  tooMany: 'Trop d’essais. Attendez un peu.',
  error: 'À corriger',
};

const en: typeof fr = {
  kind: 'Endorsement',
  title: {
    achievement: 'Do you know this badge?',
    issuer: 'Do you know this structure?',
    badge: 'Do you know this person’s badge?',
  },
  asked: '{structure} asks you for a few sentences.',
  about: {
    achievement: 'It is about the badge "{name}".',
    issuer: 'It is about the structure "{name}".',
    badge: 'It is about the badge "{name}" of one person.',
  },
  look: 'See what it is about',
  shown: 'Your sentences will be public, if {structure} accepts them.',
  noCheck: 'We do not check who you are. We say so beside your sentences.',
  name: 'Name of your organisation',
  url: 'Site of your organisation (if it has one)',
  urlHelp: 'The address begins with https://',
  comment: 'Your sentences',
  commentHelp:
    '20 to 1,500 characters. No link, no telephone number, no address. Nothing private about a person.',
  send: 'Send my sentences',
  signedTitle: 'Can you sign by yourself?',
  signedHelp:
    'Paste an EndorsementCredential (JSON or JWT) here that your organisation signed. Its subject must be:',
  signed: 'Signed endorsement',
  sendSigned: 'Send the signed endorsement',
  doneTitle: 'Thank you. It is sent.',
  doneText: '{structure} will read your sentences and decide whether to show them.',
  keep: 'Keep this address. It lets you take your sentences back later:',
  withdrawTitle: 'Take your sentences back?',
  withdrawText: 'They disappear from our pages at once. Copies that others took stay with them.',
  withdrawButton: 'Take my sentences back',
  withdrawnTitle: 'It is taken back.',
  withdrawnText: 'Your sentences are erased from our service.',
  goneTitle: 'This link does not work any more',
  goneText: 'It was used, it is too old, or it is wrong. Ask the structure for a new link.',
  tooMany: 'Too many tries. Wait a moment.',
  error: 'To correct',
};

export type EndorseWords = typeof fr;
export const endorseWords = (language: Language): EndorseWords => (language === 'fr' ? fr : en);

const refusals: Record<EndorsementRefusal, Record<Language, string>> = {
  too_short: {
    fr: 'Le texte est trop court : 20 caractères au moins.',
    en: 'The text is too short: at least 20 characters.',
  },
  too_long: {
    fr: 'C’est trop long. Raccourcissez, puis envoyez.',
    en: 'It is too long. Shorten it, then send it.',
  },
  control_character: {
    fr: 'Le texte contient un caractère invisible ou une tabulation. Tapez-le à nouveau.',
    en: 'The text holds an invisible character or a tab. Type it again.',
  },
  has_link: {
    fr: 'Enlevez les liens du texte. Le site a sa propre case.',
    en: 'Take links out of the text. The site has its own field.',
  },
  has_contact: {
    fr: 'Enlevez les adresses et les numéros de téléphone : tout le monde pourra lire.',
    en: 'Take addresses and telephone numbers out: anybody may read this.',
  },
  missing: {
    fr: 'Il manque une information : remplissez la case.',
    en: 'Something is missing: fill in the field.',
  },
  not_an_address: {
    fr: 'L’adresse du site doit commencer par https://',
    en: 'The address of the site must begin with https://',
  },
  not_an_endorsement: {
    fr: 'Ce n’est pas un EndorsementCredential lisible.',
    en: 'This is no EndorsementCredential that can be read.',
  },
  of_something_else: {
    fr: 'La recommandation signée parle d’autre chose. Vérifiez son sujet.',
    en: 'The signed endorsement is about something else. Check its subject.',
  },
  not_authentic: {
    fr: 'La signature ne tient pas, ou nous ne pouvons pas la vérifier.',
    en: 'The signature does not hold, or we cannot check it.',
  },
  oneself: {
    fr: 'Une structure ne se recommande pas elle-même.',
    en: 'A structure does not endorse itself.',
  },
  not_shown: {
    fr: 'La personne ne montre plus ce badge.',
    en: 'The person does not show this badge any more.',
  },
  agreement_missing: { fr: 'Il faut l’accord de la personne.', en: 'The person’s agreement is needed.' },
  unknown: { fr: 'Nous ne trouvons pas de quoi il s’agit.', en: 'We do not find what it is about.' },
};

export const refusalText = (why: EndorsementRefusal, language: Language): string => refusals[why][language];

/** What the form's pages need beside the pages' own stylesheet, with its tokens. */
export const endorseStylesheet = `
.endorse-form { display: grid; gap: 20px; margin-block-start: 24px; max-inline-size: var(--measure); }
.endorse-form label { display: block; font-weight: 700; }
.endorse-form input, .endorse-form textarea { display: block; inline-size: 100%; min-block-size: var(--target); margin-block-start: 6px; padding: 10px 12px; background: var(--sheet); color: var(--ink); border: 1px solid var(--quiet); border-radius: var(--corner); font: inherit; }
.endorse-form textarea { min-block-size: 10rem; }
.endorse-form .button, .endorse-act .button { justify-self: start; border: 0; font: inherit; font-weight: 700; cursor: pointer; }
.endorse-form code, .endorse-keep { overflow-wrap: anywhere; }
.endorse-keep { padding: 12px 16px; background: var(--tint); border-radius: var(--corner); }
.endorse details { margin-block-start: 32px; }
.endorse summary { min-block-size: var(--target); color: var(--accent); cursor: pointer; }
.endorse-error { margin-block-start: 16px; padding: 12px 16px; border-inline-start: 4px solid var(--bad); background: var(--sheet); }
`;
