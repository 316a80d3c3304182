import type { JsonObject, StringUses } from '#signing';
import { claimNames } from './jwt-payload.js';
import { KnownText, type PlaceRule } from './known-text.js';
import { verifiedClasses } from './schema-classes.js';

/** How a credential was read. */
interface Read {
  text: string;
  /** What the text says: the credential, or the claims it was taken out of. */
  document: JsonObject;
  form: Form;
  /** Its names were not looked at one by one: those of a text of the same form were. */
  isKnown: boolean;
}

/** `payload`: of a JWT that is the credential itself, with its claims. `document`: with its proofs inside. */
type Form = 'payload' | 'document';

const largest = 32 * 1024;

/**
 * Texts of credentials with nothing wrong in names, contexts, meaning (of a JWT) and schema. Only those are remembered,
 * and only what depends on nothing that may differ: the answer for another text of the form is the same (see `KnownText`,
 * `StringUses`, `StringClasses`), everything else is asked anew of each.
 */
class KnownTexts {
  private texts: KnownText[] = [];

  /** @param capacity texts kept at most; the one that was used longest ago makes room */
  constructor(private readonly capacity = 32) {}

  has(text: string): boolean {
    for (let i = 0; i < this.texts.length; i += 1) {
      const known = this.texts[i]!;
      if (!known.fits(text)) continue;
      if (i > 0) this.texts = [known, ...this.texts.filter((other) => other !== known)];
      return true;
    }
    return false;
  }

  add(known: KnownText): void {
    this.texts = [known, ...this.texts].slice(0, this.capacity);
  }
}

const kept: Record<Form, KnownTexts> = { payload: new KnownTexts(), document: new KnownTexts() };
// By the object that was made of the text: a copy with something changed has to be looked at itself.
const reads = new WeakMap<JsonObject, Read>();

/** How often a text was of a known form, since the start. */
export const textCounts = { known: 0, unknown: 0 };

/** Is a text of a form that nothing was wrong with? */
export function isKnownText(text: string, form: Form): boolean {
  const isKnown = text.length <= largest && kept[form].has(text);
  textCounts[isKnown ? 'known' : 'unknown'] += 1;
  return isKnown;
}

/** Notes from which text a credential was made, unchanged but for the claims taken out. */
export const noteRead = (credential: JsonObject, read: Read): void => void reads.set(credential, read);

/** Is a credential as it was read from a text of a known form? Then it follows the schema. */
export const isOfKnownForm = (credential: JsonObject): boolean => reads.get(credential)?.isKnown === true;

/** Is it, and the content of a JWT? Then each of its words has a meaning, too. */
export const hasKnownMeaning = (credential: JsonObject): boolean =>
  isOfKnownForm(credential) && reads.get(credential)?.form === 'payload';

/**
 * Remembers the form of a credential of which names, contexts, meaning and schema were right.
 * @param uses of the reading for its meaning, of a JWT
 */
export function rememberForm(credential: JsonObject, uses: StringUses | undefined): void {
  const read = reads.get(credential);
  if (!read || read.isKnown || read.text.length > largest || !verifiedClasses().isSound) return;
  // Its rules compare two values.
  if (credential.relatedResource !== undefined) return;
  const { text, form, document } = read;
  if (form === 'payload' && !uses) return;
  const rule = form === 'payload' ? payloadRule(credential, document, uses!) : documentRule(credential);
  kept[form].add(KnownText.of(text, document, rule));
}

const sameClass = (text: string): ((other: string) => boolean) => {
  const classes = verifiedClasses();
  const own = classes.of(text);
  return (other) => classes.of(other) === own;
};

// What chooses the schemas counts as it is.
const choosing = ['@context', 'type', 'credentialSchema'];
const schemasNamedIn = ({ credentialSchema }: JsonObject): unknown[] => [credentialSchema].flat();

function documentRule(credential: JsonObject): PlaceRule {
  const schemas = schemasNamedIn(credential);
  return ({ holder, name, text }) =>
    text === undefined || schemas.includes(holder) || (holder === credential && choosing.includes(name))
      ? undefined
      : sameClass(text);
}

function payloadRule(credential: JsonObject, claims: JsonObject, uses: StringUses): PlaceRule {
  const ofDocument = documentRule(credential);
  return ({ holder, name, text }) => {
    if (holder === claims && claimNames.includes(name)) return () => true;
    const place = { holder: holder === claims ? credential : holder, name, text };
    const isAllowed = ofDocument(place);
    const mayStand = uses.of(place.holder, name);
    return isAllowed && mayStand && ((other) => mayStand(other) && isAllowed(other));
  };
}
