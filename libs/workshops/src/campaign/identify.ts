import { DuplicateSearch, sharedContacts, staffKey } from '#people';
import type { PersonRef } from './plan.js';
import { groupBy, mostFrequent, type ReadableRow } from './sessions.js';
import type { CampaignWorld, WorldPerson } from './world.js';

/** A person of the file, all rows taken together. */
export interface FilePerson {
  ref: PersonRef;
  known: WorldPerson | null;
  givenName: string;
  familyName: string;
  birthYear: number | null;
  nameKey: string;
  phone: string | null;
  email: string | null;
  rows: ReadableRow[];
  /** Who this person may be too: then the rows wait for a human. */
  looksLike: Candidate | null;
}

/** Somebody another person may be: of the file or of the structure. */
export interface Candidate {
  ref: PersonRef;
  givenName: string;
  familyName: string;
  birthYear: number | null;
  phone: string | null;
  email: string | null;
  known: boolean;
}

export const refOf = (nameKey: string, birthYear: number | null): PersonRef =>
  `p:${nameKey}#${birthYear ?? ''}`;

/** The people that rows name: equal name keys and birth years are one person, aliases lead to the known one. */
export function peopleOf(rows: ReadableRow[], world: CampaignWorld): FilePerson[] {
  const byId = new Map(world.persons.map((person) => [person.id, person]));
  const byRef = new Map(world.persons.map((person) => [refOf(person.nameKey, person.birthYear), person]));
  for (const { nameKey, birthYear, personId } of world.aliases) {
    const person = byId.get(personId);
    if (person && !byRef.has(refOf(nameKey, birthYear))) byRef.set(refOf(nameKey, birthYear), person);
  }
  const named = rows.filter(({ content }) => content.person !== null);
  const groups = groupBy(named, ({ content }) => {
    const written = refOf(content.person!.nameKey, content.person!.birthYear);
    const known = byRef.get(written);
    return known ? refOf(known.nameKey, known.birthYear) : written;
  });
  return [...groups]
    .map(([ref, theirs]) => describe(ref, theirs, byRef.get(ref) ?? null))
    .sort((a, b) => (a.ref < b.ref ? -1 : 1));
}

function describe(ref: PersonRef, rows: ReadableRow[], known: WorldPerson | null): FilePerson {
  const written = rows.map(({ content }) => content.person!);
  const most = (of: (person: (typeof written)[number]) => string | null) =>
    mostFrequent(written.map(of).filter((value) => value !== null));
  const spelling = mostFrequent(
    written.map(({ familyName, givenName }) => `${familyName}\0${givenName}`),
  )!.split('\0');
  return {
    ref,
    known,
    familyName: known?.familyName ?? spelling[0]!,
    givenName: known?.givenName ?? spelling[1]!,
    birthYear: known ? known.birthYear : written[0]!.birthYear,
    nameKey: known?.nameKey ?? written[0]!.nameKey,
    phone: known?.phone ?? most(({ phone }) => phone),
    email: known?.email ?? most(({ email }) => email),
    rows,
    looksLike: null,
  };
}

/**
 * Marks the new people who may be somebody else. Somebody known, or with more rows, is taken as the one who stays;
 * the other one waits, and is compared with those who stay only. The order of rows has no part in it.
 */
export function markProbableDuplicates(people: FilePerson[], world: CampaignWorld): void {
  const inFile = new Set(people.flatMap(({ known }) => (known ? [known.id] : [])));
  const learners = world.persons
    .filter(({ id, birthYear }) => birthYear !== null && !inFile.has(id))
    .map(candidateOfWorld);
  const population: Candidate[] = [...learners, ...people.map(candidateOf)];
  const search = new DuplicateSearch<Candidate>(population, sharedContacts(population));
  const staff = groupBy(
    world.persons.filter(({ birthYear }) => birthYear === null),
    ({ givenName, familyName }) => staffKey(`${givenName} ${familyName}`),
  );
  for (const learner of learners.sort(byRef)) search.add(learner);
  for (const person of [...people].sort(byStanding)) {
    if (!person.known) {
      // Members have no birth year, so only the whole name can tell that a learner is one of them.
      const member = staff.get(staffKey(`${person.givenName} ${person.familyName}`))?.[0];
      person.looksLike = search.matches(candidateOf(person))[0] ?? (member ? candidateOfWorld(member) : null);
    }
    if (!person.looksLike) search.add(candidateOf(person));
  }
}

const byRef = (a: { ref: string }, b: { ref: string }): number => (a.ref < b.ref ? -1 : 1);

const byStanding = (a: FilePerson, b: FilePerson): number =>
  Number(b.known !== null) - Number(a.known !== null) ||
  b.rows.length - a.rows.length ||
  b.nameKey.length - a.nameKey.length ||
  byRef(a, b);

const candidateOf = (person: FilePerson): Candidate => ({
  ref: person.ref,
  givenName: person.givenName,
  familyName: person.familyName,
  birthYear: person.birthYear,
  phone: person.phone,
  email: person.email,
  known: person.known !== null,
});

const candidateOfWorld = (person: WorldPerson): Candidate => ({
  ref: refOf(person.nameKey, person.birthYear),
  givenName: person.givenName,
  familyName: person.familyName,
  birthYear: person.birthYear,
  phone: person.phone,
  email: person.email,
  known: true,
});
