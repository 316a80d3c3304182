import {
  cleanName,
  nameKey,
  normaliseEmail,
  normalisePhone,
  staffKey,
  unaccented,
  withoutParenthesis,
} from '#people';
import type { AttendanceStatus, Outcome } from '../session.entity.js';
import {
  listOf,
  namesIn,
  oneLine,
  parseDate,
  type Read,
  readBirthYear,
  readDate,
  readDuration,
  readPresence,
  readResult,
  readTime,
  readWish,
  type Wish,
} from './cells.js';
import { type Column } from './columns.js';
import { type Issue, issue, quoted } from './issue.js';
import { campaignLimits, type RawRow } from './read-campaign.js';
import { readSessionCode } from './session-code.js';
import type { CampaignWorld, WorldWorkshop } from './world.js';

export interface RowPerson {
  givenName: string;
  familyName: string;
  /** Null only once a human has said that the row is about a member, who may have none. */
  birthYear: number | null;
  nameKey: string;
  phone: string | null;
  email: string | null;
}

/** Cells that go to the schema "private" and nowhere else. */
export interface PrivateCells {
  diagnosticDate: string | null;
  startingLevel: string | null;
  equipment: string[];
  language: string | null;
  gender: string | null;
  municipality: string | null;
  wish: Wish;
  observation: string | null;
}

export interface RowAssessment {
  targetKind: 'competency' | 'criterion';
  targetCode: string;
  outcome: Exclude<Outcome, 'not_assessed'>;
  assessorName: string;
}

/** What a row says, once it can be read. */
export interface RowContent {
  sessionCode: string;
  workshopCode: string;
  heldOn: string;
  time: string | null;
  durationMinutes: number | null;
  place: string | null;
  leads: string[];
  coAnimators: string[];
  /** Null for somebody whose presence counts without a name. */
  person: RowPerson | null;
  status: AttendanceStatus;
  assessments: RowAssessment[];
  private: PrivateCells;
}

export interface CampaignRow {
  row: number;
  line: number;
  issues: Issue[];
  /** Null when the row is rejected. */
  content: RowContent | null;
}

/** Collects the issues of one row while its cells are read. */
class RowReader {
  readonly issues: Issue[] = [];

  constructor(
    private readonly raw: RawRow,
    readonly world: CampaignWorld,
    readonly today: string,
  ) {}

  cell(column: Column): string {
    return this.raw.cells[column] ?? '';
  }

  add(found: Issue): void {
    this.issues.push(found);
  }

  /** The value, or null with its fault noted. */
  take<T>(read: Read<T>): T | null {
    if ('value' in read) return read.value;
    this.add(read.fault);
    return null;
  }
}

/** Reads one row against the world: every fault of every cell is told, not only the first. */
export function readRow(raw: RawRow, world: CampaignWorld, today: string): CampaignRow {
  const { row, line } = raw;
  if (raw.faults.length > 0) return { row, line, issues: raw.faults, content: null };
  const reader = new RowReader(raw, world, today);
  for (const [column, cell] of Object.entries(raw.cells) as [Column, string][])
    if (cell.length > campaignLimits.cellCharacters && [...cell].length > campaignLimits.cellCharacters)
      reader.add(issue('cell_too_long', column, [...cell].length, campaignLimits.cellCharacters));
  const content = readContent(reader);
  const rejected = content === null || reader.issues.some(({ severity }) => severity === 'reject');
  return { row, line, issues: reader.issues, content: rejected ? null : content };
}

function readContent(reader: RowReader): RowContent | null {
  const sessionCode = reader.take(readSessionCode(reader.cell('session'), reader.world));
  const workshop = readWorkshop(reader);
  const heldOn = reader.take(readDate(reader.cell('date'), reader.today));
  const time = reader.take(readTime(reader.cell('time')));
  const durationMinutes = reader.take(readDuration(reader.cell('duration')));
  const status = reader.take(readPresence(reader.cell('presence')));
  const named = readPerson(reader, heldOn ?? reader.today);
  const assessments = readAssessments(reader, workshop, status, named);
  if (sessionCode === null || workshop === null || heldOn === null || status === null || named === 'refused')
    return null;
  return {
    sessionCode,
    workshopCode: workshop.code,
    heldOn,
    time,
    durationMinutes,
    place: oneLine(reader.cell('place')) || null,
    leads: namesIn(reader.cell('lead')),
    coAnimators: namesIn(reader.cell('coAnimators')),
    person: named === 'anonymous' ? null : named,
    status,
    assessments,
    private: readPrivate(reader, named === 'anonymous' ? null : named, heldOn),
  };
}

function readWorkshop(reader: RowReader): WorldWorkshop | null {
  const { workshops } = reader.world;
  const codes = workshops.map(({ code }) => code).join(', ');
  const cell = oneLine(reader.cell('workshop').replace(/\p{Pd}/gu, '-'));
  if (cell === '') {
    reader.add(issue('workshop_missing', 'workshop', codes));
    return null;
  }
  const wanted = cell.toUpperCase();
  const found = workshops.find(({ code }) => {
    const rest = wanted.startsWith(code) ? wanted.slice(code.length) : null;
    return rest !== null && /^(\s|:|$)/.test(rest);
  });
  const titled = found ?? workshops.find(({ title }) => unaccented(title.fr ?? '') === unaccented(cell));
  if (!titled) reader.add(issue('workshop_unknown', 'workshop', quoted(reader.cell('workshop')), codes));
  return titled ?? null;
}

function readName(reader: RowReader, column: 'familyName' | 'givenName'): string {
  const { name, removed } = cleanName(reader.cell(column));
  if (removed.includes('bidi')) reader.add(issue('name_controls_removed', column, quoted(name)));
  else if (removed.includes('invisible')) reader.add(issue('name_invisible_removed', column, quoted(name)));
  return name;
}

/** Persons of a year count as one year younger until the year is over: nobody is taken for older than he is. */
const youngestAge = (birthYear: number, day: string): number => Number(day.slice(0, 4)) - birthYear - 1;

const isUnder15 = (birthYear: number, day: string): boolean => youngestAge(birthYear, day) < 15;
export const isMinor = (birthYear: number, day: string): boolean => youngestAge(birthYear, day) < 18;

function readPerson(reader: RowReader, day: string): RowPerson | 'anonymous' | 'refused' {
  const familyName = readName(reader, 'familyName');
  const givenName = readName(reader, 'givenName');
  if (unaccented(familyName) === 'anonyme' && ['', '-', 'anonyme'].includes(unaccented(givenName))) {
    reader.add(issue('anonymous', 'familyName'));
    return 'anonymous';
  }
  if (familyName === '' || givenName === '') {
    reader.add(issue('name_missing', familyName === '' ? 'familyName' : 'givenName'));
    return 'refused';
  }
  const year = readBirthYear(reader.cell('birthYear'), Number(day.slice(0, 4)));
  if ('fault' in year) {
    reader.add(year.fault);
    return 'refused';
  }
  const email = readContact(reader, 'email', normaliseEmail);
  const phone = readContact(reader, 'phone', normalisePhone);
  if (year.value === null) {
    reader.add(issue('birth_year_missing', 'birthYear'));
    return 'anonymous';
  }
  if (isUnder15(year.value, day)) reader.add(issue('under_15', 'birthYear'));
  else if (isMinor(year.value, day)) reader.add(issue('minor', 'birthYear'));
  const given = givenName === '-' ? '' : givenName;
  return {
    givenName: given,
    familyName,
    birthYear: year.value,
    nameKey: nameKey(given, familyName),
    phone,
    email,
  };
}

function readContact(
  reader: RowReader,
  column: 'email' | 'phone',
  normalise: (text: string) => string | null,
) {
  const cell = reader.cell(column).trim();
  if (cell === '') return null;
  const contact = normalise(cell);
  if (contact === null) reader.add(issue(`${column}_invalid`, column, quoted(cell)));
  return contact;
}

type Target = Pick<RowAssessment, 'targetKind' | 'targetCode'>;

function readTargets(reader: RowReader, workshop: WorldWorkshop | null): Target[] {
  const known = Object.values(reader.world.competencies);
  const targets: Target[] = [];
  for (const written of listOf(reader.cell('competency'), /[\s,;/]+/u)) {
    const code = written.toUpperCase().replace(/\p{Pd}/gu, '-');
    const examples = known[0]?.slice(0, 3).join(', ') ?? '2.1';
    if (known.some((codes) => codes.includes(written)))
      targets.push({ targetKind: 'competency', targetCode: written });
    else if (workshop?.criteria.includes(code)) targets.push({ targetKind: 'criterion', targetCode: code });
    else reader.add(issue('competency_unknown', 'competency', quoted(written), examples));
  }
  return targets;
}

/** The assessments that may be recorded: none for somebody absent, anonymous, or judged by nobody or by himself. */
function readAssessments(
  reader: RowReader,
  workshop: WorldWorkshop | null,
  status: AttendanceStatus | null,
  person: RowPerson | 'anonymous' | 'refused',
): RowAssessment[] {
  const targets = readTargets(reader, workshop);
  const outcome = reader.take(readResult(reader.cell('result')));
  if (outcome === null || outcome === 'not_assessed' || person === 'refused') return [];
  if (status === 'absent' || status === 'excused') {
    reader.add(issue('absent_but_assessed', 'result', quoted(reader.cell('result'))));
    return [];
  }
  if (person === 'anonymous') {
    reader.add(issue('anonymous_assessed', 'result'));
    return [];
  }
  const assessors = namesIn(reader.cell('assessor'));
  const self = staffKey(`${person.givenName} ${person.familyName}`);
  const assessor = assessors.find((name) => staffKey(name) !== self);
  if (reader.cell('competency').trim() === '')
    reader.add(
      issue('competency_missing', 'competency', Object.values(reader.world.competencies)[0]?.[0] ?? '2.1'),
    );
  if (assessors.length === 0) reader.add(issue('assessor_missing', 'assessor'));
  else if (assessor === undefined) reader.add(issue('self_assessed', 'assessor'));
  if (assessor === undefined) return [];
  return targets.map((target) => ({ ...target, outcome, assessorName: withoutParenthesis(assessor) }));
}

function readPrivate(reader: RowReader, person: RowPerson | null, heldOn: string): PrivateCells {
  const text = (column: Column) => oneLine(reader.cell(column)) || null;
  const written = reader.cell('diagnosticDate').trim();
  const diagnostic = written === '' ? null : parseDate(written);
  if (typeof diagnostic === 'string')
    reader.add(issue('diagnostic_date_invalid', 'diagnosticDate', quoted(written)));
  const wish = reader.take(readWish(reader.cell('publication'))) ?? 'ask';
  return {
    diagnosticDate: diagnostic !== null && typeof diagnostic !== 'string' ? diagnostic.date : null,
    startingLevel: text('startingLevel'),
    equipment: listOf(reader.cell('equipment'), /[,;/]/u),
    language: text('language'),
    gender: text('gender'),
    municipality: text('municipality'),
    // Under 15 nothing may become public on the structure's word, whatever the cell says.
    wish: person?.birthYear && isUnder15(person.birthYear, heldOn) ? 'no' : wish,
    observation: reader.cell('observations').trim() === '' ? null : reader.cell('observations'),
  };
}
