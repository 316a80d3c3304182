/** The columns of a campaign file, by what they hold. */
export type Column =
  | 'session'
  | 'workshop'
  | 'date'
  | 'time'
  | 'duration'
  | 'place'
  | 'lead'
  | 'coAnimators'
  | 'familyName'
  | 'givenName'
  | 'birthYear'
  | 'gender'
  | 'municipality'
  | 'phone'
  | 'email'
  | 'language'
  | 'equipment'
  | 'diagnosticDate'
  | 'startingLevel'
  | 'presence'
  | 'competency'
  | 'result'
  | 'assessor'
  | 'publication'
  | 'observations';

interface ColumnDefinition {
  title: string;
  required: boolean;
  /** Other titles that mean the same, already folded as `foldTitle` does. */
  also: string[];
}

/** In the order of the template. The titles are those that structures know; a file may order them as it likes. */
export const columns: Record<Column, ColumnDefinition> = {
  session: {
    title: 'N° séance',
    required: true,
    also: ['noseance', 'numeroseance', 'numerodeseance', 'seance'],
  },
  workshop: { title: 'Atelier', required: true, also: [] },
  date: { title: 'Date', required: true, also: ['datedelaseance', 'dateseance'] },
  time: { title: 'Heure', required: false, also: ['heurededebut'] },
  duration: { title: 'Durée (h)', required: false, also: ['duree', 'dureeenheures', 'dureeheures'] },
  place: { title: 'Lieu', required: false, also: [] },
  lead: {
    title: 'Animateur·rice',
    required: false,
    also: ['animateur', 'animatrice', 'animateurtrice', 'animateuranimatrice', 'animateurice'],
  },
  coAnimators: {
    title: 'Co-animateur(s)',
    required: false,
    also: ['coanimateur', 'coanimateurrices', 'coanimation'],
  },
  familyName: { title: 'Nom', required: true, also: ['nomdefamille'] },
  givenName: { title: 'Prénom', required: true, also: ['prenoms'] },
  birthYear: { title: 'Année de naissance', required: true, also: ['anneenaissance'] },
  gender: { title: 'Genre', required: false, also: [] },
  municipality: { title: 'Commune', required: false, also: [] },
  phone: {
    title: 'N° de téléphone',
    required: false,
    also: ['nodetelephone', 'numerodetelephone', 'telephone', 'tel', 'notelephone', 'ntelephone'],
  },
  email: { title: 'E-mail', required: false, also: ['mail', 'courriel', 'adresseemail', 'adressemail'] },
  language: { title: 'Langue', required: false, also: [] },
  equipment: { title: 'Matériel', required: false, also: [] },
  diagnosticDate: { title: 'Diagnostic préalable', required: false, also: [] },
  startingLevel: { title: 'Niveau de départ', required: false, also: [] },
  presence: { title: 'Présence', required: true, also: [] },
  competency: { title: 'Compétence évaluée', required: true, also: ['competencesevaluees', 'competence'] },
  result: { title: 'Résultat', required: true, also: [] },
  assessor: { title: 'Évalué par', required: true, also: ['evaluepar', 'evaluateur', 'evaluateurrice'] },
  publication: { title: 'Accord publication', required: false, also: ['accorddepublication'] },
  observations: { title: 'Observations', required: false, also: ['observation'] },
};

/** A title without case, accents, spaces, signs: « Évalué par » and « EVALUE  PAR » are one. */
const foldTitle = (title: string): string =>
  title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

const byTitle = new Map<string, Column>();
for (const [column, { title, also }] of Object.entries(columns) as [Column, ColumnDefinition][])
  for (const folded of [foldTitle(title), ...also]) byTitle.set(folded, column);

const columnOf = (title: string): Column | undefined => byTitle.get(foldTitle(title));

export interface HeaderReading {
  /** Column of each position; undefined where the title is unknown. */
  positions: (Column | undefined)[];
  /** Required titles that no position has. */
  missing: string[];
  /** Optional titles that no position has. */
  absent: string[];
  /** Titles that stand twice or more. */
  duplicated: string[];
  /** Titles as written that mean nothing here: their cells are not read. */
  unknown: string[];
}

/** What the header line says, whatever its order. */
export function readHeader(titles: string[]): HeaderReading {
  const positions = titles.map(columnOf);
  const seen = new Map<Column, number>();
  for (const column of positions) if (column) seen.set(column, (seen.get(column) ?? 0) + 1);
  const all = Object.entries(columns) as [Column, ColumnDefinition][];
  const titled = (test: (column: Column, definition: ColumnDefinition) => boolean) =>
    all.filter(([column, definition]) => test(column, definition)).map(([, { title }]) => title);
  return {
    positions,
    missing: titled((column, { required }) => required && !seen.has(column)),
    absent: titled((column, { required }) => !required && !seen.has(column)),
    duplicated: titled((column) => (seen.get(column) ?? 0) > 1),
    unknown: titles.filter((title, i) => !positions[i] && title.trim() !== '').map((title) => title.trim()),
  };
}
