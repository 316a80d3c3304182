import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { allEntities, ChangeStatus } from '#badges';
import { dataSourceOptions, readProjectJson } from '#platform';
import type { DemoSummary } from '../../apps/cli/src/demo-summary.js';
import { OutsideVerifier } from '../../apps/cli/src/outside-verifier.js';
import { freeTestPort, Program, processesOf, temporaryFolder } from '../support/program.js';
import { eventually } from '../support/service-process.js';

import.meta.jest.setTimeout(300_000);

type Told = DemoSummary & { faults: string[] };
interface Badge {
  id: string;
  public_id: string;
  organisation_id: string;
  document: string;
}

const expected = readProjectJson<{ realPersons: number; awardsAutomatic: Record<string, number> }>(
  'apps/cli/demo/campagne-2026-automne.expected.json',
);

const places: { folder: string; port: number; remove: () => Promise<void> }[] = [];
beforeAll(async () => {
  for (const _ of [1, 2]) places.push({ ...temporaryFolder(), port: await freeTestPort() });
});
afterAll(async () => {
  for (const { remove } of places) await remove();
});

const demo = ({ folder, port }: (typeof places)[number], ...more: string[]): Program =>
  new Program(['demo', '--data', folder, '--port', String(port), ...more]);

/** The JSON among the sentences on stderr. */
const toldBy = (program: Program): Told => JSON.parse(program.output.match(/^\{$[\s\S]*?^\}$/m)![0]) as Told;

/** The database of a demo that runs, as its api sees it. */
async function openData({ folder }: (typeof places)[number]): Promise<DataSource> {
  const { api } = JSON.parse(readFileSync(join(folder, 'secrets', 'postgres.json'), 'utf8'));
  const { postgresPort } = JSON.parse(readFileSync(join(folder, 'instance.json'), 'utf8'));
  const url = `postgres://insigne_api:${api}@127.0.0.1:${postgresPort}/insigne`;
  return new DataSource(dataSourceOptions({ url, entities: allEntities, poolSize: 1 })).initialize();
}

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const badgesOf = (data: DataSource): Promise<Badge[]> =>
  data.query(
    `select id, public_id, organisation_id, signed_document(credential) as document from credential where state = 'signed' order by id`,
  );

describe('the demonstration', () => {
  it('runs twice at once on one machine, and every number of both is right', async () => {
    const runs = places.map((place) => demo(place, '--once', '--json'));
    for (const [i, run] of runs.entries()) {
      expect([await run.ended, run.output]).toEqual([0, expect.any(String)]);
      const told = toldBy(run);
      expect(told).toMatchObject({
        origin: `http://localhost:${places[i]!.port}`,
        import: 'imported',
        people: expected.realPersons,
        heldCases: 1,
        settledCases: 0,
        since: { isChanged: false, people: 0, heldCases: 0, badges: 0, takenBack: 0 },
        badgesByWorkshop: expected.awardsAutomatic,
        workshopBadges: 51,
        pathwayBadges: 7,
        signed: 58,
        acceptedByOutsideVerifier: 58,
        refusedByOutsideVerifier: [],
        statusesByOutsideVerifier: { active: 58, revoked: 0, suspended: 0, unknown: 0 },
        publishedBy: 2,
        faults: [],
      });
    }
    for (const { folder } of places) expect(processesOf(folder)).toEqual([]);
  });

  describe('run again', () => {
    let run: Program;
    let data: DataSource;
    beforeAll(async () => {
      run = demo(places[0]!);
      await run.says(/nothing was issued twice|Wrong:/, 200_000);
      data = await openData(places[0]!);
    });
    afterAll(async () => {
      if (data?.isInitialized) await data.destroy();
      await run.stop();
    });

    it('issues nothing twice, says who checked what, and stays up', async () => {
      expect(run.output).toContain('58 accepted by @digitalbazaar/vc (proof, dates, form)');
      expect(run.output).toContain('58 active by @digitalbazaar/vc-bitstring-status-list');
      expect(run.output).toContain('nothing was issued twice');
      expect(await badgesOf(data)).toHaveLength(58);
      const [address] = run.output.match(/http:\/\/localhost:\d+\/b\/\w+/)!;
      expect((await fetch(address)).status).toBe(200);
      const [openBadge2] = run.output.match(/http:\S+\/ob2\.json\?download/)!;
      const assertion = await (await fetch(openBadge2)).json();
      expect(assertion).toMatchObject({ type: 'Assertion', id: `${address}/ob2.json` });
    });

    it('leaves no name, phone or e-mail in the journals of the api and the worker', async () => {
      const [{ words }]: [{ words: string[] }] = await data.query(
        `select array_agg(distinct word) as words from person,
         unnest(array[family_name, given_name, phone, email]) as word where length(word) > 3`,
      );
      expect(words.length).toBeGreaterThan(20);
      for (const name of ['api.log', 'worker.log']) {
        const log = readFileSync(join(places[0]!.folder, name), 'utf8');
        expect(log.split('\n').length).toBeGreaterThan(1);
        const found = words.filter((word) =>
          new RegExp(`(?<![\\p{L}\\d])${escaped(word)}(?!\\p{L})`, 'iu').test(log),
        );
        expect([name, found]).toEqual([name, []]);
      }
    });

    it('sees one revoked badge refused from outside, and the others accepted', async () => {
      const [badge, ...others] = await badgesOf(data);
      const outside = new OutsideVerifier(`http://localhost:${places[0]!.port}`);
      const verdictOf = ({ document }: Badge) => outside.check(JSON.parse(document) as object);
      expect(await verdictOf(badge!)).toEqual({ accepted: true, status: 'active' });
      await new ChangeStatus(data).run({
        organisationId: badge!.organisation_id,
        credentialIds: [badge!.id],
        change: 'revoke',
        reasonClass: 'issued_in_error',
        by: 'client:test',
      });
      await eventually(
        () => verdictOf(badge!),
        ({ status }) => status === 'revoked',
        120_000,
      );
      expect(await verdictOf(badge!)).toMatchObject({ accepted: false, status: 'revoked' });
      expect(others).toHaveLength(57);
      await new ChangeStatus(data).run({
        organisationId: badge!.organisation_id,
        credentialIds: [others[1]!.id],
        change: 'suspend',
        reasonClass: 'issued_in_error',
        by: 'client:test',
      });
      // One in five: the next run of the demonstration asks the same of all, and of the list with the suspension.
      for (const other of others.filter((_, at) => at % 5 === 0))
        expect(await verdictOf(other)).toEqual({ accepted: true, status: 'active' });
    });

    it('stops in order, and nothing of it lives on', async () => {
      await data.destroy();
      expect(await run.stop()).toBe(0);
      expect(processesOf(places[0]!.folder)).toEqual([]);
      expect(existsSync(join(places[0]!.folder, 'instance.json'))).toBe(false);
    });
  });

  describe('run again with a badge revoked and one suspended', () => {
    let run: Program;
    let data: DataSource;
    beforeAll(async () => {
      run = demo(places[0]!);
      await run.says(/Every number is right|Wrong:/, 200_000);
      data = await openData(places[0]!);
    });
    afterAll(async () => {
      if (data?.isInitialized) await data.destroy();
      await run.stop();
    });

    it('tells them apart, and every number is right', () => {
      expect(run.output).toMatch(/Signed +58,/);
      expect(run.output).toMatch(/Withdrawn since +1 revoked, 1 suspended/);
      expect(run.output).toContain('56 active by @digitalbazaar/vc-bitstring-status-list');
      expect(run.output).toContain('Every number is right');
    });

    it('ends with an exit code that is not 0 when a badge is missing and there is one too many', async () => {
      const [missing] = await data.query(
        `update credential set state = 'void' where id = (
           select c.id from credential c join status_entry e on e.credential_id = c.id
           where c.state = 'signed' and e.state = 'active' order by c.id limit 1) returning id`,
      );
      const [more] = await data.query(
        `insert into award (id, organisation_id, achievement_id, badge_code, person_id, awarded_at, established,
                            state, reasons)
         select gen_random_uuid(), a.organisation_id, a.achievement_id, a.badge_code, p.person_id, a.awarded_at,
                a.established, a.state, a.reasons
         from award a, (select distinct person_id from award) p
         where a.badge_code <> 'B-CLIC' and not exists (
           select from award other where other.badge_code = a.badge_code and other.person_id = p.person_id)
         limit 1 returning id`,
      );
      expect([missing, more]).toEqual([[{ id: expect.any(String) }], { id: expect.any(String) }]);
      await data.destroy();
      expect(await run.stop()).toBe(0);
      const last = demo(places[0]!, '--once', '--json');
      expect(await last.ended).toBe(1);
      const told = toldBy(last);
      expect(told).toMatchObject({
        signed: 57,
        workshopBadges: 51,
        since: { isChanged: false, badges: 1 },
        acceptedByOutsideVerifier: 55,
        statuses: { active: 55, revoked: 1, suspended: 1 },
        statusesByOutsideVerifier: { active: 55, revoked: 2, suspended: 0, unknown: 0 },
      });
      expect(told.refusedByOutsideVerifier).toContainEqual(expect.stringMatching(/^\w+: .*revoked/));
      expect(told.faults).toEqual([
        'signed badges: 57, expected 58',
        'badges that nothing explains: 1, expected 0',
      ]);
    });
  });

  it('run again after somebody settled its held case has every number right, and tells what came of it', async () => {
    const { folder, port } = places[1]!;
    const held = async (...words: string[]): Promise<string> => {
      const at = ['--organisation', 'chantier-exemple', '--data', folder, '--port', String(port)];
      const program = new Program(['held', ...words, ...at]);
      expect([await program.ended, program.output]).toEqual([0, expect.any(String)]);
      return program.output;
    };
    const [, id] = /"id": "([\w-]+)"/.exec(await held('list'))!;
    await held('resolve', id!, '--decision', 'different_people');
    const run = demo(places[1]!, '--once', '--json');
    expect([await run.ended, run.output]).toEqual([0, expect.any(String)]);
    expect(toldBy(run)).toMatchObject({
      people: expected.realPersons,
      heldCases: 0,
      settledCases: 1,
      badgesByWorkshop: expected.awardsAutomatic,
      signed: 58,
      since: { isChanged: true, people: 1, heldCases: 0, badges: 1, takenBack: 0 },
      acceptedByOutsideVerifier: 59,
      statuses: { active: 59, revoked: 0, suspended: 0 },
      faults: [],
    });
  });

  it('refuses words it does not know without starting anything', async () => {
    const { folder, remove } = temporaryFolder();
    const run = new Program(['demo', '--twice', '--data', folder]);
    expect(await run.ended).toBe(64);
    expect(run.output).toContain('--twice');
    expect(existsSync(folder)).toBe(false);
    await remove();
  });
});
