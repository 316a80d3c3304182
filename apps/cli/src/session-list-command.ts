import { type RecordedSession, recordedSessions } from '#badges';
import { onInstance, organisationOf } from './command.js';
import { terminalLanguage } from './terminal.js';
import type { Words } from './words/command-words.js';

const sentences = {
  fr: {
    present: 'présent·e·s',
    counts: 'compte',
    since: 'retirée le',
    withdrawal: 'sans trace',
    revocation: 'ses badges restent connus comme retirés',
  },
  en: {
    present: 'present',
    counts: 'counts',
    since: 'withdrawn on',
    withdrawal: 'without trace',
    revocation: 'its badges stay known as revoked',
  },
};

/** `insigne session list`: what is recorded, and which sessions are withdrawn. @returns the exit code */
export const listSessions = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values }) => {
    const { id } = await organisationOf(service, values.organisation);
    const sessions = await recordedSessions(service.database.manager, id, { limit: 10_000 });
    if (values.json) console.log(JSON.stringify(sessions, null, 2));
    else for (const session of sessions) console.log(lineOf(session, terminalLanguage()));
    return 0;
  });

function lineOf(
  { code, heldOn, workshop, present, withdrawn }: RecordedSession,
  language: 'fr' | 'en',
): string {
  const say = sentences[language];
  const state = withdrawn
    ? `${say.since} ${withdrawn.at.toISOString().slice(0, 10)}, ${say[withdrawn.mode]}`
    : say.counts;
  return [code, heldOn, workshop, `${present} ${say.present}`, state].join('\t');
}
