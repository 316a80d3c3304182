import { staffKey } from '#people';
import type { FilePerson } from './identify.js';
import type { CampaignPlan, PersonRef, UnknownStaff } from './plan.js';
import type { FileSession } from './sessions.js';
import { type CampaignWorld, hasMandate } from './world.js';

interface StaffName {
  key: string;
  name: string;
  asAssessor: boolean;
  asLead: boolean;
  asCoAnimator: boolean;
  sessions: Map<string, string>;
  assessedOn: Set<string>;
}

/** Who the names of animators and assessors are, as far as the structure and the file can tell. */
export class StaffDirectory {
  private readonly names = new Map<string, StaffName>();
  private readonly people = new Map<string, { ref: PersonRef; id: string | null }[]>();

  constructor(
    sessions: FileSession[],
    filePeople: FilePerson[],
    private readonly world: CampaignWorld,
  ) {
    for (const person of world.persons) this.addPerson(person, `id:${person.id}`, person.id);
    for (const person of filePeople)
      if (!person.known && !person.looksLike) this.addPerson(person, person.ref, null);
    for (const session of sessions) this.readSession(session);
  }

  private addPerson(
    { givenName, familyName }: { givenName: string; familyName: string },
    ref: string,
    id: string | null,
  ) {
    const key = staffKey(`${givenName} ${familyName}`);
    const same = this.people.get(key) ?? [];
    this.people.set(key, [...same, { ref, id }]);
  }

  private readSession({ code, heldOn, leads, coAnimators, rows }: FileSession): void {
    const note = (name: string): StaffName => {
      const key = staffKey(name);
      let known = this.names.get(key);
      if (!known) {
        known = {
          key,
          name,
          asAssessor: false,
          asLead: false,
          asCoAnimator: false,
          sessions: new Map(),
          assessedOn: new Set(),
        };
        this.names.set(key, known);
      }
      if (name < known.name) known.name = name;
      known.sessions.set(code, heldOn);
      return known;
    };
    for (const name of leads) note(name).asLead = true;
    for (const name of coAnimators) note(name).asCoAnimator = true;
    for (const name of new Set(
      rows.flatMap(({ content }) => content.assessments.map((one) => one.assessorName)),
    )) {
      const assessor = note(name);
      assessor.asAssessor = true;
      assessor.assessedOn.add(heldOn);
    }
  }

  private candidates(key: string): { ref: PersonRef; id: string | null }[] {
    const all = this.people.get(key) ?? [];
    const members = all.filter(
      ({ id }) => id !== null && this.world.mandates.some(({ personId }) => personId === id),
    );
    return all.length > 1 && members.length === 1 ? members : all;
  }

  /** The only person with this name; null when nobody or several have it. */
  personNamed(name: string): PersonRef | null {
    const found = this.candidates(staffKey(name));
    return found.length === 1 ? found[0]!.ref : null;
  }

  /** The member with this name who was an assessor on that day (YYYY-MM-DD); null when none was. */
  assessorNamed(name: string, day: string): PersonRef | null {
    const [only, ...more] = (this.people.get(staffKey(name)) ?? []).filter(
      ({ id }) => id !== null && hasMandate(this.world, id, 'assessor', day),
    );
    return only && more.length === 0 ? only.ref : null;
  }

  /** The names that an administrator has to confirm: their awards wait. */
  unknown(): UnknownStaff[] {
    const listed: UnknownStaff[] = [];
    for (const staff of this.names.values()) {
      const found = this.candidates(staff.key);
      const mandated = [...staff.assessedOn].every((day) => this.assessorNamed(staff.name, day) !== null);
      const reason =
        found.length > 1 && !(staff.asAssessor && mandated)
          ? 'ambiguous'
          : found.length === 0
            ? 'unknown'
            : mandated
              ? null
              : 'no_mandate';
      if (reason === null) continue;
      listed.push({
        name: staff.name,
        reason,
        person: found.length === 1 ? found[0]!.ref : null,
        asAssessor: staff.asAssessor,
        asLead: staff.asLead,
        asCoAnimator: staff.asCoAnimator,
        sessions: [...staff.sessions.keys()].sort(),
        firstDate: [...staff.sessions.values()].sort()[0]!,
      });
    }
    return listed.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Learners of the file and people without the animator's role who animate, when exactly one has the name. */
  peerAnimators(): CampaignPlan['peerAnimators'] {
    const peers: CampaignPlan['peerAnimators'] = [];
    for (const staff of this.names.values()) {
      const [only, ...more] = this.candidates(staff.key);
      if (!only || more.length > 0 || !(staff.asLead || staff.asCoAnimator)) continue;
      const days = [...staff.sessions.values()].sort();
      if (only.id !== null && days.every((day) => hasMandate(this.world, only.id!, 'animator', day)))
        continue;
      peers.push({
        name: staff.name,
        person: only.ref,
        sessions: [...staff.sessions.keys()].sort(),
        firstDate: days[0]!,
      });
    }
    return peers.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
