import type pg from 'pg';
import { ChangeStatus, PublishBadge, ReissueCredentials, ReportCompromise } from '#badges';
import { chainAudit } from '#platform';
import { PublicKeys } from '#signing';
import type { Fault } from '../../apps/cli/src/check/faults.js';
import { type ArchivedWorld, anArchivedWorld } from '../support/archived-world.js';
import { anAttackerOf, faultsIn } from '../support/check-faults.js';
import { origin } from '../support/issuance-world.js';

const by = 'client:test';

describe('the check of what people did, against somebody who has every right on the database', () => {
  let archived: ArchivedWorld;
  let owner: pg.Client;
  let credentialIds: string[];
  beforeAll(async () => {
    archived = await anArchivedWorld();
    owner = await anAttackerOf(archived);
    ({ credentialIds } = await archived.issueRoom(6));
    const { api, worker, structure } = archived.world;
    const organisationId = structure.id;
    const publishing = new PublishBadge(api);
    const [plain, named, hidden, revoked, last] = credentialIds as [string, string, string, string, string];
    await publishing.publish(await awardOf(plain), { withName: false, by: 'test' });
    await publishing.publish(await awardOf(named), { withName: false, by: 'test' });
    await publishing.publish(await awardOf(named), { withName: true, by: 'test' });
    await publishing.publish(await awardOf(hidden), { withName: true, by: 'test' });
    await publishing.withdraw(await awardOf(hidden), 'test');
    const change = new ChangeStatus(api);
    const reasonClass = 'issued_in_error';
    await change.run({ organisationId, credentialIds: [revoked], change: 'revoke', reasonClass, by });
    const keyIds = (await new PublicKeys(worker).all(organisationId)).map(({ id }) => id);
    await new ReportCompromise(worker).run({ organisationId, keyIds, since: new Date(0), by });
    await new ReissueCredentials(api).run({ organisationId, origin, all: false, by });
    for (const { id } of await api.query('select id from outbox where done_at is null'))
      await archived.sign.run(id);
    const newest = [await inPlaceOf(last)];
    await change.run({ organisationId, credentialIds: newest, change: 'suspend', reasonClass, by });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    while ((await archived.lists.publishDue()) > 0);
    await chainAudit(worker);
    await archived.marks.run();
  }, 180_000);
  afterAll(async () => {
    await owner?.end();
    await archived?.close();
  });

  const awardOf = async (id: string): Promise<string> =>
    (await owner.query('select award_id from credential where id = $1', [id])).rows[0].award_id;
  const inPlaceOf = async (id: string): Promise<string> =>
    (await owner.query("select id from credential where supersedes = $1 and state = 'signed'", [id])).rows[0]
      .id;
  const check = (): Promise<Fault[]> => faultsIn(archived);
  /** What the check finds while one row of a table says something else, put right again afterwards. */
  const foundWith = async (table: string, where: string, assignment: string): Promise<Fault[]> => {
    const column = assignment.split(' ')[0]!;
    const { rows } = await owner.query(`select ${column} as value from ${table} where ${where}`);
    expect([where, rows.length]).toEqual([where, 1]);
    await owner.query(`update ${table} set ${assignment} where ${where}`);
    const faults = await check();
    await owner.query(`update ${table} set ${column} = $1 where ${where}`, [rows[0].value]);
    return faults;
  };

  it('finds nothing after badges were shown, hidden, revoked, suspended and issued again', async () => {
    expect(await check()).toEqual([]);
  });

  it('finds a name that is shown unasked, and a showing that was forgotten', async () => {
    const shown: string[] = [];
    for (const id of credentialIds.slice(0, 3)) shown.push(await inPlaceOf(id));
    const [plain] = shown as [string];
    expect(await foundWith('publication', `credential_id = '${plain}'`, 'with_name = true')).toEqual([
      { code: 'name_shown_unasked', ids: { credential: plain } },
    ]);
    for (const id of shown)
      expect(await foundWith('credential', `id = '${id}'`, 'first_shown_at = null')).toEqual([
        { code: 'showing_forgotten', ids: { credential: id } },
      ]);
    expect(await check()).toEqual([]);
  });

  it('finds reasons, authors and successors of a change that are not those of its event', async () => {
    const [superseded, , , revoked, last] = credentialIds as [string, string, string, string, string];
    for (const id of [revoked, await inPlaceOf(last)]) {
      const where = `credential_id = '${id}'`;
      const reason = "reason = 'organisation_request'";
      const differs = { code: 'status_change_differs', ids: { credential: id, version: 1 } };
      const history = { code: 'status_history_differs', ids: { credential: id } };
      expect(await foundWith('status_entry', where, reason)).toEqual([history]);
      expect(await foundWith('status_change', where, reason)).toEqual([differs, history]);
      expect(await foundWith('status_change', where, "by = 'client:else'")).toEqual([differs]);
    }
    const newer = `superseded_by = '${revoked}'`;
    expect(await foundWith('status_entry', `credential_id = '${superseded}'`, newer)).toEqual([
      { code: 'status_history_differs', ids: { credential: superseded } },
    ]);
    expect(await foundWith('status_change', `credential_id = '${superseded}'`, newer)).toEqual([
      { code: 'status_change_differs', ids: { credential: superseded, version: 1 } },
      { code: 'status_history_differs', ids: { credential: superseded } },
    ]);
    expect(await check()).toEqual([]);
  });

  it('finds texts that were altered in a badge that gave its place to another', async () => {
    const [id] = credentialIds as [string];
    const where = `id = '${id}'`;
    const about = { credential: id };
    expect(await foundWith('credential', where, "proof = replace(proof, 'z', 'y')")).toEqual([
      { code: 'document_digest', ids: about },
    ]);
    expect(await foundWith('credential', where, "payload = payload || ' '")).toEqual(
      expect.arrayContaining([
        { code: 'document_digest', ids: about },
        { code: 'payload_digest', ids: about },
      ]),
    );
    expect(await foundWith('credential', where, "jwt_signature = 'AAAA'")).toEqual([
      { code: 'archive_differs', ids: about },
    ]);
    expect(await check()).toEqual([]);
  });

  it('finds a key that was retired by nobody, and a list that forgot what it gave', async () => {
    const { rows } = await owner.query(
      "select id from signing_key where compromised_since is null and algorithm = 'RS256' order by id limit 1",
    );
    const { id } = rows[0];
    expect(await foundWith('signing_key', `id = '${id}'`, 'retired_at = now()')).toEqual([
      { code: 'key_history_differs', ids: { key: id } },
    ]);
    const [list] = (await owner.query('select id from status_list limit 1')).rows;
    expect(await foundWith('status_list', `id = '${list.id}'`, 'taken = taken - 1')).toEqual([
      { code: 'list_taken_differs', ids: { list: list.id } },
    ]);
    expect(await check()).toEqual([]);
  });
});
