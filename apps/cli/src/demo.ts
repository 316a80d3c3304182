import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwardCampaign, issuanceSummary, PublishBadge } from '#badges';
import { DomainError, projectFile, type Text, textIn } from '#platform';
import { ImportCampaign } from '#workshops';
import { countsOf } from './demo-counts.js';
import { type DemoSummary, faultsOf, printSummary } from './demo-summary.js';
import { type OutsideStatus, OutsideVerifier } from './outside-verifier.js';
import { importStarterContent, sampleOrganisations } from './sample-data.js';
import { openService, type Service } from './service.js';
import { tellOnStderr } from './terminal.js';
import { runUntilStopped, StopRequests, startInstance } from './up.js';
import type { Words } from './words/command-words.js';

const campaignFile = 'campagne-2026-automne.csv';
const demoLearners = [
  ['Séan', 1999],
  ['Jean-Baptiste', 1970],
] as const;
const signingLimitMs = 180_000;

/** The demonstration could not finish (`demo_incomplete`). */
class DemoIncomplete extends DomainError {
  readonly code = 'demo_incomplete';
  constructor(readonly text: Text) {
    super(textIn(text, 'en'));
  }
}

/**
 * `insigne demo [--once] [--json] [--data DIR] [--port N]`: the whole way from a campaign file to badges that a
 * stranger's program accepts, on real input. Run again, it finds its data and issues nothing twice.
 * @returns exit code 0 only if every number is the expected one
 */
export async function demo(words: Words, environment: NodeJS.ProcessEnv = process.env): Promise<number> {
  const values = words.values as {
    data?: string;
    port?: string;
    origin?: string;
    once?: boolean;
    json?: boolean;
  };
  const requests = new StopRequests();
  const data = values.data ?? environment.INSIGNE_DATA ?? projectFile('data', 'demo');
  const instance = await startInstance({ ...values, data }, environment, tellOnStderr, requests.signal);
  requests.onSecond = instance.kill;
  let faults: string[];
  try {
    const service = await openService({
      databaseUrl: instance.apiUrl,
      origin: instance.origin,
      redisUrl: environment.REDIS_URL || undefined,
    });
    try {
      const summary = await play(service, requests.signal);
      faults = faultsOf(summary);
      if (values.json) console.log(JSON.stringify({ ...summary, faults }, null, 2));
      else printSummary(summary, faults);
    } finally {
      await service.close();
    }
  } catch (error) {
    await instance.stop();
    throw error;
  }
  if (values.once) {
    await instance.stop();
    return faults.length === 0 ? 0 : 1;
  }
  return runUntilStopped(instance, requests);
}

async function play(service: Service, signal: AbortSignal): Promise<DemoSummary> {
  const { database, origin } = service;
  step('Référentiels, ateliers et badges de départ', 'Frameworks, starter workshops and badges');
  const { programme, structure } = await sampleOrganisations(database);
  await importStarterContent(database, programme);

  step(`Import de ${campaignFile}`, `Importing ${campaignFile}`);
  const bytes = readFileSync(projectFile('apps', 'cli', 'demo', campaignFile));
  const campaigns = new ImportCampaign(database);
  const analysis = await campaigns.analyse({ organisationId: structure.id, bytes, fileName: campaignFile });
  if (analysis.unknownStaff.length > 0) {
    const names = analysis.unknownStaff.map((s) => s.name).join(', ');
    step(
      `L'administratrice confirme les encadrants que le fichier nomme : ${names}`,
      `The administrator confirms the staff that the file names: ${names}`,
    );
  }
  const { campaign } = await new AwardCampaign(database, campaigns, service.queue, origin).run({
    organisationId: structure.id,
    bytes,
    fileName: campaignFile,
    confirmStaff: true,
    expectedDigest: analysis.digest,
    by: 'demo',
  });
  await waitUntilSigned(service, structure.id, signal);
  await waitUntilListed(service, structure.id, signal);
  const published = await publishForLearners(service, structure.id);

  const badges: { id: string; document: string }[] = await database.query(
    `select public_id as id, signed_document(c) as document from credential c where organisation_id = $1 and state = 'signed' order by id`,
    [structure.id],
  );
  step(
    `Contrôle de ${badges.length} badges par un vérificateur qui n'est pas le nôtre`,
    `Checking ${badges.length} badges with a verifier that is not ours`,
  );
  const verifier = new OutsideVerifier(origin);
  const refusals: string[] = [];
  const statuses: Record<OutsideStatus, number> = { active: 0, revoked: 0, suspended: 0, unknown: 0 };
  for (const badge of badges) {
    signal.throwIfAborted();
    const verdict = await verifier.check(JSON.parse(badge.document) as object);
    statuses[verdict.status] += 1;
    if (!verdict.accepted) refusals.push(`${badge.id}: ${verdict.reason}`);
  }
  return {
    origin,
    import: campaign.state,
    ...(await countsOf(database, structure.id, campaign.importId)),
    acceptedByOutsideVerifier: badges.length - refusals.length,
    refusedByOutsideVerifier: refusals,
    statusesByOutsideVerifier: statuses,
    publishedBy: demoLearners.length,
    addresses: {
      badges: published.map((id) => `${origin}/b/${id}`),
      ...(published[0] && { openBadge2: `${origin}/b/${published[0]}/ob2.json?download` }),
      issuer: `${origin}/issuers/${structure.slug}`,
      frameworks: `${origin}/frameworks`,
      api: `${origin}/api/docs`,
    },
  };
}

async function waitUntilSigned(service: Service, organisationId: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + signingLimitMs;
  let shown = -1;
  for (;;) {
    signal.throwIfAborted();
    const { planned, signed, refused } = await issuanceSummary(service.database.manager, organisationId);
    if (signed !== shown)
      step(
        `${signed} badges signés sur ${planned + signed + refused}`,
        `${signed} badges signed of ${planned + signed + refused}`,
      );
    shown = signed;
    if (planned === 0) return;
    if (Date.now() > deadline)
      throw new DemoIncomplete({
        fr: `${planned} badges ne sont pas signés après 3 minutes : lisez worker.log dans le dossier de données.`,
        en: `${planned} badges are not signed after 3 minutes: read worker.log in the data folder.`,
      });
    await sleep(200);
  }
}

/** What was withdrawn a moment before the last stop is in the signed lists once the worker has signed them anew. */
async function waitUntilListed(service: Service, organisationId: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + signingLimitMs;
  for (;;) {
    signal.throwIfAborted();
    const [{ waiting }]: [{ waiting: number }] = await service.database.query(
      `select count(*)::int as waiting from status_entry e join credential c on c.id = e.credential_id
       where c.organisation_id = $1 and c.state = 'signed' and e.version <> e.listed_version`,
      [organisationId],
    );
    if (waiting === 0) return;
    if (Date.now() > deadline)
      throw new DemoIncomplete({
        fr: `Le retrait de ${waiting} badges n’est dans aucune liste signée après 3 minutes : lisez worker.log dans le dossier de données.`,
        en: `That ${waiting} badges are withdrawn is in no signed list after 3 minutes: read worker.log in the data folder.`,
      });
    await sleep(200);
  }
}

/** Two invented learners show their badges; a real one does it from their own phone. */
async function publishForLearners(service: Service, organisationId: string): Promise<string[]> {
  const publishing = new PublishBadge(service.database);
  const published: string[] = [];
  for (const [givenName, birthYear] of demoLearners) {
    const awards: { id: string }[] = await service.database.query(
      `select a.id from award a join person p on p.id = a.person_id
       where a.organisation_id = $1 and p.given_name = $2 and p.birth_year = $3 and a.state = 'issued' order by a.id`,
      [organisationId, givenName, birthYear],
    );
    for (const { id } of awards)
      published.push(await publishing.publish(id, { withName: true, by: 'demo-learner' }));
    step(`${givenName} montre ses ${awards.length} badges`, `${givenName} shows ${awards.length} badges`);
  }
  return published;
}

const step = (fr: string, en: string): void => tellOnStderr({ fr, en } satisfies Text);
