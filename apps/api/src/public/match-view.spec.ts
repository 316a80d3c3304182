import type { AssociationView } from '#frameworks';
import { matchView } from './match-view.js';

const aMatch = (given: Partial<AssociationView> = {}): AssociationView => ({
  kind: 'exactMatchOf',
  direction: 'to',
  framework: 'digcomp-3.0',
  version: '3.0',
  code: '1.1',
  title: { en: 'Browsing' },
  targetUri: null,
  note: null,
  statedBy: 'Groupe d’exemple',
  statedOn: '2026-05-04',
  source: 'Note',
  sourceUri: 'https://groupe.example/note',
  ...given,
});
const titles = new Map([['digcomp-3.0', { en: 'DigComp 3.0' }]]);

describe('a match on the page of a competency', () => {
  it('leads to the competency’s page here and says who says so', () => {
    expect(matchView(aMatch(), titles)).toEqual({
      kind: 'same',
      framework: { en: 'DigComp 3.0' },
      code: '1.1',
      title: { en: 'Browsing' },
      href: '/frameworks/digcomp-3.0/3.0/1.1',
      said: {
        by: 'Groupe d’exemple',
        on: '2026-05-04',
        source: 'Note',
        sourceHref: 'https://groupe.example/note',
      },
    });
  });

  it.each([
    ['replacedBy', 'to', 'replacedBy'],
    ['replacedBy', 'from', 'replaces'],
    ['precedes', 'from', 'after'],
    ['isPartOf', 'from', 'whole'],
    ['ext:broader', 'from', 'narrower'],
    ['ext:unheard-of', 'to', 'other'],
    ['constructor', 'to', 'other'],
  ] as const)('turns %s the right way round, seen %s the page: %s', (kind, direction, words) => {
    expect(matchView(aMatch({ kind, direction }), titles).kind).toBe(words);
  });

  it('leads outside only to an address of the web', () => {
    const elsewhere = { framework: null, version: null, code: null };
    expect(matchView(aMatch({ ...elsewhere, targetUri: 'https://a.example/1' }), titles)).toMatchObject({
      href: 'https://a.example/1',
      isElsewhere: true,
    });
    const unsafe = matchView(
      aMatch({ ...elsewhere, targetUri: 'javascript:1', sourceUri: 'data:,x' }),
      titles,
    );
    expect([unsafe.href, unsafe.said!.sourceHref]).toEqual([undefined, undefined]);
  });
});
