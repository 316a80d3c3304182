import type { JsonObject } from '#signing';
import { aBadge, signed } from '../world.js';
import { changed, type Family, type Fault, type Handed } from './family.js';

const textWith = (change: (text: string) => string) => async (): Promise<Handed> => ({
  input: change(JSON.stringify(await signed())),
});
const added = (member: string) => textWith((text) => text.replace('{', `{${member},`));
const within = (path: string, value: unknown) => async (): Promise<Handed> => ({
  input: changed(await signed(), path, value),
});
const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
const contexts = aBadge()['@context'] as string[];

const faults: Fault[] = [
  ['a name twice', 'parse failed duplicate_key', added('"name":"Autre"')],
  ['a name twice, once escaped', 'parse failed duplicate_key', added('"n\\u0061me":"Autre"')],
  [
    'a name twice further in',
    'parse failed duplicate_key',
    textWith((text) => text.replace('"issuer":{', '"issuer":{"id":"did:web:evil.example",')),
  ],
  ['__proto__', 'parse failed forbidden_key', added('"__proto__":{"name":"Autre"}')],
  ['__proto__, escaped', 'parse failed forbidden_key', added('"__pr\\u006fto__":{}')],
  ['nested 40 deep', 'parse unknown too_deep', within('evidence', nested(40))],
  [
    'nested 10,000 deep',
    'parse unknown too_deep',
    () => ({ input: `${'['.repeat(10_000)}${']'.repeat(10_000)}` }),
  ],
  ['1.1 MB', 'parse unknown too_large', within('description', 'x'.repeat(1_100_000))],
  [
    '300 kB of small values',
    'parse unknown too_large',
    within(
      'evidence',
      Array.from({ length: 30_000 }, () => 'xxxxxxxx'),
    ),
  ],
  ['cut', 'parse failed not_json', textWith((text) => text.slice(0, -40))],
  ['a comma too many', 'parse failed not_json', textWith((text) => `${text.slice(0, -1)},}`)],
  ['something behind it', 'parse failed not_json', textWith((text) => `${text}{}`)],
  ['single quotes', 'parse failed not_json', textWith((text) => text.replaceAll('"', "'"))],
  ['NaN', 'parse failed not_json', added('"score":NaN')],
  ['a list around it', 'parse failed not_a_credential', textWith((text) => `[${text}]`)],
  ['a text around it', 'parse failed not_a_credential', textWith((text) => JSON.stringify(text))],
  ['nothing', 'parse failed not_a_credential', () => ({ input: '' })],
  ['a word no context knows', 'context failed jsonld_unsafe', added('"nickname":"Mimi"')],
  [
    'a word no context knows, further in',
    'context failed jsonld_unsafe',
    within('credentialSubject.achievement.category', 'x'),
  ],
  [
    'a vocabulary of its own',
    'context failed context_inline',
    within('@context', [...contexts, { name: 'x:y' }]),
  ],
  [
    'a vocabulary of its own inside',
    'context failed context_inline',
    within('credentialSubject.@context', { name: 'x:y' }),
  ],
  [
    'an unknown vocabulary',
    'context unknown context_unknown',
    within('@context', [...contexts, 'https://x.example/c']),
  ],
  [
    'a vocabulary in another order',
    'context failed context_order',
    within('@context', [...contexts].reverse()),
  ],
  ['no vocabulary', 'context failed context_order', within('@context', undefined)],
  ['a graph', 'context failed jsonld_unsafe', within('@graph', [])],
  ['an included node', 'context failed jsonld_unsafe', within('@included', [])],
  ['a reverse link', 'context failed jsonld_unsafe', within('credentialSubject.@reverse', {})],
  [
    'an address that smuggles a statement',
    'context failed jsonld_unsafe',
    within('credentialSubject.achievement.id', 'https://x.example/> <https://y.example/'),
  ],
  [
    'a relative address',
    'context failed jsonld_unsafe',
    within('credentialSubject.achievement.id', '../other'),
  ],
  [
    'bytes that are no UTF-8',
    'parse failed not_a_credential',
    async () => ({
      input: Buffer.concat([Buffer.from(JSON.stringify(await signed())), Buffer.from([0xc3])]),
    }),
  ],
];

export const json: Family = {
  form: 'JSON',
  original: textWith((text) => text),
  faults,
};

/** Written otherwise, and still the same badge. */
export const sameMeaning: ((document: JsonObject) => string | Buffer)[] = [
  (document) => JSON.stringify(document, null, 2),
  (document) => `\uFEFF${JSON.stringify(document)}\n`,
  (document) => JSON.stringify(Object.fromEntries(Object.entries(document).reverse())),
  (document) => JSON.stringify(document).replaceAll('é', '\\u00e9'),
  (document) => Buffer.from(JSON.stringify(document)),
];
