import type { DataSource } from 'typeorm';
import { type BadgeReader, CurrentBadgeReader } from '#badges';
import { bareJwk, didDocument, didWebFor, type PublicKeys } from '#signing';
import { type Fetched, Fetcher, FetchFailed } from '#verification';

/**
 * Answers the verifier from our own database instead of the network, for our own addresses alone: DID documents, keys,
 * status lists, published badges and what counts now of those whose holder asks. Any other address is refused, so the page of a badge never makes a request to anybody.
 */
export class OwnFetcher extends Fetcher {
  private readonly current: CurrentBadgeReader;

  constructor(
    private readonly origin: string,
    private readonly database: DataSource,
    private readonly keys: PublicKeys,
    private readonly badges: BadgeReader,
  ) {
    super();
    this.current = new CurrentBadgeReader(database);
  }

  async fetch(url: string): Promise<Fetched> {
    const address = new URL(url);
    // did:web names the host only; its documents are asked for by https whatever the service runs on.
    if (address.host !== new URL(this.origin).host)
      throw new FetchFailed('fetch_refused', `${address.host} is not this service`);
    const [kind, name, rest, keyId, signature] = address.pathname.split('/').slice(1);
    if (kind === 'b' && name && !rest) {
      const badge = await this.badges.published(name.replace(/\.json$/, ''));
      if (badge) return json(badge.document);
    } else if (kind === 'refresh' && name && rest) {
      const badge = await this.current.at(name, rest);
      if (badge === 'gone') return { status: 410, contentType: 'text/plain', body: '' };
      if (badge) return json(badge.document);
    } else if (kind === 'status' && name && rest === 'suspended') {
      const found = await this.badges.suspensions(name);
      if (found) return json(JSON.stringify(found));
    } else if (kind === 'status' && name) {
      const list = await this.badges.statusList(name);
      if (list) return json(list.document);
    }
    if (kind === 'issuers' && name) {
      const issuerId = await this.issuerId(name);
      if (issuerId && rest === 'did.json')
        return json(
          JSON.stringify(
            didDocument({ did: didWebFor(this.origin, name), keys: await this.keys.all(issuerId) }),
          ),
        );
      if (issuerId && rest === 'signed' && keyId && signature) {
        const signedAt = await this.badges.signedAt(issuerId, keyId, signature);
        if (signedAt) return json(JSON.stringify({ signedAt: signedAt.toISOString() }));
      }
      if (issuerId && rest === 'keys' && keyId) {
        const key = await this.keys.find(keyId);
        if (key && key.issuerId === issuerId && !key.compromisedSince)
          return json(JSON.stringify(bareJwk(key, url)));
      }
    }
    return { status: 404, contentType: 'text/plain', body: '' };
  }

  private async issuerId(slug: string): Promise<string | undefined> {
    const rows: { id: string }[] = await this.database.query('select id from organisation where slug = $1', [
      slug,
    ]);
    return rows[0]?.id;
  }
}

const json = (body: string): Fetched => ({ status: 200, contentType: 'application/json', body });
