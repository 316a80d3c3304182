import { unaccented } from './name.js';

/** What is compared of a person. Phone in E.164, e-mail in lower case. */
export interface Identity {
  givenName: string;
  familyName: string;
  birthYear?: number | null;
  phone?: string | null;
  email?: string | null;
}

const comparable = (name: string): string => unaccented(name).replace(/[\s-]+/gu, '');

function trigrams(word: string): Set<string> {
  const padded = [...`  ${word} `];
  return new Set(padded.slice(2).map((_, i) => padded.slice(i, i + 3).join('')));
}

/** Similarity as PostgreSQL's pg_trgm computes it on one word: shared trigrams over all trigrams, 0 to 1. */
export function trigramSimilarity(a: string, b: string): number {
  const [left, right] = [trigrams(a), trigrams(b)];
  let shared = 0;
  for (const trigram of left) if (right.has(trigram)) shared += 1;
  const all = left.size + right.size - shared;
  return all === 0 ? 0 : shared / all;
}

const digits = (name: string): string => name.replace(/\D+/gu, ' ').trim();

/** Are the names close enough to be one name with a slip? « Stagiaire 1 » and « Stagiaire 2 » are two people. */
export function similarNames(a: string, b: string): boolean {
  const [left, right] = [comparable(a), comparable(b)];
  if (left === '' || right === '') return false;
  if (left === right) return true;
  return digits(left) === digits(right) && trigramSimilarity(left, right) > 0.4;
}

/**
 * Could these be one person? Two of four: similar family name, similar given name, same phone, same e-mail.
 * Birth years that are both known and differ speak for homonyms: then three of four are needed.
 */
export function probableDuplicate(a: Identity, b: Identity): boolean {
  const signs =
    Number(similarNames(a.familyName, b.familyName)) +
    Number(similarNames(a.givenName, b.givenName)) +
    Number(a.phone != null && a.phone === b.phone) +
    Number(a.email != null && a.email === b.email);
  const yearsDiffer = a.birthYear != null && b.birthYear != null && a.birthYear !== b.birthYear;
  return signs >= (yearsDiffer ? 3 : 2);
}

/**
 * Phones and e-mails that three people or more give: the structure's own or a family's. They say nothing about
 * who is who, so the search for duplicates leaves them out.
 */
export function sharedContacts(people: Iterable<Pick<Identity, 'phone' | 'email'>>): Set<string> {
  const uses = new Map<string, number>();
  for (const { phone, email } of people)
    for (const contact of [phone, email]) if (contact) uses.set(contact, (uses.get(contact) ?? 0) + 1);
  return new Set([...uses].filter(([, count]) => count >= 3).map(([contact]) => contact));
}

/** The distinct names of a population, and which of them are similar to one another. */
class NameIndex {
  private readonly byTrigram = new Map<string, string[]>();
  private readonly known = new Map<string, string[]>();

  constructor(names: Iterable<string>) {
    for (const name of new Set(names))
      for (const trigram of trigrams(name)) push(this.byTrigram, `${digits(name)} ${trigram}`, name);
  }

  similarTo(name: string): string[] {
    const before = this.known.get(name);
    if (before) return before;
    const own = trigrams(name);
    const shared = new Map<string, number>();
    for (const trigram of own)
      for (const other of this.byTrigram.get(`${digits(name)} ${trigram}`) ?? [])
        shared.set(other, (shared.get(other) ?? 0) + 1);
    // shared / all > 0.4 implies shared > 0.4 of one's own trigrams: the rest needs no closer look.
    const similar = [...shared].filter(
      ([other, count]) => count > 0.4 * own.size && similarNames(name, other),
    );
    const names = similar.map(([other]) => other);
    this.known.set(name, names);
    return names;
  }
}

/**
 * Finds probable duplicates in a population without comparing all with all: two people can only match when they
 * share a contact or when both of their names are similar, so candidates come from those two indexes.
 */
export class DuplicateSearch<T extends Identity> {
  private readonly byContact = new Map<string, T[]>();
  private readonly byNames = new Map<string, T[]>();
  private readonly families: NameIndex;
  private readonly givens: NameIndex;

  /**
   * @param population everybody who will be added or asked for
   * @param shared contacts that say nothing about who is who, as `sharedContacts` finds them
   */
  constructor(
    population: readonly Identity[],
    private readonly shared: ReadonlySet<string> = new Set(),
  ) {
    this.families = new NameIndex(population.map((person) => comparable(person.familyName)));
    this.givens = new NameIndex(population.map((person) => comparable(person.givenName)));
  }

  private withoutShared(person: Identity): Identity {
    const own = (contact?: string | null) => (contact && !this.shared.has(contact) ? contact : null);
    return { ...person, phone: own(person.phone), email: own(person.email) };
  }

  add(person: T): void {
    const { phone, email } = this.withoutShared(person);
    for (const contact of [phone, email]) if (contact) push(this.byContact, contact, person);
    push(this.byNames, `${comparable(person.familyName)}|${comparable(person.givenName)}`, person);
  }

  /** Everybody added so far who could be the same person, in the order they were added. */
  matches(person: T): T[] {
    const identity = this.withoutShared(person);
    const found = new Set<T>();
    for (const contact of [identity.phone, identity.email])
      for (const other of (contact && this.byContact.get(contact)) || []) found.add(other);
    const givens = this.givens.similarTo(comparable(person.givenName));
    for (const family of this.families.similarTo(comparable(person.familyName)))
      for (const given of givens)
        for (const other of this.byNames.get(`${family}|${given}`) ?? []) found.add(other);
    return [...found].filter((other) => probableDuplicate(identity, this.withoutShared(other)));
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
