import { Slots, TextForm } from '#signing';
import { badgeUrl, refreshUrl } from './addresses.js';
import type { CredentialFacts, Json } from './credential-facts.js';
import {
  credentialFor,
  credentialSlots,
  evidenceText,
  identityHash,
  wholeSeconds,
} from './credential-for.js';
import { bilingual } from './level-results.js';

const slots = new Slots(credentialSlots);

/** What of a session stands in its people's credentials. */
interface SessionTexts {
  start: string;
  end: string;
}

/**
 * The JSON texts of many credentials of one issuer, planned together. The first of each badge, and way in which it was
 * established, is made by `credentialFor`; the others are its text with strings of their own, and every text is
 * `JSON.stringify(credentialFor(facts))` byte for byte. Knows badges and sessions by reference: for one round.
 */
export class CredentialTexts {
  private readonly forms = new Map<CredentialFacts['achievement'], Map<string, TextForm | undefined>>();
  private readonly sessions = new Map<CredentialFacts['session'], SessionTexts>();
  private readonly narratives = new Map<CredentialFacts['session'], Map<string, string>>();

  constructor(private readonly issuer: CredentialFacts['issuer']) {}

  /** The payload of one credential. The issuer must be the one given before. */
  textOf(facts: CredentialFacts): string {
    if (facts.issuer !== this.issuer) return JSON.stringify(credentialFor(facts));
    const forms = this.forms.get(facts.achievement) ?? new Map<string, TextForm | undefined>();
    this.forms.set(facts.achievement, forms);
    const key = `${facts.origin} ${facts.established} ${facts.session !== null}`;
    if (forms.has(key))
      return forms.get(key)?.fill(this.valuesOf(facts)) ?? JSON.stringify(credentialFor(facts));
    const text = JSON.stringify(credentialFor(facts));
    const form = TextForm.of(JSON.parse(text) as Json, slots);
    forms.set(key, form.fill(this.valuesOf(facts)) === text ? form : undefined);
    return text;
  }

  /** In the order of `credentialSlots`. */
  private valuesOf(facts: CredentialFacts): string[] {
    const { status, session } = facts;
    const dates = session && this.sessionTexts(session);
    return [
      badgeUrl(facts.origin, facts.publicId),
      wholeSeconds(facts.validFrom),
      wholeSeconds(facts.awardedAt),
      facts.subjectId,
      identityHash(facts.recipientName, facts.salt),
      facts.salt,
      ...(dates ? [dates.start, dates.end] : []),
      facts.evidenceId,
      this.narrative(facts),
      `${status.listUrl}#${status.index}`,
      String(status.index),
      status.listUrl,
      refreshUrl(facts.origin, facts.publicId, facts.refreshSecret),
    ];
  }

  private sessionTexts(session: NonNullable<CredentialFacts['session']>): SessionTexts {
    const known = this.sessions.get(session);
    if (known) return known;
    const { startsAt, durationMinutes } = session;
    const texts = {
      start: wholeSeconds(startsAt),
      end: wholeSeconds(new Date(startsAt.getTime() + durationMinutes * 60_000)),
    };
    this.sessions.set(session, texts);
    return texts;
  }

  private narrative({ session, established }: CredentialFacts): string {
    const ofSession = this.narratives.get(session) ?? new Map<string, string>();
    this.narratives.set(session, ofSession);
    const text = ofSession.get(established) ?? bilingual(evidenceText(session, established));
    ofSession.set(established, text);
    return text;
  }
}
