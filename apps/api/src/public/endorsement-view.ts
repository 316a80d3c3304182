import type { PublishedEndorsement, ShownEndorsement } from '#badges';
import type { EndorsementView } from '../pages/view-models.js';

/** An endorsement for its section on a page. */
export function endorsementView(one: ShownEndorsement, origin: string): EndorsementView {
  const href = `/endorsements/${one.publicId}`;
  return {
    href,
    form: one.form,
    comment: one.comment,
    givenOn: one.givenAt.toISOString().slice(0, 10),
    endorser: {
      name: one.endorserName,
      ...(one.endorserSlug !== null && { href: `/issuers/${one.endorserSlug}` }),
    },
    receivedBy: one.receivedBy,
    ...(one.broughtIssuerId !== null && { issuerId: one.broughtIssuerId }),
    subjectHref: one.subjectId.startsWith(`${origin}/`)
      ? one.subjectId.slice(origin.length)
      : `/issuers/${one.subjectId.slice(one.subjectId.lastIndexOf(':') + 1)}`,
  };
}

/** The same with its files, for its own page. */
export const publishedEndorsementView = (one: PublishedEndorsement, origin: string): EndorsementView => ({
  ...endorsementView(one, origin),
  ...(one.document !== null && { jsonHref: `/endorsements/${one.publicId}.json` }),
  ...(one.jwt !== null && { jwtHref: `/endorsements/${one.publicId}.jwt` }),
});
