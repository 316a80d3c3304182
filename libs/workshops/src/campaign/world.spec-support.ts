import { nameKey } from '#people';
import { type Catalogue, readStarterCatalogue } from '../catalogue.js';
import type { CampaignWorld, WorldPerson, WorldWorkshop } from './world.js';

const areas: Record<string, number[]> = { crcn: [3, 4, 4, 3, 2], 'digcomp-2.2': [3, 6, 4, 4, 4] };

const codes = (sizes: number[]): string[] =>
  sizes.flatMap((size, area) => Array.from({ length: size }, (_, i) => `${area + 1}.${i + 1}`));

const worldWorkshops = (catalogue: Catalogue = readStarterCatalogue()): WorldWorkshop[] =>
  catalogue.workshops.map(({ code, title, durationMinutes, maxParticipants, criteria }) => ({
    id: `workshop ${code}`,
    code,
    title,
    durationMinutes,
    maxParticipants,
    criteria: criteria.map((criterion) => criterion.code),
  }));

/** A structure that knows the starter catalogue and nobody. */
export const aWorld = (given: Partial<CampaignWorld> = {}): CampaignWorld => ({
  organisation: { id: 'structure', slug: 'chantier-exemple' },
  workshops: worldWorkshops(),
  competencies: { crcn: codes(areas.crcn!), 'digcomp-2.2': codes(areas['digcomp-2.2']!) },
  sessions: [],
  persons: [],
  aliases: [],
  mandates: [],
  otherSlugs: ['autre-structure'],
  decidedCases: [],
  ...given,
});

export const aPerson = (given: Partial<WorldPerson> & { id: string }): WorldPerson => {
  const person = {
    givenName: 'Paul',
    familyName: 'TÉMOIN',
    birthYear: 1990,
    phone: null,
    email: null,
    ...given,
  };
  return { ...person, nameKey: nameKey(person.givenName, person.familyName) };
};

/** Odile FICTIVE, a member who may assess since 2020. */
export const withAssessor = (world: CampaignWorld): CampaignWorld => ({
  ...world,
  persons: [
    ...world.persons,
    aPerson({ id: 'odile', givenName: 'Odile', familyName: 'FICTIVE', birthYear: null }),
  ],
  mandates: [
    ...world.mandates,
    { personId: 'odile', role: 'assessor', validFrom: '2020-01-01', validUntil: null },
  ],
});

export const titles =
  'N° séance;Atelier;Date;Heure;Durée (h);Lieu;Animateur·rice;Co-animateur(s);Nom;Prénom;Année de naissance;Genre;Commune;N° de téléphone;E-mail;Langue;Matériel;Diagnostic préalable;Niveau de départ;Présence;Compétence évaluée;Résultat;Évalué par;Accord publication;Observations'.split(
    ';',
  );

const usual: Record<string, string> = {
  'N° séance': 'S20',
  Atelier: "CE-1 – La prise en main de l'ordinateur",
  Date: '16/11/2026',
  Heure: '09:30',
  'Durée (h)': '2',
  Lieu: 'Salle de réunion',
  Animateur·rice: 'Odile FICTIVE (CIP)',
  Nom: 'TÉMOIN',
  Prénom: 'Paul',
  'Année de naissance': '1990',
  Présence: 'Présent',
  'Compétence évaluée': '5.2',
  Résultat: 'Acquis',
  'Évalué par': 'Odile FICTIVE',
  'Accord publication': 'oui',
};

const cell = (text: string): string => (/[;"\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A campaign file; each row says only what differs from a usual one. */
export const aFile = (rows: Partial<Record<string, string>>[], header: string[] = titles): Buffer =>
  Buffer.from(
    [
      header.map(cell).join(';'),
      ...rows.map((row) => header.map((title) => cell(row[title] ?? usual[title] ?? '')).join(';')),
    ].join('\r\n'),
  );
