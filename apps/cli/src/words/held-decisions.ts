/** What may be decided about a held case. */
export const decisions = ['same_person', 'different_people', 'discard'] as const;
