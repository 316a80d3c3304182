import fc from 'fast-check';
import { Bitstring } from '#signing';
import { ArchivedRevocations, type ListDocument } from './archived-revocations.js';

describe('what archived lists revoked', () => {
  it('is every place that any version revoked, in whatever order they come, and no suspension', () => {
    const place = fc.integer({ min: 0, max: 2_000 });
    const version = fc.record({ revoked: fc.uniqueArray(place), suspended: fc.uniqueArray(place) });
    fc.assert(
      fc.property(
        fc.array(version, { minLength: 1, maxLength: 6 }),
        fc.uniqueArray(place),
        (versions, kept) => {
          const revocations = new ArchivedRevocations();
          const expected = new Set<number>();
          for (const { revoked, suspended } of versions) {
            const bits = Bitstring.ofLength();
            for (const at of [...revoked, ...suspended]) bits.set(at);
            const document: ListDocument = {
              validFrom: '2026-11-22T03:00:00Z',
              credentialSubject: { encodedList: bits.encode() },
              proof: [],
            };
            const list = { id: 'one', organisationId: 'o', publicId: 'p', size: bits.length, version: 1 };
            revocations.add({ ...list, document: '', suspended }, document);
            for (const at of revoked) if (!suspended.includes(at)) expected.add(at);
          }
          const published = Bitstring.ofLength();
          for (const at of kept) published.set(at);
          const inOrder = [...expected].sort((a, b) => a - b);
          expect(revocations.of('one')).toEqual(inOrder);
          expect(revocations.missingIn('one', published)).toEqual(inOrder.filter((at) => !kept.includes(at)));
          expect(revocations.of('another')).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });
});
