import type { Language } from '#platform';

const fr = {
  certificate: 'Certificat de badge numérique',
  title: 'Certificat\u00a0: {badge}',
  awardedTo: 'délivré à',
  issued: 'par {issuer}, le {date}',
  issuedUnnamed: 'délivré par {issuer}, le {date}',
  unnamed: 'La personne montre ce badge sans son nom.',
  unwritable: 'Nom dans une écriture que cette feuille ne sait pas tracer. Il se lit à l’adresse ci-dessous.',
  skills: 'Ce que la personne sait faire',
  parts: 'Ce parcours réunit ces badges',
  assessment: 'Comment cela a été évalué',
  levels: 'Compétences reconnues',
  more: 'La suite se lit à l’adresse ci-dessous.',
  check: 'Vérifier ce badge',
  how: 'Scannez le code, ou tapez cette adresse\u00a0:',
  page: 'Seule cette page dit si le badge est encore valable. Cette feuille peut être copiée ou modifiée.',
  notDiploma: 'Ce badge n’est pas un diplôme d’État.',
  expires: 'Valable jusqu’au {date}.',
  pictureAlt: 'Image du badge. {alt}',
  qrAlt: 'Code QR. Il ouvre la page de vérification\u00a0: {address}',
  sheet: 'Mes badges numériques',
  sheetOf: 'Badges numériques',
  sheetTitle: 'Badges numériques de {name}',
  sheetIntro: 'Chaque badge se vérifie en quelques secondes, sans compte.',
  sheetHow: 'Scannez le code, ou tapez l’adresse écrite sous le badge.',
  sheetIssued: 'Le {date}, par {issuer}',
  pageOf: 'Page {page} sur {count}',
};

export type DocumentTexts = typeof fr;

const en: DocumentTexts = {
  certificate: 'Digital badge certificate',
  title: 'Certificate: {badge}',
  awardedTo: 'awarded to',
  issued: 'by {issuer}, on {date}',
  issuedUnnamed: 'awarded by {issuer}, on {date}',
  unnamed: 'The person shows this badge without a name.',
  unwritable: 'A name in a script that this sheet cannot draw. Read it at the address below.',
  skills: 'What the person can do',
  parts: 'This pathway brings together these badges',
  assessment: 'How it was assessed',
  levels: 'Skills recognised',
  more: 'Read the rest at the address below.',
  check: 'Check this badge',
  how: 'Scan the code, or type this address:',
  page: 'Only that page says whether the badge still counts. This sheet can be copied or changed.',
  notDiploma: 'This badge is not a State diploma.',
  expires: 'Valid until {date}.',
  pictureAlt: 'Picture of the badge. {alt}',
  qrAlt: 'QR code. It opens the page to check the badge: {address}',
  sheet: 'My digital badges',
  sheetOf: 'Digital badges',
  sheetTitle: 'Digital badges of {name}',
  sheetIntro: 'Each badge can be checked in seconds, without an account.',
  sheetHow: 'Scan the code, or type the address written below the badge.',
  sheetIssued: 'On {date}, by {issuer}',
  pageOf: 'Page {page} of {count}',
};

/** Every sentence of the documents in one language. */
export const documentTexts = (language: Language): DocumentTexts => (language === 'fr' ? fr : en);

/** Puts values in the `{places}` of a sentence. */
export const filled = (sentence: string, values: Record<string, string>): string =>
  sentence.replace(/\{([a-z]+)\}/gi, (place, name: string) => values[name] ?? place);

/** A foreign name keeps its own direction within a sentence (UAX 9, isolates). */
export const isolated = (text: string): string => `\u2068${text}\u2069`;
