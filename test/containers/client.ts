import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

export const origin = 'http://localhost:4180';

const head =
  'N° séance;Atelier;Date;Heure;Durée (h);Nom;Prénom;Année de naissance;Présence;Compétence évaluée;Résultat;Évalué par';
const givenNames = ['Aïcha', 'Bruno', 'Chloé', 'Dmitri', 'Élise', 'Fatou', 'Gaël', 'Hanh'];

/** A name without digits that is like no other: people with names alike would wait for a decision. */
const aName = (seed: string): string =>
  [...createHash('sha256').update(seed).digest().subarray(0, 14)]
    .map((byte) => String.fromCharCode(65 + (byte % 26)))
    .join('');

/** A register in which invented people, in rooms of eight, all earned the badge of one workshop. */
const aRegister = (number: number, size: number): string =>
  [
    head,
    ...Array.from({ length: size }, (_, i) => {
      const person = `EXEMPLE ${aName(`${number} ${i}`)};${givenNames[i % 8]};1990`;
      const session = `R${number}-${Math.floor(i / 8)}`;
      return `${session};CE-1;05/10/2026;09:30;2;${person};Présent;5.2;Acquis;Odile FICTIVE`;
    }),
    '',
  ].join('\r\n');

interface Award {
  id: string;
}

/** A program that hands in registers over HTTP, as a structure's own software does. */
export class Client {
  /** Requests that had to be repeated, because nobody answered or the answer said so. */
  repeated = 0;
  private token = '';

  constructor(
    private readonly organisation: string,
    private readonly clientId: string,
    private readonly secret: string,
  ) {}

  /** Tells what a register would do, then hands it in, each again until it is answered and is still so. */
  async handIn(number: number, size: number): Promise<void> {
    const body = aRegister(number, size);
    const path = `/api/v1/organisations/${this.organisation}`;
    for (;;) {
      const { digest } = await this.ask<{ digest: string }>('POST', `${path}/campaign-analyses`, body);
      const asTold = `${path}/campaign-imports?confirmStaff=true&expectedDigest=${digest}`;
      const done = this.ask('POST', asTold, body, `${number}-${digest}`);
      if (
        await done.catch(
          (error: Error) => !error.message.includes('analysis_changed') && Promise.reject(error),
        )
      )
        return;
    }
  }

  /** @returns ids of awards whose badge is signed */
  async awards(limit: number): Promise<string[]> {
    const path = `/api/v1/organisations/${this.organisation}/awards?limit=${limit}`;
    return (await this.ask<{ items: Award[] }>('GET', path)).items.map(({ id }) => id);
  }

  /** Shows a badge, fetches it from its public address and has it verified. @returns the verdict */
  async verdict(awardId: string): Promise<string> {
    const shown = { withName: true };
    const { address } = await this.ask<{ address: string }>(
      'PUT',
      `/api/v1/awards/${awardId}/publication`,
      shown,
    );
    const badge = await fetch(address, { headers: { accept: 'application/ld+json' } });
    const credential = (await badge.json()) as object;
    const body = { credential };
    return (await this.ask<{ verdict: string }>('POST', '/api/v1/verifications', body)).verdict;
  }

  private async ask<T>(method: string, path: string, body?: string | object, key?: string): Promise<T> {
    const isText = typeof body === 'string';
    for (let tries = 1; ; tries += 1) {
      const answer = await fetch(`${origin}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.token}`,
          'accept-language': 'en',
          ...(body === undefined ? {} : { 'content-type': isText ? 'text/csv' : 'application/json' }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        body: isText || body === undefined ? body : JSON.stringify(body),
        signal: AbortSignal.timeout(60_000),
      }).catch((error: Error) => error);
      if (answer instanceof Response && answer.ok) return (await answer.json()) as T;
      const said = answer instanceof Response ? `${answer.status} ${await answer.text()}` : String(answer);
      const isForAnother = /^(401|409.*request_in_progress|429|5\d\d)|Error/.test(said);
      if (!isForAnother || tries > 240) throw new Error(`${method} ${path}: ${said.slice(0, 500)}`);
      if (said.startsWith('401 ')) await this.renew();
      else this.repeated += 1;
      await sleep(said.startsWith('401 ') ? 0 : 500);
    }
  }

  private async renew(): Promise<void> {
    const authorization = `Basic ${Buffer.from(`${this.clientId}:${this.secret}`).toString('base64')}`;
    const answer = await fetch(`${origin}/oauth/token`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    }).catch(() => undefined);
    if (answer?.ok) this.token = ((await answer.json()) as { access_token: string }).access_token;
  }
}
