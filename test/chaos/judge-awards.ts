/** What became of the awards, and what was to become of them. */
export interface AwardsReading {
  /** Awards that somebody was told are accepted. */
  promised: ReadonlySet<string>;
  /** Awards that must be refused. */
  toRefuse: ReadonlySet<string>;
  /** Awards that somebody cancels or revokes, or asks to. */
  takenBack: ReadonlySet<string>;
  /** The state of each award in the database. */
  states: ReadonlyMap<string, string>;
  /** Awards that are refused, or of which a credential is, with the code of the reason. */
  refusals: ReadonlyMap<string, string>;
}

export interface AwardsJudgement {
  /** Promised and neither issued nor visibly refused nor taken back. */
  lost: string[];
  /** Refused, but for what was taken back. */
  refused: string[];
  /** What is wrong, in sentences. */
  broken: string[];
}

const ends = new Set(['issued', 'refused', 'cancelled', 'revoked']);

/**
 * Holds what became of each award against what was to become of it: a good one that is refused, or taken back by
 * nobody, is as wrong as a lost one.
 */
export function judgeAwards({
  promised,
  toRefuse,
  takenBack,
  states,
  refusals,
}: AwardsReading): AwardsJudgement {
  const lost = [...promised].filter((id) => !ends.has(states.get(id) ?? ''));
  const refused = [...refusals.keys()].filter((id) => !takenBack.has(id));
  const wronglyRefused = refused.filter((id) => !toRefuse.has(id));
  const notRefused = [...toRefuse].filter((id) => !refusals.has(id));
  const gone = [...states.keys()].filter(
    (id) => ['cancelled', 'revoked'].includes(states.get(id)!) && !takenBack.has(id),
  );
  const broken: string[] = [];
  const tell = (ids: string[], words: string): void => {
    if (ids.length > 0) broken.push(`${ids.length} ${words}, for example ${ids[0]}`);
  };
  tell(lost, 'promised awards are lost');
  const codes = [...new Set(wronglyRefused.map((id) => refusals.get(id)))].join(', ');
  tell(wronglyRefused, `good awards are refused (${codes})`);
  tell(notRefused, 'awards are not refused that must be');
  tell(gone, 'awards are cancelled or revoked by nobody');
  return { lost, refused, broken };
}
