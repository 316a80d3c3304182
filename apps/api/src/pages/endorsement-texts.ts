import type { Language } from '#platform';

const fr = {
  heading: 'Ce qu’en disent d’autres',
  kind: 'Recommandation',
  by: 'Par {name}',
  on: 'Le {date}.',
  'own-key': 'Signé par cette organisation, avec sa propre clé.',
  received:
    'Paroles reçues par {structure}. Nous n’avons pas vérifié qui les a écrites. Personne d’autre que {structure} n’a signé.',
  brought: 'Signé ailleurs par {issuer}. Nous avons vérifié la signature, pas qui est cette organisation.',
  read: 'Voir la recommandation signée',
  about: 'Voir de quoi il s’agit',
  json: 'Fichier signé (JSON-LD)',
  jwt: 'Fichier signé (JWT)',
  files: 'Fichiers',
};
const en: typeof fr = {
  heading: 'What others say of it',
  kind: 'Endorsement',
  by: 'By {name}',
  on: 'On {date}.',
  'own-key': 'Signed by this organisation, with its own key.',
  received:
    'Words received by {structure}. We did not check who wrote them. Nobody but {structure} has signed.',
  brought: 'Signed elsewhere by {issuer}. We checked the signature, not who this organisation is.',
  read: 'See the signed endorsement',
  about: 'See what it is about',
  json: 'Signed file (JSON-LD)',
  jwt: 'Signed file (JWT)',
  files: 'Files',
};
export const endorsementWords = (language: Language): typeof fr => (language === 'fr' ? fr : en);
