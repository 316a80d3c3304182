import type { JsonObject } from '#signing';

export type TextFaultCode = 'control_character' | 'lone_surrogate' | 'bidi_control';

// Tab and the other C0 controls and U+007F make some verifiers compute another hash (RDFC-1.0 escapes them, older
// implementations do not). A newline is safe, alone or after a carriage return.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0009\u000B\u000C\u000E-\u001F\u007F]|\r(?!\n)/;
const loneSurrogate = /\p{Surrogate}/u;
const bidi = /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/;

// Anything but what `textFault` never minds.
const suspicious = /[^\n -~\u00A0-\u061B\u061D-\u200D\u2010-\u2029\u202F-\u2065\u206A-\uD7FF\uE000-\uFFFF]/;

/** Holds the string nothing that `textFault` could find, by one quick look? */
export const isPlain = (text: string): boolean => !suspicious.test(text);

/** What is wrong with one string, if anything. */
export function textFault(text: string): TextFaultCode | undefined {
  if (controls.test(text)) return 'control_character';
  if (loneSurrogate.test(text)) return 'lone_surrogate';
  return bidi.test(text) ? 'bidi_control' : undefined;
}

/** Shows every string of a document, names included, with its JSON Pointer. */
export function eachString(value: unknown, show: (text: string, path: string) => void, path = ''): void {
  if (typeof value === 'string') show(value, path);
  else if (Array.isArray(value))
    for (let i = 0; i < value.length; i += 1) eachString(value[i], show, `${path}/${i}`);
  else if (value !== null && typeof value === 'object')
    for (const name of Object.keys(value)) {
      const inner = `${path}/${pointerPart(name)}`;
      show(name, inner);
      eachString((value as JsonObject)[name], show, inner);
    }
}

const pointerPart = (name: string): string =>
  /[~/]/.test(name) ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name;
