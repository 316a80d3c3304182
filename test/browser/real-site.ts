import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ChangeStatus, PublishBadge } from '#badges';
import { uuid } from '#platform';
import { anApiApp } from '../support/api-app.js';
import { anIssuanceWorld, aPerson, aSession, type IssuanceWorld, plan } from '../support/issuance-world.js';

const workshops = ['CE-1', 'CE-2', 'CE-3', 'CE-4'];

export interface RealSite {
  url: string;
  /** Paths by what they show. */
  paths: Record<'shown' | 'pathway' | 'withdrawn' | 'hidden' | 'achievement', string>;
  close(): Promise<void>;
}

/**
 * The whole api on a free port of this machine, over a database with the starter catalogue and the badges of three
 * people who went through four workshops, signed and verified as in service.
 */
export async function startRealSite(): Promise<RealSite> {
  const world = await anIssuanceWorld();
  const shown = await badgesOf(world, 'Marie-Antoinette RAKOTONDRAINIBE-ANDRIAMANANTENA', true);
  const withdrawn = await badgesOf(world, 'Séan O’FICTIF', true);
  const hidden = await badgesOf(world, 'Zoé D’INVENTÉE', false);
  await new ChangeStatus(world.api).run({
    organisationId: world.structure.id,
    publicIds: [withdrawn['B-CE-3']!],
    change: 'revoke',
    reasonClass: 'issued_in_error',
    by: 'client:test',
  });
  const [achievement]: [{ public_id: string }] = await world.api.query(
    `select public_id from achievement where code = 'B-CLIC' and superseded_at is null`,
  );
  const app = await startApi(world);
  return {
    url: (await app.getUrl()).replace('[::1]', 'localhost').replace('127.0.0.1', 'localhost'),
    paths: {
      shown: `/b/${shown['B-CE-3']}`,
      pathway: `/b/${shown['B-CLIC']}`,
      withdrawn: `/b/${withdrawn['B-CE-3']}`,
      hidden: `/b/${hidden['B-CE-1']}`,
      achievement: `/achievements/${achievement.public_id}`,
    },
    close: async () => {
      await app.close();
      await world.close();
    },
  };
}

/** @returns public ids by badge code */
async function badgesOf(world: IssuanceWorld, name: string, show: boolean): Promise<Record<string, string>> {
  const person = await aPerson(world.api, world.structure.id, name);
  for (const [index, workshop] of workshops.entries()) {
    const session = await aSession(world, { workshop, people: [person], heldOn: `2026-10-0${index + 5}` });
    await world.api.query(
      `insert into session_staff (id, session_id, person_id, display_name, role) values ($1, $2, $3, 'Odile FICTIVE', 'lead')`,
      [uuid(), session, world.assessorId],
    );
  }
  const { outboxIds, awardIds } = await plan(world, [person]);
  for (const id of outboxIds) await world.signCredentials.run(id);
  if (show)
    for (const id of awardIds) await new PublishBadge(world.api).publish(id, { withName: true, by: 'test' });
  const rows: { badge_code: string; public_id: string }[] = await world.api.query(
    'select a.badge_code, c.public_id from award a join credential c on c.award_id = a.id where a.id = any($1)',
    [awardIds],
  );
  return Object.fromEntries(rows.map((row) => [row.badge_code, row.public_id]));
}

async function startApi(world: IssuanceWorld): Promise<NestFastifyApplication> {
  const app = await anApiApp(world);
  await app.listen(0, '127.0.0.1');
  return app;
}
