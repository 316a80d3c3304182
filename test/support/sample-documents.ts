import { type BadgePicture, badgePictureAlt, badgePictureSvg } from '#badges';
import type { Certificate, CvSheet, SheetBadge } from '#documents';

const picture = (given: Partial<BadgePicture> = {}): Certificate['picture'] => {
  const drawn: BadgePicture = {
    family: 'learner',
    area: '2',
    pictogram: 'message',
    level: 2,
    initials: 'AE',
    ...given,
  };
  return { svg: badgePictureSvg(drawn), alt: badgePictureAlt(drawn).fr };
};

const address = {
  address: 'https://badges.example.org/b/0abcdefghjkmnpqrstvwxyz012',
  shortAddress: 'badges.example.org/v/0abc-defg-hjkm',
};

/** A certificate of an invented badge. */
export const aCertificate = (given: Partial<Certificate> = {}): Certificate => ({
  language: 'fr',
  title: 'Écrire et envoyer un message électronique',
  picture: picture(),
  learner: 'Amina Témoin',
  skills: ['Elle écrit un message simple avec un objet.', 'Elle joint un fichier à un message.'],
  parts: [],
  assessment: ['Vu par une personne\u00a0: une personne formée l’a vu faire.'],
  issuer: 'Atelier Exemple',
  issuedOn: '19 octobre 2026',
  levels: [
    { name: 'CRCN, 2.1\u00a0: Interagir', gloss: 'Niveau 2\u00a0: fait une action simple sans aide.' },
  ],
  isStateDiploma: false,
  ...address,
  signedAt: new Date('2026-10-19T10:00:00Z'),
  ...given,
});

export const aSheetBadge = (given: Partial<SheetBadge> = {}): SheetBadge => ({
  title: 'Écrire et envoyer un message électronique',
  picture: picture({ family: 'pathway', area: '5', pictogram: 'pathway' }),
  line: 'Elle écrit un message simple avec un objet.',
  issuer: 'Atelier Exemple',
  issuedOn: '19 octobre 2026',
  ...address,
  ...given,
});

export const aSheet = (given: Partial<CvSheet> = {}): CvSheet => ({
  language: 'fr',
  learner: 'Amina Témoin',
  badges: [aSheetBadge(), aSheetBadge()],
  date: new Date('2026-10-19T10:00:00Z'),
  ...given,
});
