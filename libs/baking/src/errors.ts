import { DomainError } from '#platform';

/** Neither PNG nor SVG by its bytes (`not_a_picture`). */
export class NotAPicture extends DomainError {
  readonly code = 'not_a_picture';
  constructor() {
    super('This is neither a PNG nor an SVG picture');
  }
}

/** A sound picture that holds no badge (`nothing_baked`): a site or a mailer may have re-encoded it. */
export class NothingBaked extends DomainError {
  readonly code = 'nothing_baked';
  constructor() {
    super('No badge is baked into this picture');
  }
}

/** More than one content of one version (`baked_twice`): two readers would see two badges. */
export class BakedTwice extends DomainError {
  readonly code = 'baked_twice';
  constructor(what: string) {
    super(`The picture holds more than one content: ${what}`);
  }
}

/** Truncated, altered or not what it says it is (`picture_broken`); the message names where. */
export class PictureBroken extends DomainError {
  readonly code = 'picture_broken';
  constructor(what: string, options?: { cause?: unknown }) {
    super(`The picture is broken: ${what}`, options);
  }
}

/** Past the limits of this library, also after decompression (`picture_too_large`). */
export class PictureTooLarge extends DomainError {
  readonly code = 'picture_too_large';
  constructor(what: string) {
    super(`The picture is too large: ${what}`);
  }
}

/** A text that a picture cannot carry unchanged (`credential_not_bakeable`). */
export class CredentialNotBakeable extends DomainError {
  readonly code = 'credential_not_bakeable';
  constructor(why: string) {
    super(`This text cannot be baked: ${why}`);
  }
}
