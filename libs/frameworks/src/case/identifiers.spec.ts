import fc from 'fast-check';
import { caseIdentifiers } from './identifiers.js';

const digest = fc.stringMatching(/^[0-9a-f]{64}$/);

describe('identifiers of CASE objects', () => {
  it('never change: other programs keep them', () => {
    const ids = caseIdentifiers('0'.repeat(64));
    expect([ids.document, ids.item('1.2'), ids.childOf('1.2'), ids.level('3')]).toMatchInlineSnapshot(`
[
  "d54ce8ed-23f2-5ab6-b96f-71ee5c61e4d5",
  "d6f1a1f5-1fc5-579c-8fe9-64f526ea5542",
  "9763ab30-cf24-5780-a338-6d7b050083da",
  "7cd9dd56-89a3-5f96-b0cf-bf0cc253fe9a",
]
`);
  });

  it('are UUIDs of version 5, which CASE allows', () => {
    fc.assert(
      fc.property(digest, fc.string(), (hash, code) => {
        expect(caseIdentifiers(hash).item(code)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
    );
  });

  it('differ for other content, other codes and other kinds', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(digest, { minLength: 2, maxLength: 2 }),
        fc.string(),
        ([one, other], code) => {
          const [a, b] = [caseIdentifiers(one!), caseIdentifiers(other!)];
          const all = [
            a.document,
            b.document,
            a.item(code),
            b.item(code),
            a.childOf(code),
            a.item(`${code}x`),
          ];
          expect(new Set(all).size).toBe(all.length);
        },
      ),
    );
  });
});
