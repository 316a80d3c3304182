import type { JsonObject } from '#signing';
import { FakeWeb } from '../vectors/world.js';
import { grammar, mutateBytes, mutateChunks, mutateDocument, mutateText } from './mutations.js';
import { Random } from './random.js';
import { type Door, type Sample, samples } from './samples.js';

export interface FuzzInput {
  door: Door;
  /** Door and form, as the table at the end names it. */
  kind: string;
  input: Buffer | string | JsonObject;
  /** Pages of the web that were changed instead. */
  web?: FakeWeb;
}

interface Maker extends Omit<FuzzInput, 'input'> {
  make: (random: Random) => Pick<FuzzInput, 'input' | 'web'>;
  /** How often in one round of all kinds. */
  times: number;
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decoded = (part: string): JsonObject =>
  JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as JsonObject;
const isJwt = (text: string): boolean => /^ey[\w-]*\.[\w-]+\.[\w-]+$/.test(text);
const isPng = (bytes: Buffer): boolean => bytes.length > 4 && bytes.readUInt32BE(0) === 0x89504e47;

/** Makes inputs out of real badges, credentials and presentations of every form, of their words, and of nothing. */
export class Inputs {
  private readonly round: Maker[];

  private constructor(
    readonly samples: readonly Sample[],
    private readonly words: readonly string[],
    private readonly web: FakeWeb,
  ) {
    const tokens = samples
      .map(({ content }) => content)
      .filter((one) => typeof one === 'string' && isJwt(one));
    const made = samples.map(({ door, form, content }): Maker => {
      // A picture without a badge is searched for a code, which takes a hundred times as long as anything else.
      const times = form === 'photo of a code' ? 1 : 5;
      const make = (random: Random) => ({ input: mutated(door, content, tokens as string[], random) });
      return { door, kind: `${door}: ${form}`, times, make };
    });
    this.round = [...made, ...this.ofNothing(), ...this.onChangedWebs()].flatMap((one) =>
      Array.from({ length: one.times }, () => one),
    );
  }

  static async make(web: FakeWeb): Promise<Inputs> {
    const all = await samples();
    const words = new Set<string>();
    const documents = all.map(({ content }) => content).filter((one) => !Buffer.isBuffer(one));
    JSON.stringify([documents, [...web.pages.values()].map(safeJson)], (name, value) => {
      words.add(name);
      if (typeof value === 'string' && value.length < 200) words.add(value);
      return value as unknown;
    });
    return new Inputs(all, [...words], web);
  }

  /** How many inputs in a row have each kind at least once. */
  get roundLength(): number {
    return this.round.length;
  }

  /** Every kind there is. */
  get kinds(): string[] {
    return [...new Set(this.round.map(({ kind }) => kind))];
  }

  /** The input of a number; the same number always gives the same one. */
  make(number: number): FuzzInput {
    const { door, kind, make } = this.round[number % this.round.length]!;
    return { door, kind, ...make(new Random(number)) };
  }

  private ofNothing(): Maker[] {
    const words = (random: Random) => grammar(this.words, random);
    const object = (random: Random): JsonObject => {
      const made = words(random);
      return made !== null && typeof made === 'object' ? (made as JsonObject) : { made };
    };
    return [
      {
        door: 'badge',
        kind: 'badge: bytes',
        times: 5,
        make: (random) => ({ input: random.bytes(random.below(2_000)) }),
      },
      {
        door: 'text',
        kind: 'text: of nothing',
        times: 5,
        make: (random) => ({ input: random.bytes(random.below(500)).toString('latin1') }),
      },
      {
        door: 'file',
        kind: 'file: bytes',
        times: 5,
        make: (random) => ({ input: random.bytes(random.below(2_000)) }),
      },
      {
        door: 'badge',
        kind: 'badge: words',
        times: 10,
        make: (random) => ({ input: JSON.stringify(words(random)) }),
      },
      ...(['any credential', 'presentation'] as const).map((door) => ({
        door,
        kind: `${door}: words`,
        times: 5,
        make: (random: Random) => ({ input: object(random) }),
      })),
    ];
  }

  private onChangedWebs(): Maker[] {
    const doors: [Door, number][] = [
      ['badge', 12],
      ['any credential', 4],
      ['presentation', 4],
      ['text', 4],
    ];
    return doors.map(([door, times]) => {
      const own = this.samples.filter((one) => one.door === door);
      const make = (random: Random) => ({ input: random.pick(own).content, web: this.changedWeb(random) });
      return { door, kind: `${door}: on a changed web`, times, make };
    });
  }

  private changedWeb(random: Random): FakeWeb {
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
    return new FakeWeb(pages, new Map(random.oneIn(10) ? [[url, 200 + random.below(400)]] : []));
  }
}

function mutated(
  door: Door,
  content: Sample['content'],
  tokens: readonly string[],
  random: Random,
): FuzzInput['input'] {
  if (typeof content === 'string')
    return isJwt(content) ? mutatedToken(content, tokens, random) : mutateText(content, random);
  if (Buffer.isBuffer(content)) return mutatedFile(content, random);
  const token = /^(data:[^,]+,)(.+)$/.exec(String(content.id));
  if (token && !random.oneIn(3))
    return { ...content, id: `${token[1]}${mutatedToken(token[2]!, tokens, random)}` };
  // These doors take what was read as JSON already.
  if (door !== 'badge' || random.oneIn(2)) return mutateDocument(content, random);
  const text = JSON.stringify(content);
  return random.oneIn(3) ? mutateBytes(Buffer.from(text), random) : mutateText(text, random);
}

function mutatedFile(bytes: Buffer, random: Random): Buffer {
  if (isPng(bytes)) return random.oneIn(4) ? mutateBytes(bytes, random) : mutateChunks(bytes, random);
  return random.oneIn(4)
    ? mutateBytes(bytes, random)
    : Buffer.from(mutateText(bytes.toString('latin1'), random), 'latin1');
}

function mutatedToken(token: string, others: readonly string[], random: Random): string {
  const parts = token.split('.');
  switch (random.below(4)) {
    case 0: {
      const other = random.pick(others).split('.');
      return parts.map((part, i) => (random.oneIn(2) ? part : other[i]!)).join(random.oneIn(10) ? '..' : '.');
    }
    case 1: {
      const i = random.below(2);
      parts[i] = encoded(mutateDocument(decoded(parts[i]!), random));
      return parts.join('.');
    }
    default:
      return mutateText(token, random);
  }
}

export function safeJson(text: string): JsonObject | undefined {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return undefined;
  }
}
