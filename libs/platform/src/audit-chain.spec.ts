import fc from 'fast-check';
import { genesisHash, lineHash } from './audit-chain.js';
import { canonicalJson, sha256 } from './ids.js';

const text = fc.string({ unit: 'binary' });
const event = fc.record({
  id: fc.uuid(),
  at: fc.date({ noInvalidDate: true }),
  actor: text,
  action: text,
  subject: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.array(text))),
});

describe('the hash of a line of the audit chain', () => {
  it('is that of the hash before it and of the event as canonical JSON, whatever the event says', () => {
    fc.assert(
      fc.property(event, (one) => {
        const expected = sha256(Buffer.concat([genesisHash, Buffer.from(canonicalJson(one))]));
        expect(lineHash(genesisHash, one).equals(expected)).toBe(true);
      }),
    );
  });

  it('is another one for another line before, or for any other member', () => {
    fc.assert(
      fc.property(event, event, (one, other) => {
        const hash = lineHash(genesisHash, one);
        expect(lineHash(hash, one).equals(hash)).toBe(false);
        for (const name of ['id', 'at', 'actor', 'action', 'subject'] as const) {
          const isSame = canonicalJson(one[name]) === canonicalJson(other[name]);
          expect(lineHash(genesisHash, { ...one, [name]: other[name] }).equals(hash)).toBe(isSame);
        }
      }),
    );
  });
});
