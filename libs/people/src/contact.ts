import { parsePhoneNumberFromString } from 'libphonenumber-js';

/** A phone number in E.164 (+33639980001), French unless it names its country; null when it is none. */
export function normalisePhone(text: string): string | null {
  const trimmed = text.trim();
  // The parser drops letters that stand for digits on old keypads; here an O typed for a 0 must be told.
  if (/\p{L}/u.test(trimmed)) return null;
  const number = parsePhoneNumberFromString(trimmed, 'FR');
  return number?.isPossible() && number.isValid() ? number.number : null;
}

/** An e-mail address in lower case; null when it cannot be one. */
export function normaliseEmail(text: string): string | null {
  const address = text.trim().toLowerCase();
  const valid =
    address.length <= 254 &&
    /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/.test(
      address,
    ) &&
    !/(^\.|\.\.|\.@)/.test(address);
  return valid ? address : null;
}
