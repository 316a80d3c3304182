import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { importAchievements, PublishBadge } from '#badges';
import { endRole, grantRole } from '#people';
import { publicId, readProjectJson, uuid } from '#platform';
import { importCatalogue, parseCatalogue } from '#workshops';
import { anApiApp } from '../support/api-app.js';
import { anIssuanceWorld, aPerson, aSession, type IssuanceWorld, plan } from '../support/issuance-world.js';

type Draft = { workshops: { code: string; alignments: Record<string, unknown[]> }[] };
const gloss = { fr: 'Range ses fichiers sans aide.', en: 'Files documents alone.' };

/** The words of a page, folded spaces. */
const words = (html: string) =>
  html
    .replace(/<\/?bdi\b[^>]*>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ ([.,])/g, '$1');

describe('a badge page tells by whom it was assessed and what level it stands for', () => {
  let world: IssuanceWorld;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    world = await anIssuanceWorld();
    app = await anApiApp(world);
  });
  afterAll(async () => {
    await app?.close();
    await world?.close();
  });

  const page = async (url: string, language = 'fr') =>
    words((await app.inject({ url: `${url}?lang=${language}`, headers: { accept: 'text/html' } })).body);

  /** The structure's own catalogue: the starter one with these alignments of its first workshop. */
  const importWith = async (alignments: Record<string, unknown[]>) => {
    const file: Draft = readProjectJson('libs', 'workshops', 'data', 'starter-catalogue.fr.json');
    file.workshops[0]!.alignments = alignments;
    const catalogue = parseCatalogue(file);
    await world.api.transaction(async (tx) => {
      await importCatalogue(tx, { organisationId: world.structure.id, catalogue });
      await importAchievements(tx, {
        organisationId: world.structure.id,
        organisationName: world.structure.publicName,
        catalogue,
      });
    });
  };

  const aShownBadge = async (given: { assessor?: string; staffRole?: 'lead' | 'co_animator' } = {}) => {
    const person = await aPerson(world.api, world.structure.id, `Lou EXEMPLE${publicId().slice(0, 6)}`);
    const assessor = given.assessor ?? world.assessorId;
    const session = await aSession(world, { people: [person], assessor });
    if (given.staffRole)
      await world.api.query(
        `insert into session_staff (id, session_id, person_id, display_name, role) values ($1, $2, $3, 'Odile FICTIVE', $4)`,
        [uuid(), session, assessor, given.staffRole],
      );
    const { outboxIds, awardIds } = await plan(world, [person]);
    await world.signCredentials.run(outboxIds[0]!);
    await new PublishBadge(world.api).publish(awardIds[0]!, { withName: false, by: 'test' });
    const [row]: [{ public_id: string; document: string }] = await world.api.query(
      'select public_id, signed_document(credential) as document from credential where award_id = $1',
      [awardIds[0]],
    );
    return { url: `/b/${row.public_id}`, document: row.document };
  };

  it('by role, structure and session, and never by name', async () => {
    const { url } = await aShownBadge({ staffRole: 'lead' });
    const text = await page(url);
    expect(text).toContain('Évalué par Une personne habilitée, qui animait l’atelier');
    expect(text).toContain('Habilitation donnée par Atelier Exemple, valable ce jour-là.');
    expect(text).toContain('Séance 5 octobre 2026, 2 h');
    expect(text).not.toContain('FICTIVE');
    expect(await page(url, 'en')).toContain(
      'An authorised person, who led the workshop Authorised by Atelier Exemple',
    );
  });

  it('without a word on what the assessor did in the session when nobody noted it', async () => {
    const text = await page((await aShownBadge()).url);
    expect(text).toContain('Une personne habilitée Habilitation donnée par');
    expect(text).not.toContain('animait');
  });

  it('keeps silent about an assessor whose mandate does not cover that day', async () => {
    const assessor = await aPerson(world.api, world.structure.id, 'Paul ANCIEN');
    const mandate = { organisationId: world.structure.id, personId: assessor, role: 'assessor' as const };
    await grantRole(world.api.manager, { ...mandate, validFrom: '2026-09-01', confirmedBy: 'test' });
    const { url } = await aShownBadge({ assessor, staffRole: 'lead' });
    expect(await page(url)).toContain('Une personne habilitée, qui animait');
    await endRole(world.api.manager, { ...mandate, lastDay: '2026-10-04' });
    expect(await page(url)).not.toContain('Une personne habilitée');
  });

  it('no level where the catalogue states none: the competency with its own description', async () => {
    const { url, document } = await aShownBadge();
    const text = await page(url);
    expect(text).toContain(
      'Cadre de référence des compétences numériques (CRCN), version 2019 1.2 Gérer des données',
    );
    expect(text).toContain('Stocker et organiser des données pour les retrouver');
    expect(text).not.toMatch(/Niveau \d \(/);
    expect(document).not.toContain('#level-');
  });

  it('the level that a structure states, in the page and in what is signed', async () => {
    await importWith({
      crcn: [{ code: '1.2', level: '2', gloss }, { code: '5.2', level: '2' }, '3.1'],
      'digcomp-3.0': [{ code: '1.3', level: '1' }],
    });
    const { url, document } = await aShownBadge();
    const text = await page(url);
    expect(text).toContain('1.2 Gérer des données Niveau 2 (Novice) : Range ses fichiers sans aide.');
    expect(text).toContain('Niveau 2 (Novice) : Fait une action simple sans aide.');
    expect(text).toMatch(/Niveau 1 \([^)]+\) : At the bottom of the Basic level/);
    expect(await page(url, 'en')).toContain('Level 2 (Novice): Files documents alone.');
    const { credentialSubject } = JSON.parse(document) as {
      credentialSubject: { result: { value: string; achievedLevel: string }[] };
    };
    expect(credentialSubject.result.map((one) => one.value)).toEqual([
      'Observé par une personne habilitée',
      'Niveau 2 (Novice)',
      'Niveau 2 (Novice)',
      expect.stringMatching(/^Niveau 1 \(/),
    ]);
    const [achievement]: [{ public_id: string }] = await world.api.query(
      `select public_id from achievement where code = 'B-CE-1' and organisation_id = $1 and superseded_at is null`,
      [world.structure.id],
    );
    expect(await page(`/achievements/${achievement.public_id}`)).toContain('Niveau 2 (Novice) : Range ses');
    const [pathway]: [{ alignments: { code: string; level?: { code: string } }[] }] = await world.api.query(
      `select alignments from achievement where code = 'B-CLIC' and organisation_id = $1`,
      [world.structure.id],
    );
    expect(pathway.alignments.find((one) => one.code === '1.2')?.level?.code).toBe('2');
  });

  it('refuses a catalogue that states a level its framework does not have, and changes nothing', async () => {
    const count = async () => await world.api.query('select count(*) from achievement');
    const before = await count();
    await expect(importWith({ crcn: [{ code: '1.2', level: '12' }] })).rejects.toMatchObject({
      code: 'unknown_level',
    });
    expect(await count()).toEqual(before);
  });
});
