import { PublishBadge } from '#badges';
import { Bitstring } from '#signing';
import { eventually } from '../../support/service-process.js';
import { secondsAllowed } from '../limits.js';
import { type Outcome, outcomeOf } from '../outcome.js';
import type { Site } from '../site.js';

interface Shown {
  award: string;
  address: string;
  index: number;
  list: string;
}

/** T-40: badges revoked over HTTP one after the other: when the page tells, when the signed list does, and for ever. */
export async function revokedBadges(site: Site, { badges }: { badges: number }): Promise<Outcome> {
  await site.api();
  await site.worker();
  const awardIds = await site.award(badges);
  await site.drained();
  const publish = new PublishBadge(site.world.api);
  for (const award of awardIds) await publish.publish(award, { withName: false, by: 'chaos' });
  const { rows: shown } = await site.owner.query<Shown>(
    `select a.id as award, c.public_id as address, c.status_index as index, l.public_id as list from award a
     join credential c on c.award_id = a.id join status_list l on l.id = c.status_list_id where a.id = any($1)`,
    [awardIds],
  );
  const token = await site.token(['award:read', 'award:revoke']);
  for (const award of awardIds) site.takenBack.add(award);
  const onPage: number[] = [];
  const inList: number[] = [];
  for (const badge of shown) {
    const began = performance.now();
    const after = (): number => (performance.now() - began) / 1000;
    await revoke(site, token, badge);
    await eventually(
      () => page(site, badge),
      (text) => text.includes('Badge retiré'),
      120_000,
    );
    onPage.push(after());
    await eventually(
      () => isSet(site, badge),
      (set) => set,
      300_000,
    );
    inList.push(after());
  }
  const told = await Promise.all(shown.map((badge) => isSet(site, badge)));
  await site.killAll();
  return await outcomeOf(site, {
    id: 'T-40',
    fault: 'badges revoked over HTTP, one after the other',
    happened: `${told.filter((set) => set).length} of ${shown.length} stand in the last signed list`,
    count: shown.length,
    wrong: {
      'a revocation was taken back': told.includes(false),
      'not every badge was revoked': shown.length !== badges,
    },
    measured: [
      {
        what: 'the page told after',
        value: Math.max(...onPage),
        atMost: secondsAllowed.revokedOnPage,
        unit: 's',
      },
      {
        what: 'the signed list after',
        value: Math.max(...inList),
        atMost: secondsAllowed.revokedInList,
        unit: 's',
      },
    ],
  });
}

async function revoke(site: Site, token: string, { award }: Shown): Promise<void> {
  const answer = await fetch(`${site.origin}/api/v1/awards/${award}/revocation`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': `revoke-${award}`,
    },
    body: JSON.stringify({ reason: 'issued_in_error' }),
  });
  if (answer.status !== 200) throw new Error(`Not revoked: ${answer.status} ${await answer.text()}`);
}

const page = async (site: Site, { address }: Shown): Promise<string> => {
  const headers = { accept: 'text/html', 'accept-language': 'fr' };
  return (await fetch(`${site.origin}/b/${address}`, { headers })).text();
};

async function isSet(site: Site, { list, index }: Shown): Promise<boolean> {
  const answer = await fetch(`${site.origin}/status/${list}`);
  const { credentialSubject } = (await answer.json()) as { credentialSubject: { encodedList: string } };
  return Bitstring.decode(credentialSubject.encodedList).get(index);
}
