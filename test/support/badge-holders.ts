import { PublishBadge } from '#badges';
import { uuid } from '#platform';
import { aPerson, aSession, type IssuanceWorld, plan } from './issuance-world.js';

const pathway = ['CE-1', 'CE-2', 'CE-3', 'CE-4'];

/** A badge as the tables have it. */
export interface HeldBadge {
  award: string;
  credential: string;
  address: string;
  code: string;
  state: string;
  status: string;
  credentialState: string;
  newer: string | null;
}

const tables = [
  ...['award', 'credential', 'status_entry', 'status_change', 'register_correction', 'person', 'session'],
  ...['attendance', 'assessment', 'outbox', 'statement', 'endorsement', 'learner_record'],
];

/** People of a world with signed badges, and how to look at all that taking back may change. */
export class BadgeHolders {
  constructor(private readonly world: IssuanceWorld) {}

  aLearner = (): Promise<string> =>
    aPerson(this.world.api, this.world.structure.id, `Personne EXEMPLE${uuid().slice(-8)}`);

  signAll = async (): Promise<void> => {
    const rows: { id: string }[] = await this.world.api.query('select id from outbox where done_at is null');
    for (const { id } of rows) await this.world.signPromised.run(id);
  };

  badgesOf = (personId: string): Promise<HeldBadge[]> =>
    this.world.api.query(
      `select a.id as award, c.id as credential, c.public_id as address, a.badge_code as code, a.state,
              e.state as status, c.state as "credentialState", n.public_id as newer
       from award a join credential c on c.award_id = a.id join status_entry e on e.credential_id = c.id
       left join credential n on n.id = e.superseded_by where a.person_id = $1 order by a.created_at, a.badge_code, a.id`,
      [personId],
    );

  aBadge = async (heldOn?: string): Promise<{ person: string; session: string; badge: HeldBadge }> => {
    const person = await this.aLearner();
    const session = await aSession(this.world, { people: [person], heldOn });
    await plan(this.world, [person]);
    await this.signAll();
    return { person, session, badge: (await this.badgesOf(person))[0]! };
  };

  /** Somebody with the four badges of a pathway and the one that adds them up. */
  aPathway = async (): Promise<{ person: string; stones: HeldBadge[]; sum: HeldBadge }> => {
    const person = await this.aLearner();
    for (const workshop of pathway) await aSession(this.world, { people: [person], workshop });
    await plan(this.world, [person]);
    await this.signAll();
    const badges = await this.badgesOf(person);
    const isStone = ({ code }: HeldBadge): boolean => pathway.includes(code.slice(2));
    return { person, stones: badges.filter(isStone), sum: badges.find((one) => !isStone(one))! };
  };

  show = ({ award }: Pick<HeldBadge, 'award'>, withName = false): Promise<string> =>
    new PublishBadge(this.world.api).publish(award, { withName, by: 'test' });

  /** Everything, as one text: equal texts, nothing written. */
  everything = async (): Promise<string> =>
    JSON.stringify(
      await Promise.all(
        tables.map((table) =>
          this.world.api.query(`select md5(string_agg(t::text, '|' order by t::text)) from ${table} t`),
        ),
      ),
    );
}
