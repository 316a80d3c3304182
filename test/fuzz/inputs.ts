import { bakePng, bakeSvg } from '#baking';
import { canonicalJson, readProjectJson } from '#platform';
import { canonicalHash, type JsonObject } from '#signing';
import type { BadgeReport } from '#verification';
import { anAssertion, aSignedAssertion, endorsementUrl } from '../vectors/ob2-world.js';
import { aPng } from '../vectors/pictures.js';
import { anEndorsement, aRecord } from '../vectors/statements.js';
import { aBadge, FakeWeb, signed, signedJwt } from '../vectors/world.js';
import { grammar, mutateBytes, mutateChunks, mutateDocument, mutateText } from './mutations.js';
import { Random } from './random.js';

export interface FuzzInput {
  /** How it was made. */
  kind: string;
  input: Buffer | string | object;
  /** Pages of the web that were changed instead. */
  web?: FakeWeb;
}

const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>';
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decoded = (part: string): JsonObject =>
  JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as JsonObject;

/** Makes inputs out of real badges of every form, of their words, and of nothing. */
export class Inputs {
  private constructor(
    private readonly documents: JsonObject[],
    private readonly tokens: string[],
    private readonly pngs: Buffer[],
    private readonly svgs: string[],
    private readonly words: string[],
    private readonly web: FakeWeb,
    private readonly meanings: Set<string>,
  ) {}

  static async make(web: FakeWeb): Promise<Inputs> {
    const badge = await signed();
    const subject = { id: 'urn:uuid:1', type: ['ClrSubject'], verifiableCredential: [badge] };
    const record = aRecord({ credentialSubject: subject });
    // A base proof has a random key inside: what was shown of one is kept, so that a number makes the same input again.
    const derived = readProjectJson<JsonObject>('test/vectors/derived-badge.json');
    const documents = [badge, anAssertion(), await signed(anEndorsement()), derived, await signed(record)];
    const tokens = [signedJwt(), aSignedAssertion({ endorsement: endorsementUrl })];
    const pngs = [
      bakePng(aPng(), JSON.stringify(badge), 'ob3'),
      bakePng(aPng(), tokens[0]!, 'ob3'),
      bakePng(aPng(), JSON.stringify(anAssertion()), 'ob2'),
    ];
    const svgs = [bakeSvg(svg, JSON.stringify(badge), 'ob3'), bakeSvg(svg, tokens[1]!, 'ob2')];
    const words = new Set<string>();
    JSON.stringify([documents, [...web.pages.values()].map((page) => safeJson(page))], (name, value) => {
      words.add(name);
      if (typeof value === 'string' && value.length < 200) words.add(value);
      return value as unknown;
    });
    const meanings = new Set<string>();
    const { proof: _proof, ...shown } = derived;
    for (const document of [aBadge(), anEndorsement(), record, shown])
      meanings.add((await canonicalHash(document)).toString('hex'));
    for (const document of [anAssertion(), decoded(tokens[1]!.split('.')[1]!)])
      meanings.add(canonicalJson(document));
    return new Inputs(documents, tokens, pngs, svgs, [...words], web, meanings);
  }

  /** The input of a number; the same number always gives the same one. */
  make(number: number): FuzzInput {
    const random = new Random(number);
    switch (random.below(20)) {
      case 0:
        return { kind: 'bytes', input: random.bytes(random.below(2_000)) };
      case 1:
        return { kind: 'text', input: random.bytes(random.below(500)).toString('latin1') };
      case 2:
      case 3:
        return { kind: 'grammar', input: JSON.stringify(grammar(this.words, random)) };
      case 4:
      case 5:
        return { kind: 'document', input: mutateDocument(random.pick(this.documents), random) };
      case 6:
      case 7:
        return { kind: 'json', input: mutateText(JSON.stringify(random.pick(this.documents)), random) };
      case 8:
        return {
          kind: 'json bytes',
          input: mutateBytes(Buffer.from(JSON.stringify(random.pick(this.documents))), random),
        };
      case 9:
        return this.changedWeb(random);
      case 10:
      case 11:
      case 12:
        return { kind: 'png chunks', input: mutateChunks(random.pick(this.pngs), random) };
      case 13:
        return { kind: 'png bytes', input: mutateBytes(random.pick(this.pngs), random) };
      case 14:
      case 15:
        return { kind: 'svg', input: Buffer.from(mutateText(random.pick(this.svgs), random)) };
      case 16:
        return { kind: 'jwt parts', input: this.recombined(random) };
      case 17:
        return { kind: 'jwt content', input: this.rewritten(random) };
      default:
        return { kind: 'jwt text', input: mutateText(random.pick(this.tokens), random) };
    }
  }

  /** Does an authentic report speak of a badge that was really made? */
  async isGenuine({ credential }: BadgeReport, web: FakeWeb): Promise<boolean> {
    if (!credential) return false;
    // A hosted badge is what stands at its address, whatever became of it there.
    const hosted = safeJson(web.pages.get(String(credential.id)) ?? '');
    if (hosted && canonicalJson(hosted) === canonicalJson(credential)) return true;
    const { proof: _proof, ...document } = credential;
    if (this.meanings.has(canonicalJson(document))) return true;
    return this.meanings.has((await canonicalHash(document)).toString('hex'));
  }

  private recombined(random: Random): string {
    const [one, other] = [random.pick(this.tokens).split('.'), random.pick(this.tokens).split('.')];
    return one.map((part, i) => (random.oneIn(2) ? part : other[i]!)).join(random.oneIn(10) ? '..' : '.');
  }

  private rewritten(random: Random): string {
    const parts = random.pick(this.tokens).split('.');
    const i = random.below(2);
    parts[i] = encoded(mutateDocument(decoded(parts[i]!), random));
    return parts.join('.');
  }

  private changedWeb(random: Random): FuzzInput {
    const pages = new Map(this.web.pages);
    const url = random.pick([...pages.keys()]);
    const page = pages.get(url)!;
    const document = safeJson(page);
    pages.set(
      url,
      document && random.oneIn(2)
        ? JSON.stringify(mutateDocument(document, random))
        : mutateText(page, random),
    );
    const statuses = new Map(random.oneIn(10) ? [[url, 200 + random.below(400)]] : []);
    const input = random.oneIn(2) ? random.pick(this.documents) : random.pick(this.tokens);
    return { kind: 'web', input, web: new FakeWeb(pages, statuses) };
  }
}

function safeJson(text: string): JsonObject | undefined {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return undefined;
  }
}
