import type { Language } from '#platform';
import { type Noun, reportHeadings } from '#verification';

export interface VerifierWords {
  title: string;
  kind: string;
  intro: string;
  textLabel: string;
  textHint: string;
  fileLabel: string;
  fileHint: string;
  camera: string;
  cameraStop: string;
  cameraLooking: string;
  cameraRefused: string;
  cameraNothing: string;
  who: string;
  whoHint: string;
  nameLabel: string;
  emailLabel: string;
  submit: string;
  privacy: string;
  another: string;
  ownPage: string;
  problem: string;
  /** Instead of it, where nobody looked for a badge. */
  problemHeads: Partial<Record<ProblemCode, string>>;
  problems: Record<ProblemCode, string>;
  statedIssuer: string;
  issuedTo: string;
  from: string;
  until: string;
  form: string;
  id: string;
  /** What was handed in. */
  kinds: Record<Noun, string>;
  /** In the place of the name of a false one. */
  unbelievable: Record<Noun, string>;
  untitled: string;
  /** Of a record that holds, when badges in it do not. */
  recordItself: string;
  /** Of several badges that were shown together: their name, and where their answers are. */
  shown: string;
  shownEach: string;
  /** Of a credential that is no badge. */
  noBadge: string;
  who2: string;
  identity: Record<'register' | 'domain' | 'key' | 'unknown', string>;
  checks: string;
  said: string;
  endorsements: string;
  /** Heading of what should be known of its results. */
  results: string;
  /** Heading of the badges of a record, and of a presentation. */
  badges: string;
  shownBadges: string;
  endorsementsOf: Record<'credential' | 'achievement' | 'issuer', string>;
  notChecked: string;
  notProven: string;
  technical: string;
  remark: string;
}

export type ProblemCode =
  | 'nothing_given'
  | 'file_too_large'
  | 'text_too_large'
  | 'form_broken'
  | 'address_unreachable'
  | 'badge_gone'
  | 'no_badge_in_picture'
  | 'not_a_badge'
  | 'paper_handed_in'
  | 'qr_without_address'
  | 'picture_too_large'
  | 'too_many_tries';

const fr: VerifierWords = {
  title: 'Vérifier un badge',
  kind: 'Vérificateur',
  intro: 'Tout Open Badge, d’ici ou d’ailleurs. Sans compte. Rien n’est gardé.',
  textLabel: 'Le lien du badge, ou son contenu',
  textHint: 'Collez l’adresse (https://…) ou le texte du badge.',
  fileLabel: 'Ou un fichier',
  fileHint: 'L’image du badge (PNG, SVG), son fichier (JSON, JWT) ou une photo du code QR. 5 Mo au plus.',
  camera: 'Lire le code QR avec la caméra',
  cameraStop: 'Arrêter la caméra',
  cameraLooking: 'Montrez le code à la caméra.',
  cameraRefused: 'La caméra n’est pas disponible. Prenez le code en photo et choisissez la photo.',
  cameraNothing: 'Ce code ne contient pas l’adresse d’un badge.',
  who: 'Est-ce bien le badge de cette personne ?',
  whoHint: 'Facultatif. Nous comparons avec le badge, sans rien garder.',
  nameLabel: 'Son nom',
  emailLabel: 'Son adresse e-mail',
  submit: 'Vérifier',
  privacy: 'Le badge est lu en mémoire, puis oublié.',
  another: 'Vérifier un autre badge',
  ownPage: 'Voir la page de ce badge',
  problem: 'Nous n’avons pas trouvé de badge',
  problemHeads: {
    file_too_large: 'C’est trop grand pour cette page',
    text_too_large: 'C’est trop grand pour cette page',
    picture_too_large: 'C’est trop grand pour cette page',
    too_many_tries: 'Attendez une minute',
  },
  problems: {
    nothing_given: 'Collez une adresse ou choisissez un fichier.',
    file_too_large: 'Le fichier dépasse 5 Mo. Choisissez une photo plus petite.',
    text_too_large:
      'Le texte dépasse 1 Mo, la limite de cette page. Collez le badge seul, ou donnez son lien. Sinon, demandez à son émetteur un badge plus léger.',
    form_broken: 'L’envoi n’est pas arrivé en entier. Recommencez.',
    address_unreachable:
      'Cette adresse ne donne pas de badge. Vérifiez-la lettre par lettre, ou demandez le fichier du badge.',
    badge_gone:
      'Le badge de cette adresse n’existe plus : son émetteur l’a retiré ou effacé. Demandez-lui ce qu’il en est.',
    no_badge_in_picture:
      'Cette image ne contient ni badge, ni code QR lisible. Les réseaux sociaux effacent souvent le badge des images : demandez le lien. Pour une photo, rapprochez-vous du code.',
    not_a_badge:
      'Ce que vous avez donné n’est pas un badge. Donnez son lien (https://…), son image (PNG, SVG) ou son fichier (JSON, JWT). Vous ne les avez pas\u00a0? Demandez le lien à la personne qui vous montre le badge.',
    paper_handed_in:
      'Un PDF ne contient pas le badge. Scannez le code imprimé sur le certificat, ou tapez ici l’adresse courte ou le code écrit à côté.',
    qr_without_address: 'Ce code QR ne contient pas l’adresse d’un badge.',
    picture_too_large: 'Cette image a trop de points. Réduisez-la ou prenez une photo du code seul.',
    too_many_tries:
      'Beaucoup de vérifications viennent d’être faites. Attendez une minute, puis recommencez.',
  },
  statedIssuer: 'Émetteur annoncé',
  issuedTo: reportHeadings.issuedTo.fr,
  from: 'Valable depuis le',
  until: 'Valable jusqu’au',
  form: 'Forme',
  id: 'Identifiant',
  kinds: {
    badge: 'Badge',
    endorsement: 'Recommandation',
    record: 'Relevé de badges',
    presentation: 'Présentation',
    other: 'Document',
  },
  unbelievable: {
    badge: 'Ce badge ne passe pas la vérification',
    endorsement: 'Cette recommandation ne passe pas la vérification',
    record: 'Ce relevé ne passe pas la vérification',
    presentation: 'Ces badges ne passent pas la vérification',
    other: 'Ce document ne passe pas la vérification',
  },
  untitled: 'Titre non donné',
  recordItself: 'Le relevé lui-même est authentique. Chaque badge a sa propre réponse, ci-dessous.',
  shown: 'Badges montrés ensemble',
  shownEach: 'Chaque badge a sa propre réponse, ci-dessous.',
  noBadge: 'Cette page vérifie seulement les badges. Adressez-vous à qui a émis ce document.',
  who2: 'Qui l’a émis',
  identity: {
    register: 'Structure inscrite sur ce service : {who}.',
    domain: 'L’émetteur tient le site {who}. À vous de juger si vous connaissez ce site.',
    key: 'L’émetteur n’est connu que par une clé. N’importe qui peut en créer une.',
    unknown: 'Nous ne savons pas qui est l’émetteur.',
  },
  checks: 'Vérifications faites',
  said: 'Ce que dit le badge',
  endorsements: 'Recommandations',
  results: 'Regardez ses résultats',
  badges: 'Les badges du relevé, un par un',
  shownBadges: 'Les badges montrés, un par un',
  endorsementsOf: { credential: 'du badge', achievement: 'du modèle de badge', issuer: 'de l’émetteur' },
  notChecked: reportHeadings.notChecked.fr,
  notProven: reportHeadings.notProven.fr,
  technical: 'Détails techniques',
  remark: 'Remarque',
};

const en: VerifierWords = {
  title: 'Check a badge',
  kind: 'Verifier',
  intro: 'Any Open Badge, from here or elsewhere. No account. Nothing is kept.',
  textLabel: 'The link of the badge, or its content',
  textHint: 'Paste the address (https://…) or the text of the badge.',
  fileLabel: 'Or a file',
  fileHint:
    'The picture of the badge (PNG, SVG), its file (JSON, JWT) or a photo of the QR code. At most 5 MB.',
  camera: 'Read the QR code with the camera',
  cameraStop: 'Stop the camera',
  cameraLooking: 'Show the code to the camera.',
  cameraRefused: 'The camera is not available. Take a photo of the code and choose the photo.',
  cameraNothing: 'This code does not hold the address of a badge.',
  who: 'Is it this person’s badge?',
  whoHint: 'Optional. It is compared with the badge and not kept.',
  nameLabel: 'Their name',
  emailLabel: 'Their e-mail address',
  submit: 'Check',
  privacy: 'The badge is read in memory, then forgotten.',
  another: 'Check another badge',
  ownPage: 'See the page of this badge',
  problem: 'We found no badge',
  problemHeads: {
    file_too_large: 'This is too large for this page',
    text_too_large: 'This is too large for this page',
    picture_too_large: 'This is too large for this page',
    too_many_tries: 'Wait a minute',
  },
  problems: {
    nothing_given: 'Paste an address or choose a file.',
    file_too_large: 'The file is larger than 5 MB. Choose a smaller photo.',
    text_too_large:
      'The text is larger than 1 MB, the limit of this page. Paste the badge alone, or give its link. Otherwise ask its issuer for a lighter badge.',
    form_broken: 'What you sent did not arrive whole. Try again.',
    address_unreachable:
      'This address gives no badge. Check it letter by letter, or ask for the file of the badge.',
    badge_gone:
      'The badge at this address is gone: its issuer withdrew or deleted it. Ask the issuer what became of it.',
    no_badge_in_picture:
      'This picture holds neither a badge nor a readable QR code. Social networks often remove the badge from pictures: ask for the link. With a photo, come closer to the code.',
    not_a_badge:
      'What you gave is no badge. Give its link (https://…), its picture (PNG, SVG) or its file (JSON, JWT). You have none of these? Ask the person who shows you the badge for its link.',
    paper_handed_in:
      'A PDF does not hold the badge. Scan the code printed on the certificate, or type here the short address or the code beside it.',
    qr_without_address: 'This QR code does not hold the address of a badge.',
    picture_too_large: 'This picture has too many dots. Make it smaller, or take a photo of the code alone.',
    too_many_tries: 'Many checks were made just now. Wait a minute, then try again.',
  },
  statedIssuer: 'Stated issuer',
  issuedTo: reportHeadings.issuedTo.en,
  from: 'Valid since',
  until: 'Valid until',
  form: 'Form',
  id: 'Identifier',
  kinds: {
    badge: 'Badge',
    endorsement: 'Endorsement',
    record: 'Record of badges',
    presentation: 'Presentation',
    other: 'Document',
  },
  unbelievable: {
    badge: 'This badge does not pass the check',
    endorsement: 'This endorsement does not pass the check',
    record: 'This record does not pass the check',
    presentation: 'These badges do not pass the check',
    other: 'This document does not pass the check',
  },
  untitled: 'No title given',
  recordItself: 'The record itself is authentic. Each badge has its own answer, below.',
  shown: 'Badges shown together',
  shownEach: 'Each badge has its own answer, below.',
  noBadge: 'This page checks badges only. Ask whoever issued this document.',
  who2: 'Who issued it',
  identity: {
    register: 'An organisation registered with this service: {who}.',
    domain: 'The issuer holds the site {who}. It is for you to judge whether you know that site.',
    key: 'The issuer is known by a key only. Anybody can make one.',
    unknown: 'We do not know who the issuer is.',
  },
  checks: 'Checks made',
  said: 'What the badge says',
  endorsements: 'Endorsements',
  results: 'Look at its results',
  badges: 'The badges of the record, one by one',
  shownBadges: 'The badges shown, one by one',
  endorsementsOf: {
    credential: 'of the badge',
    achievement: 'of the kind of badge',
    issuer: 'of the issuer',
  },
  notChecked: reportHeadings.notChecked.en,
  notProven: reportHeadings.notProven.en,
  technical: 'Technical details',
  remark: 'Remark',
};

/** Every text of the verifier's pages. */
export const verifierWords = (language: Language): VerifierWords => (language === 'fr' ? fr : en);

/** For tests that compare the languages. */
export const verifierTexts: Record<'fr' | 'en', VerifierWords> = { fr, en };
