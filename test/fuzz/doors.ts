import { canonicalJson, DomainError } from '#platform';
import { canonicalHash, type JsonObject } from '#signing';
import {
  badgeOfFile,
  badgeOfText,
  onlyBadge,
  verifyAnyCredential,
  verifyBadge,
  verifyPresentation,
} from '#verification';
import { challenge, domain } from '../vectors/any-world.js';
import { type FakeWeb, now } from '../vectors/world.js';
import { type FuzzInput, safeJson } from './inputs.js';
import type { Sample } from './samples.js';

/** What a door answered. */
export interface Answered {
  /** A verdict, `verified` or `refused` of a presentation, or the code of who has nothing to verify. */
  verdict: string;
  /** What is green: it must have been made by its issuer or holder. */
  green: JsonObject[];
}

const isGreen = (verdict: string): boolean => verdict === 'authentic' || verdict === 'expired';
const isSoundOf = (verdict: string): boolean => verdict === 'authentic' || verdict === 'verified';
const greenOf = ({ verdict, credential }: { verdict: string; credential?: JsonObject }): JsonObject[] =>
  isGreen(verdict) ? [credential ?? {}] : [];

/** Hands an input in at its door; throws what the door throws, unless it may. */
export async function handIn({ door, input }: FuzzInput, fetcher: FakeWeb): Promise<Answered> {
  const options = { fetcher, now };
  switch (door) {
    case 'badge': {
      const report = await verifyBadge(input, options);
      return { verdict: report.verdict, green: greenOf(report) };
    }
    case 'any credential': {
      const report = await verifyAnyCredential(input as JsonObject, options);
      return { verdict: report.verdict, green: greenOf(report) };
    }
    case 'presentation': {
      const { isVerified, credentials } = await verifyPresentation(input as JsonObject, {
        ...options,
        challenge,
        domain,
      });
      const green = isVerified ? [presentationIn(input as JsonObject)] : [];
      return {
        verdict: isVerified ? 'verified' : 'refused',
        green: [...green, ...credentials.flatMap(greenOf)],
      };
    }
    default:
      try {
        const found = await (Buffer.isBuffer(input)
          ? badgeOfFile(input, fetcher)
          : badgeOfText(input as string, fetcher));
        const report = await verifyBadge(onlyBadge(found), options);
        return { verdict: report.verdict, green: greenOf(report) };
      } catch (error) {
        if (error instanceof DomainError) return { verdict: error.code, green: [] };
        throw error;
      }
  }
}

/** The presentation itself, out of its envelope, without what secures it. */
function presentationIn(given: JsonObject): JsonObject {
  const [, payload] = /^data:[^,]+,[^.]*\.([^.]*)\./.exec(String(given.id)) ?? [];
  const { proof: _proof, ...shown } =
    payload === undefined ? given : safeJson(Buffer.from(payload, 'base64url').toString())!;
  const { iss: _iss, nonce: _nonce, aud: _aud, ...presentation } = shown;
  return presentation;
}

/** What was really made, by its meaning. */
export class Made {
  private constructor(
    private readonly samples: readonly Sample[],
    private readonly meanings: ReadonlySet<string>,
    private readonly web: FakeWeb,
  ) {}

  /** @param given of these, whatever is found sound as it is; `web` is the usual one */
  static async of(given: readonly Sample[], web: FakeWeb): Promise<Made> {
    const meanings = new Set<string>();
    for (const { door, form, content, isSound } of given) {
      const { verdict, green } = await handIn({ door, kind: form, input: content }, web);
      if (isSoundOf(verdict) !== isSound) throw new Error(`${door}: ${form} is ${verdict} as it is`);
      for (const one of green) meanings.add(await meaningOf(one));
    }
    return new Made(given, meanings, web);
  }

  /** Which of the samples is not taken any more as it was at the beginning, if any: what came between did harm. */
  async harmed(): Promise<string | undefined> {
    for (const { door, form, content, isSound } of this.samples) {
      const { verdict } = await handIn({ door, kind: form, input: content }, this.web);
      if (isSoundOf(verdict) !== isSound) return `${door}: ${form} is ${verdict} now`;
    }
    return undefined;
  }

  /** Was it made, or does it stand at its address now? A hosted badge is what stands there, whatever became of it. */
  async has(document: JsonObject, web: FakeWeb): Promise<boolean> {
    const hosted = safeJson(web.pages.get(String(document.id)) ?? '');
    if (hosted && canonicalJson(hosted) === canonicalJson(document)) return true;
    return this.meanings.has(await meaningOf(document));
  }
}

async function meaningOf({ proof: _proof, ...document }: JsonObject): Promise<string> {
  if (document['@context'] === 'https://w3id.org/openbadges/v2') return canonicalJson(document);
  return (await canonicalHash(document)).toString('hex');
}
