import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GiveEndorsement, PublishBadge } from '#badges';
import { registerOrganisation } from '#people';
import { uuid } from '#platform';
import { createMasterKey, didWebFor, type JsonObject } from '#signing';
import { aFile } from '../../libs/workshops/src/campaign/world.spec-support.js';
import { BadgeHolders, type HeldBadge } from '../support/badge-holders.js';
import { databaseEnvironment, type Ran, runHere } from '../support/command-line.js';
import { anIssuanceWorld, aSession, type IssuanceWorld, origin, plan } from '../support/issuance-world.js';
import { anOutsideEndorsement } from '../support/outside-endorsement.js';

import.meta.jest.setTimeout(480_000);

let world: IssuanceWorld;
let holders: BadgeHolders;
let folder: string;

beforeAll(async () => {
  world = await anIssuanceWorld();
  holders = new BadgeHolders(world);
  folder = mkdtempSync(join(tmpdir(), 'insigne taking back '));
  // The world signs with a key of its own; the command line only asks that there is one.
  mkdirSync(join(folder, 'data', 'secrets'), { recursive: true, mode: 0o700 });
  createMasterKey(join(folder, 'data', 'secrets', 'master.key'));
});
afterAll(async () => {
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The command line on the database of the world. */
const insigne = (words: string[], language: 'C' | 'fr_FR.UTF-8' = 'C'): Promise<Ran> =>
  runHere(words, {
    ...databaseEnvironment(world.urls),
    INSIGNE_DATA: join(folder, 'data'),
    LC_ALL: language,
  });
const badge = (verb: string, ...words: string[]) => insigne(['badge', verb, ...words, ...own]);
const own: string[] = [];
beforeAll(() => void own.push('--organisation', world.structure.slug));

/** A badge with whose it is and the session that it stands on. */
const aBadge = async () => {
  const { badge: one, ...of } = await holders.aBadge();
  return { ...of, ...one };
};
const stateOf = async ({ credential }: HeldBadge): Promise<string> =>
  (await world.api.query('select state from status_entry where credential_id = $1', [credential]))[0].state;
const codeOf = async (session: string): Promise<string> =>
  (await world.api.query('select code from session where id = $1', [session]))[0].code;
/** Runs a command that must be refused: with this exit code and these words, and nothing is changed. */
let refusals = 0;
const refused = async (words: string[], code: number, fr: RegExp, en: RegExp, where = own): Promise<void> => {
  const before = await holders.everything();
  const tell = async (language: 'C' | 'fr_FR.UTF-8', wanted: RegExp): Promise<void> => {
    const ran = await insigne([...words, ...where], language);
    expect({ words, code: ran.code, err: ran.err }).toEqual({
      words,
      code,
      err: expect.stringMatching(wanted),
    });
    expect(ran.err).not.toMatch(/\n\s+at /);
  };
  // Each refusal in one of the two languages, in turn.
  refusals += 1;
  await (refusals % 2 === 0 ? tell('C', en) : tell('fr_FR.UTF-8', fr));
  expect(await holders.everything()).toBe(before);
};
const digestIn = (out: string): string => /--expect ([0-9a-f]{64})/.exec(out)![1]!;

describe('insigne badge bind', () => {
  it('binds the Open Badges 2.0 form to an address at the learner’s wish, keeps its hash alone, and undoes it', async () => {
    const one = await aBadge();
    const held = () =>
      world.api.query(
        `select email_hash, salt from ob2_edition where award_id = $1 and superseded_at is null`,
        [one.award],
      );
    const bound = await insigne(
      ['badge', 'bind', one.award, '--email', ' Lou@Example.org', ...own],
      'fr_FR.UTF-8',
    );
    expect([bound.code, bound.out]).toEqual([0, expect.stringContaining('est lié à cette adresse')]);
    expect(`${bound.out}${bound.err}`).not.toMatch(/lou@/i);
    const [{ email_hash: hash, salt }] = await held();
    expect(hash).toBe(`sha256$${createHash('sha256').update(`lou@example.org${salt}`).digest('hex')}`);
    const unbound = await badge('unbind', one.award);
    expect([unbound.code, unbound.out]).toEqual([0, expect.stringContaining('bound to no e-mail address')]);
    expect(await held()).toEqual([{ email_hash: null, salt: null }]);
  });

  it('refuses what is no address, and an award that is not there, and binds nothing', async () => {
    const one = await aBadge();
    const email = ['--email', 'lou@example.org'];
    await refused(['badge', 'bind', one.award, '--email', 'lou'], 1, /une seule adresse/, /one address/);
    await refused(['badge', 'bind', uuid(), ...email], 1, /Aucun badge signé/, /No signed badge/);
    await refused(['badge', 'unbind', uuid()], 1, /Aucun badge signé/, /No signed badge/);
    expect((await badge('bind', one.award)).code).toBe(64);
    const gone = await aBadge();
    await badge('revoke', gone.address, '--reason', 'fraud');
    await refused(['badge', 'bind', gone.award, ...email], 1, /n’est plus valable/, /counts no more/);
    const editions = 'select from ob2_edition where award_id = $1';
    expect(await world.api.query(editions, [one.award])).toEqual([]);
  });
});

describe('insigne badge publish and withdraw', () => {
  const publications = (award: string): Promise<unknown[]> =>
    world.api.query(
      'select from publication p join credential c on c.id = p.credential_id where c.award_id = $1',
      [award],
    );

  it('show no badge that was taken back, or is not signed yet, and say which of the two it is', async () => {
    const { stones, sum } = await holders.aPathway();
    await holders.show(sum);
    await new PublishBadge(world.api).withdraw(sum.award, 'test');
    const words = ['badge', 'revoke', stones[0]!.address, '--reason', 'issued_in_error', ...own];
    expect((await insigne(words)).code).toBe(0);
    for (const { award } of [sum, stones[0]!]) {
      for (const _ of ['fr', 'en'])
        await refused(['badge', 'publish', award], 1, /n’est plus valable/, /counts no more/, []);
      expect(await publications(award)).toEqual([]);
    }
    const person = await holders.aLearner();
    await aSession(world, { people: [person] });
    const [waiting] = (await plan(world, [person])).awardIds as [string];
    for (const _ of ['fr', 'en'])
      await refused(['badge', 'publish', waiting], 1, /pas encore signé/, /not signed yet/, []);
    await holders.signAll();
    expect((await insigne(['badge', 'publish', waiting])).code).toBe(0);
    expect(await publications(waiting)).toHaveLength(1);
  });

  it('refuse an award that is not there, and say when there was nothing to hide', async () => {
    for (const verb of ['publish', 'withdraw']) {
      await refused(['badge', verb, uuid()], 1, /Aucun badge signé/, /No signed badge/, []);
      const malformed = ['badge', verb, 'nonsense'];
      await refused(malformed, 64, /« nonsense » n’est pas l’identifiant/, /"nonsense" is not the id/, []);
    }
    const one = await aBadge();
    await holders.show(one);
    expect(await insigne(['badge', 'withdraw', one.award])).toMatchObject({ code: 0, out: '' });
    const before = await holders.everything();
    const again = await insigne(['badge', 'withdraw', one.award]);
    expect([again.code, again.out]).toEqual([0, 'Hidden already; nothing changes.\n']);
    const fr = await insigne(['badge', 'withdraw', one.award], 'fr_FR.UTF-8');
    expect([fr.code, fr.out]).toEqual([0, 'Déjà caché ; rien ne change.\n']);
    expect(await holders.everything()).toBe(before);
  });
});

describe('insigne badge revoke', () => {
  it('takes the address as people copy it: with a language, a slash at its end, a fragment', async () => {
    for (const end of ['?lang=fr', '/', '#details', '.json?x=1']) {
      const one = await aBadge();
      const words = ['badge', 'revoke', `${origin}/b/${one.address}${end}`, '--reason', 'fraud', ...own];
      expect([end, (await insigne(words)).code]).toEqual([end, 0]);
      expect(await stateOf(one)).toBe('revoked');
    }
  });

  it('tells, and does it: by address or id, in both languages, once', async () => {
    const one = await aBadge();
    const dry = await badge('revoke', one.address, '--reason', 'fraud', '--dry-run');
    expect([dry.code, dry.out]).toEqual([
      0,
      expect.stringMatching(/^\w{26}\trevoked\t.* · never shown\n.*Dry run: nothing was changed/s),
    ]);
    expect(await stateOf(one)).toBe('active');
    const done = await insigne(
      ['badge', 'revoke', `${origin}/b/${one.address}`, '--reason', 'fraud', ...own],
      'fr_FR.UTF-8',
    );
    expect([done.code, done.out]).toEqual([
      0,
      `${one.address}\tretiré\t${one.code} · ${one.person} · jamais montré\nRaison : conditions non remplies\nC’est fait.\n`,
    ]);
    expect(await stateOf(one)).toBe('revoked');
    const again = await badge('revoke', one.address, '--reason', 'fraud');
    expect([again.code, again.out]).toEqual([
      0,
      expect.stringMatching(/revoked \(already\)\t.*\nNothing has changed\.\n$/),
    ]);
    const history = await badge('history', one.address, '--json');
    expect(JSON.parse(history.out)).toEqual([
      expect.objectContaining({ change: 'revoke', reason: 'fraud', by: 'cli', version: 1 }),
    ]);
    expect((await insigne(['badge', 'history', one.address, ...own], 'fr_FR.UTF-8')).out).toMatch(
      /revoke\trevoked\tconditions non remplies\tcli/,
    );
  });

  it('names the reason before it is done, and does only what was told with this reason', async () => {
    const one = await aBadge();
    const words = (reason: string) => ['badge', 'revoke', one.address, '--reason', reason];
    const dry = await insigne([...words('fraud'), '--dry-run', ...own]);
    expect(dry.out).toMatch(/^Reason: conditions not met$/m);
    const other = await insigne([...words('organisation_request'), '--dry-run', ...own], 'fr_FR.UTF-8');
    expect(other.out).toMatch(/^Raison : demande de l’organisation$/m);
    expect(digestIn(other.out)).not.toBe(digestIn(dry.out));
    const told = JSON.parse((await insigne([...words('fraud'), '--dry-run', '--json', ...own])).out);
    expect(told).toMatchObject({
      digest: digestIn(dry.out),
      reason: 'fraud',
      reasonText: { fr: 'conditions non remplies', en: 'conditions not met' },
    });
    await refused(
      [...words('organisation_request'), '--expect', digestIn(dry.out)],
      1,
      /a changé depuis l’essai/,
      /has changed since the dry run/,
    );
    expect((await insigne([...words('fraud'), '--expect', digestIn(dry.out), ...own])).code).toBe(0);
    expect(await stateOf(one)).toBe('revoked');
  });

  it('says that the old reason stays when one is revoked already, with another', async () => {
    const one = await aBadge();
    await badge('revoke', one.address, '--reason', 'issued_in_error');
    const before = await holders.everything();
    const words = ['badge', 'revoke', one.address, '--reason', 'fraud', ...own];
    const en = (await insigne(words)).out;
    expect(en).toContain('revoked (already; the reason stays: issued in error)');
    expect(en).toMatch(/\nNothing has changed\.\n$/);
    expect(en).not.toContain('conditions not met');
    const fr = (await insigne(words, 'fr_FR.UTF-8')).out;
    expect(fr).toContain('retiré (déjà ; la raison reste : délivré par erreur)');
    expect(fr).toMatch(/\nRien n’a changé\.\n$/);
    const { revoked } = JSON.parse((await insigne([...words, '--json'])).out);
    expect(revoked).toEqual([expect.objectContaining({ isChanged: false, reason: 'issued_in_error' })]);
    expect(await holders.everything()).toBe(before);
  });

  it('tells of every named badge whether it is shown, was shown, or never was, before anything is done', async () => {
    const [open, hidden, kept] = [await aBadge(), await aBadge(), await aBadge()];
    await holders.show(open, true);
    await holders.show(hidden);
    await new PublishBadge(world.api).withdraw(hidden.award, 'test');
    const words = ['badge', 'revoke', ...[open, hidden, kept].map(({ address }) => address)];
    const dry = [...words, '--reason', 'issued_in_error', '--dry-run', ...own];
    const lineOf = (out: string, { address }: HeldBadge): string =>
      out.split('\n').find((line) => line.startsWith(address))!;
    const before = await holders.everything();

    const en = (await insigne(dry)).out;
    const link = `${origin}/b/${open.address}`;
    expect(lineOf(en, open)).toMatch(
      new RegExp(`${open.person} · shown since \\d{4}-\\d\\d-\\d\\d, with the name, ${link}$`),
    );
    expect(lineOf(en, hidden)).toMatch(new RegExp(`${hidden.person} · was shown, or may have been$`));
    expect(lineOf(en, kept)).toMatch(new RegExp(`${kept.person} · never shown$`));
    expect(en).toContain('3 badges named; shown now: 1, shown before, or perhaps: 1, never shown: 1.');

    const fr = (await insigne(dry, 'fr_FR.UTF-8')).out;
    expect(lineOf(fr, open)).toMatch(/montré depuis le \d{4}-\d\d-\d\d, avec le nom, http/);
    expect(lineOf(fr, hidden)).toMatch(/a été montré, ou a pu l’être$/);
    expect(lineOf(fr, kept)).toMatch(/jamais montré$/);
    expect(fr).toContain(
      '3 badges nommés ; montrés maintenant : 1, montrés avant, ou peut-être : 1, jamais montrés : 1.',
    );

    const { revoked } = JSON.parse((await insigne([...dry, '--json'])).out);
    const showing = (publicId: string, since: unknown, wasShown: boolean) =>
      expect.objectContaining({ publicId, shown: since, wasShown, isChanged: true });
    expect(revoked).toHaveLength(3);
    expect(revoked).toEqual(
      expect.arrayContaining([
        showing(open.address, { since: expect.any(String), withName: true }, true),
        showing(hidden.address, null, true),
        showing(kept.address, null, false),
      ]),
    );
    expect(await holders.everything()).toBe(before);
  });

  it('does not do what was told when somebody has shown a named badge since', async () => {
    const one = await aBadge();
    const words = ['badge', 'revoke', one.address, '--reason', 'fraud'];
    const digest = digestIn((await insigne([...words, '--dry-run', ...own])).out);
    await holders.show(one);
    await refused(
      [...words, '--expect', digest],
      1,
      /a changé depuis l’essai/,
      /has changed since the dry run/,
    );
    expect(await stateOf(one)).toBe('active');
    const again = digestIn((await insigne([...words, '--dry-run', ...own])).out);
    expect((await insigne([...words, '--expect', again, ...own])).code).toBe(0);
    expect(await stateOf(one)).toBe('revoked');
  });

  it('tells which pathway badge falls with it, and takes it along only as told', async () => {
    const { stones, sum } = await holders.aPathway();
    const words = ['badge', 'revoke', stones[0]!.address, '--reason', 'issued_in_error', ...own];
    const dry = await insigne([...words, '--dry-run'], 'fr_FR.UTF-8');
    expect(dry.out).toMatch(/Tombent avec, car ils en dépendent :\n.*tombe \(retiré sans trace\)/);
    expect(dry.out.match(/^Raison : .*$/gm)).toEqual(['Raison : délivré par erreur']);
    await holders.show(sum);
    await refused(
      [...words.slice(0, 5), '--expect', digestIn(dry.out)],
      1,
      /a changé depuis l’essai/,
      /has changed since the dry run/,
    );
    const told = await insigne([...words, '--dry-run', '--json']);
    const { digest, effects } = JSON.parse(told.out);
    expect(effects).toEqual([expect.objectContaining({ badge: sum.code, how: 'revoked', wasShown: true })]);
    expect((await insigne([...words, '--expect', digest])).code).toBe(0);
    expect([await stateOf(stones[0]!), await stateOf(sum), await stateOf(stones[1]!)]).toEqual([
      'revoked',
      'revoked',
      'active',
    ]);
  });

  it('refuses what it does not understand or find, whole, and changes nothing', async () => {
    const one = await aBadge();
    const usage = /insigne badge revoke PUBLIC_ID…/;
    await refused(['badge', 'revoke', one.address], 64, usage, usage);
    await refused(['badge', 'revoke', one.address, '--reason', 'he lied'], 64, usage, usage);
    const list = 'issued_in_error, register_corrected, learner_request, fraud, organisation_request\\.\\n';
    for (const reason of ['key_compromised', 'review_closed', 'under_review', 'superseded'])
      await refused(
        ['badge', 'revoke', one.address, '--reason', reason],
        64,
        new RegExp(`--reason ${reason} ne convient pas ici ; au choix : ${list}`),
        new RegExp(`--reason ${reason} does not fit here; one of: ${list}`),
      );
    await refused(['badge', 'revoke', '--reason', 'fraud'], 64, usage, usage);
    await refused(
      ['badge', 'revoke', one.address, '0'.repeat(26), '--reason', 'fraud'],
      1,
      /Aucun badge à cette adresse/,
      /No badge at this address/,
    );
    const { slug } = await world.api.transaction((tx) =>
      registerOrganisation(tx, { kind: 'structure', slug: `autre-${uuid()}`, legalName: 'Autre Structure' }),
    );
    const before = await holders.everything();
    const foreign = await insigne([
      ...['badge', 'revoke', one.address, '--reason', 'fraud', '--organisation', slug],
    ]);
    expect(foreign.err).toMatch(/No badge at this address/);
    expect(foreign.code).toBe(1);
    expect(await holders.everything()).toBe(before);
  });
});

describe('two administrators of one machine', () => {
  const eventsOf = async (credential: string): Promise<string[]> =>
    (
      await world.worker.query(
        `select action || ' ' || actor as told from audit_event where subject->>'credentialId' = $1
         and action not in ('credential.planned', 'credential.signed') order by at, id`,
        [credential],
      )
    ).map(({ told }: { told: string }) => told);

  it('are told apart in the history of a badge and in the audit, by the code that each gives', async () => {
    const one = await aBadge();
    const person = uuid();
    expect((await badge('suspend', one.address, '--by', 'adm-1')).code).toBe(0);
    expect((await badge('reinstate', one.address, '--by', person)).code).toBe(0);
    expect((await badge('suspend', one.address)).code).toBe(0);
    expect((await badge('revoke', one.address, '--reason', 'fraud', '--by', 'ADM-2')).code).toBe(0);
    const by = ['cli:adm-1', `cli:${person}`, 'cli', 'cli:adm-2'];
    const told = JSON.parse((await badge('history', one.address, '--json')).out);
    expect(told.map((change: { by: string }) => change.by)).toEqual(by);
    expect((await badge('history', one.address)).out).toMatch(/\tcli:adm-2\n$/);
    const acts = ['suspended', 'reinstated', 'suspended', 'revoked'];
    expect(await eventsOf(one.credential)).toEqual(
      acts.map((act, index) => `credential.${act} ${by[index]}`),
    );
  });

  it('are told apart for a whole session, a replaced badge and a hidden one', async () => {
    const [taken, wrong, shown] = [await aBadge(), await aBadge(), await aBadge()];
    const code = await codeOf(taken.session);
    expect((await insigne(['session', 'withdraw', code, '--by', 'adm-1', ...own])).code).toBe(0);
    expect((await badge('replace', wrong.address, '--given-name', 'Amélie', '--by', 'adm-2')).code).toBe(0);
    await holders.show(shown);
    expect((await insigne(['badge', 'withdraw', shown.award, '--by', 'adm-3'])).code).toBe(0);
    const corrections = await world.api.query(
      "select kind, by from register_correction where by like 'cli:%' order by by",
    );
    expect(corrections).toEqual([
      { kind: 'withdrawal', by: 'cli:adm-1' },
      { kind: 'replacement', by: 'cli:adm-2' },
    ]);
    const actors: { actor: string }[] = await world.worker.query(
      "select actor from audit_event where subject->>'awardId' = $1 order by at desc, id desc limit 1",
      [shown.award],
    );
    expect(actors).toEqual([{ actor: 'cli:adm-3' }]);
  });

  it('are never named there: a name, an address or a number is refused, and nothing is changed', async () => {
    const one = await aBadge();
    for (const name of ['Odile', 'odile@example.org', '0612345678'])
      for (const words of [
        ['badge', 'suspend', one.address, '--by', name],
        ['badge', 'revoke', one.address, '--reason', 'fraud', '--by', name],
        ['session', 'withdraw', await codeOf(one.session), '--by', name],
      ])
        await refused(
          words,
          64,
          /^--by : un code court.*Le journal d’audit ne garde ni nom/,
          /^--by: a short code.*The audit chain keeps no name/,
        );
  });
});

describe('insigne badge suspend and reinstate', () => {
  it('stop a badge for now, and lift it', async () => {
    const one = await aBadge();
    const unseen = (await badge('suspend', one.address, '--dry-run')).out;
    expect(unseen).toMatch(/suspended\t\S+ · [0-9a-f-]{36} · never shown\nDry run/);
    await new PublishBadge(world.api).publish(one.award, { withName: true, by: 'cli' });
    const seen = (await badge('suspend', one.address, '--dry-run')).out;
    expect(seen).toContain(
      `shown since ${new Date().toISOString().slice(0, 10)}, with the name, ${origin}/b/`,
    );
    expect(JSON.parse((await badge('suspend', one.address, '--dry-run', '--json')).out).changed).toEqual([
      expect.objectContaining({ publicId: one.address, wasShown: true, shown: expect.anything() }),
    ]);
    expect(await stateOf(one)).toBe('active');
    expect(await badge('suspend', one.address)).toMatchObject({
      code: 0,
      out: `${one.address}\tsuspended\n`,
    });
    expect(await stateOf(one)).toBe('suspended');
    const lifted = await insigne(['badge', 'reinstate', one.address, ...own], 'fr_FR.UTF-8');
    expect([lifted.code, lifted.out]).toEqual([0, `${one.address}\ten cours\n`]);
    expect(await stateOf(one)).toBe('active');
  });

  it('refuse what is not suspended, and what is revoked for good', async () => {
    const one = await aBadge();
    await refused(['badge', 'reinstate', one.address], 1, /n’est pas suspendu/, /is not suspended/);
    for (const [verb, reason, list] of [
      [
        'suspend',
        'review_closed',
        /under_review, learner_request, organisation_request, fraud, issued_in_error\./,
      ],
      ['reinstate', 'fraud', /review_closed, learner_request, organisation_request\./],
    ] as const)
      await refused(['badge', verb, one.address, '--reason', reason], 64, list, list);
    await badge('revoke', one.address, '--reason', 'fraud');
    for (const verb of ['suspend', 'reinstate'])
      await refused(['badge', verb, one.address], 1, /déjà retiré/, /revoked already/);
  });
});

describe('insigne badge replace', () => {
  it('issues a corrected badge, names it, and the same again changes nothing', async () => {
    const one = await aBadge();
    await holders.show(one);
    const words = ['badge', 'replace', one.address, '--given-name', 'Amélie', ...own];
    const dry = await insigne([...words, '--dry-run'], 'fr_FR.UTF-8');
    expect(dry.out).toMatch(/change \(remplacé, la page le dit\) · montré depuis le/);
    expect(await stateOf(one)).toBe('active');
    expect(dry.out).toMatch(/^Raison : délivré par erreur$/m);
    await refused(
      [...words.slice(0, 5), '--reason', 'superseded', '--expect', digestIn(dry.out)],
      1,
      /a changé depuis l’essai/,
      /has changed since the dry run/,
    );
    const done = await insigne([...words, '--expect', digestIn(dry.out)], 'fr_FR.UTF-8');
    expect([done.code, done.out]).toEqual([
      0,
      expect.stringMatching(/C’est fait\.\nLe nouveau badge : http\S+\/b\/\w{26}\n$/),
    ]);
    const newer = /b\/(\w{26})\n$/.exec(done.out)![1]!;
    expect(await stateOf(one)).toBe('revoked');
    const before = await holders.everything();
    const again = await insigne(words);
    expect([again.code, again.out]).toEqual([
      0,
      `Replaced before; nothing changes. The new badge: ${origin}/b/${newer}\n`,
    ]);
    expect((await badge('revoke', one.address, '--reason', 'fraud')).out).toContain(
      `already : replaced by ${newer}`,
    );
    expect(await holders.everything()).toBe(before);
  });

  it('refuses what cannot be, and changes nothing', async () => {
    const [one, gone] = [await aBadge(), await aBadge()];
    await badge('revoke', gone.address, '--reason', 'fraud');
    const usage = /insigne badge replace PUBLIC_ID/;
    await refused(['badge', 'replace'], 64, usage, usage);
    await refused(['badge', 'replace', one.address, '--held-on', '2026-02-30'], 64, usage, usage);
    await refused(['badge', 'replace', one.address, '--reason', 'fraud'], 64, usage, usage);
    await refused(['badge', 'replace', gone.address], 1, /déjà retiré/, /revoked already/);
    await refused(
      ['badge', 'replace', one.address, '--expect', '0'.repeat(64)],
      1,
      /a changé depuis l’essai/,
      /has changed since the dry run/,
    );
  });
});

describe('insigne session withdraw', () => {
  it('tells, then takes the whole session back without trace, and only once', async () => {
    const one = await aBadge();
    const code = await codeOf(one.session);
    const dry = await insigne(['session', 'withdraw', code, '--dry-run', ...own]);
    expect(dry.out).toMatch(/falls \(taken back without trace\)/);
    expect(dry.out).toMatch(/^Reason: issued in error$/m);
    expect(await stateOf(one)).toBe('active');
    await refused(
      ['session', 'withdraw', code, '--reason', 'fraud', '--expect', digestIn(dry.out)],
      1,
      /a changé depuis l’essai/,
      /has changed since the dry run/,
    );
    const done = await insigne(
      ['session', 'withdraw', code, '--expect', digestIn(dry.out), ...own],
      'fr_FR.UTF-8',
    );
    expect([done.code, done.out]).toEqual([0, expect.stringMatching(/C’est fait\.\n$/)]);
    expect(await stateOf(one)).toBe('revoked');
    await refused(['session', 'withdraw', code], 1, /déjà retirée/, /withdrawn already/);
  });

  it('after a badge was shown, or after 24 hours, tells so and does it in the open', async () => {
    for (const how of ['shown', 'old'] as const) {
      const one = await aBadge();
      const code = await codeOf(one.session);
      const before = await insigne(['session', 'withdraw', code, '--dry-run', ...own]);
      if (how === 'shown') await holders.show(one);
      else
        await world.api.query(
          `update award set created_at = created_at - interval '25 hours' where id = $1`,
          [one.award],
        );
      await refused(
        ['session', 'withdraw', code, '--expect', digestIn(before.out)],
        1,
        /a changé depuis l’essai/,
        /has changed since the dry run/,
      );
      const told = await insigne(['session', 'withdraw', code, '--dry-run', ...own], 'fr_FR.UTF-8');
      expect(told.out).toMatch(/tombe \(retiré, la page le dit\)/);
      if (how === 'shown') expect(told.out).toMatch(/montré depuis le \d{4}-\d\d-\d\d/);
      expect((await insigne(['session', 'withdraw', code, ...own])).code).toBe(0);
      const [{ state }] = await world.api.query('select state from credential where id = $1', [
        one.credential,
      ]);
      expect(state).toBe('signed');
    }
  });

  it('refuses what it does not understand or find', async () => {
    const usage = /insigne session withdraw NUMBER/;
    await refused(['session', 'withdraw'], 64, usage, usage);
    for (const reason of ['he lied', 'review_closed'])
      await refused(['session', 'withdraw', 'X-1', '--reason', reason], 64, usage, usage);
    await refused(['session', 'melt', 'X-1'], 64, usage, usage);
    await refused(
      ['session', 'withdraw', 'nowhere'],
      1,
      /Aucune séance de ce numéro/,
      /No session with this number/,
    );
  });
});

describe('insigne session list', () => {
  it('tells each session, and which one is withdrawn, since when and how, in both languages', async () => {
    const [quiet, open, stands] = [await aBadge(), await aBadge(), await aBadge()];
    const [quietCode, openCode, standsCode] = [
      await codeOf(quiet.session),
      await codeOf(open.session),
      await codeOf(stands.session),
    ];
    await holders.show(open);
    for (const code of [quietCode, openCode])
      expect((await insigne(['session', 'withdraw', code, ...own])).code).toBe(0);
    const today = new Date().toISOString().slice(0, 10);
    const lineOf = (out: string, code: string) =>
      out.split('\n').find((line) => line.startsWith(`${code}\t`));
    const { out: en } = await insigne(['session', 'list', ...own]);
    expect(lineOf(en, standsCode)).toMatch(/^\S+\t\d{4}-\d\d-\d\d\tCE-1\t1 present\tcounts$/);
    expect(lineOf(en, quietCode)).toMatch(`\twithdrawn on ${today}, without trace`);
    expect(lineOf(en, openCode)).toMatch(`\twithdrawn on ${today}, its badges stay known as revoked`);
    const { out: fr } = await insigne(['session', 'list', ...own], 'fr_FR.UTF-8');
    expect(lineOf(fr, standsCode)).toMatch(/\t1 présent·e·s\tcompte$/);
    expect(lineOf(fr, quietCode)).toMatch(`\tretirée le ${today}, sans trace`);
    expect(lineOf(fr, openCode)).toMatch(`\tretirée le ${today}, ses badges restent connus comme retirés`);
    const all = JSON.parse((await insigne(['session', 'list', '--json', ...own])).out);
    expect(all).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: standsCode, withdrawn: null }),
        expect.objectContaining({
          code: openCode,
          withdrawn: { at: expect.any(String), mode: 'revocation' },
        }),
      ]),
    );
  });
});

describe('insigne import campaign --correct', () => {
  const zoe = { Nom: 'SPÉCIMEN', Prénom: 'Zoé', 'Année de naissance': '1977' };
  const file = (name: string, rows: Parameters<typeof aFile>[0]): string => {
    const path = join(folder, name);
    writeFileSync(path, aFile(rows));
    return path;
  };
  const correct = (path: string, ...more: string[]) =>
    insigne(['import', 'campaign', path, '--correct', ...more, ...own]);

  it('tells what appears and falls, does exactly that, and the same again does nothing', async () => {
    const code = { 'N° séance': 'K1' };
    const first = file(
      'first.csv',
      [code, { ...code, ...zoe }].map((row) => ({ ...row, Date: '16/11/2026' })),
    );
    expect((await insigne(['import', 'campaign', first, ...own])).code).toBe(0);
    await holders.signAll();
    const corrected = file('corrected.csv', [
      { ...code, ...zoe },
      { ...code, Nom: 'MODÈLE', Prénom: 'Léa', 'Année de naissance': '1985' },
    ]);
    const dry = await correct(corrected, '--dry-run');
    expect([dry.code, dry.out]).toEqual([0, expect.stringMatching(/appears \(will be issued\)/)]);
    expect(dry.out).toMatch(/falls \(taken back without trace\)/);
    expect((await correct(corrected, '--expect', digestIn(dry.out))).code).toBe(0);
    const again = await insigne(['import', 'campaign', corrected, '--correct', ...own], 'fr_FR.UTF-8');
    expect(again.out).toMatch(/Aucun badge n’apparaît, ne change ou ne tombe/);
  });

  it('says what is corrected, also who assessed, in both languages, before anything is done', async () => {
    const code = { 'N° séance': 'K3', Atelier: 'CE-2', ...zoe };
    const rows = (...more: object[]) => more.map((row) => ({ ...code, Date: '17/11/2026', ...row }));
    expect((await insigne(['import', 'campaign', file('right.csv', rows({})), ...own])).code).toBe(0);
    const path = file('wrong.csv', rows({ 'Évalué par': 'Basile INVENTÉ' }));
    const before = await holders.everything();
    const en = (await correct(path, '--dry-run')).out;
    expect(en).toMatch(
      new RegExp(
        `^K3 · [0-9a-f-]{36} · 5\\.2 acquired · assessed by ${world.assessorId} → Basile INVENTÉ$`,
        'm',
      ),
    );
    expect(en).toMatch(/B-CE-2 .* falls \(taken back without trace\)/);
    const fr = await insigne(['import', 'campaign', path, '--correct', '--dry-run', ...own], 'fr_FR.UTF-8');
    expect(fr.out).toMatch(/5\.2 acquis · évalué par [0-9a-f-]{36} → Basile INVENTÉ$/m);
    expect((await correct(file('same.csv', rows({})), '--dry-run')).out).not.toMatch(/assessed by|→/);
    const absent = rows({ Présence: 'Absente', Résultat: '', 'Compétence évaluée': '' });
    const gone = (await correct(file('absent.csv', absent), '--dry-run')).out;
    expect(gone).toMatch(/^K3 · [0-9a-f-]{36} · presence present → absent$/m);
    expect(gone).toMatch(/^K3 · [0-9a-f-]{36} · 5\.2 acquired → not assessed$/m);
    expect(await holders.everything()).toBe(before);
  });

  it('says in both languages that a withdrawn session would count again, before it does', async () => {
    const code = { 'N° séance': 'K4', Atelier: 'CE-4', ...zoe, Date: '18/11/2026' };
    const path = file('again.csv', [code]);
    expect((await insigne(['import', 'campaign', path, ...own])).code).toBe(0);
    expect((await correct(path, '--dry-run')).out).not.toMatch(/K4/);
    expect((await insigne(['session', 'withdraw', 'K4', ...own])).code).toBe(0);
    const today = new Date().toISOString().slice(0, 10);
    const before = await holders.everything();
    const en = (await correct(path, '--dry-run')).out;
    expect(en.split('\n')[0]).toBe(`K4 · the session, withdrawn on ${today}, counts again`);
    const fr = await insigne(['import', 'campaign', path, '--correct', '--dry-run', ...own], 'fr_FR.UTF-8');
    expect(fr.out.split('\n')[0]).toBe(`K4 · la séance, retirée le ${today}, compte de nouveau`);
    expect(await holders.everything()).toBe(before);
    expect((await correct(path, '--expect', digestIn(en))).code).toBe(0);
    expect((await correct(path, '--dry-run')).out).not.toMatch(/K4/);
  });

  it('refuses a stale digest, an unreadable file and one that is none, and changes nothing', async () => {
    const code = { 'N° séance': 'K2' };
    const path = file('stale.csv', [code]);
    await refused(
      ['import', 'campaign', path, '--correct', '--expect', '0'.repeat(64)],
      1,
      /a changé depuis l’essai/,
      /has changed since the dry run/,
    );
    await refused(
      ['import', 'campaign', join(folder, 'nowhere.csv'), '--correct'],
      1,
      /nowhere\.csv/,
      /nowhere\.csv/,
    );
    writeFileSync(join(folder, 'none.csv'), Buffer.from([0xff, 0xfe, 0x00]));
    await refused(['import', 'campaign', join(folder, 'none.csv'), '--correct'], 1, /\S/, /\S/);
  });
});

describe('insigne endorse', () => {
  const said = 'Nos équipes retrouvent ce savoir-faire chez les personnes qui ont ce badge.';
  const endorse = (...words: string[]) => insigne(['endorse', ...words, ...own]);
  const asked = async (...words: string[]): Promise<{ id: string; link: string }> =>
    JSON.parse((await endorse('ask', '--json', ...words)).out);
  let partner: string;
  beforeAll(async () => {
    const given = {
      kind: 'structure' as const,
      slug: `partenaire-${uuid().slice(-8)}`,
      legalName: 'Partenaire',
    };
    partner = (await world.api.transaction((tx) => registerOrganisation(tx, given))).slug;
  });
  const give = (link: string) =>
    insigne(['endorse', 'give', link, '--comment', said, '--organisation', partner]);

  it('asks with a link, and shows what was said once it is accepted and signed', async () => {
    const told = await endorse('ask', '--days', '7');
    expect(told.out).toMatch(/^http:\S+\/endorse\/[\w-]{43}\nSend this link: it works once/);
    const { id, link } = await asked();
    expect((await give(link)).out.trim()).toBe(id);
    expect((await endorse('list')).out).toContain(`${id}\tgiven\tissuer\tPartenaire\t\n  ${said}`);
    expect((await endorse('accept', id)).code).toBe(0);
    await holders.signAll();
    expect((await endorse('list')).out).toMatch(
      new RegExp(`${id}\taccepted\tissuer\tPartenaire\t${origin}/endorsements/\\w{26}\n`),
    );
    expect((await endorse('withdraw', id)).out).toBe(`${id}\twithdrawn\tissuer\tPartenaire\t\n`);
    await refused(['endorse', 'accept', id], 1, /Son état ne le permet pas/, /state does not allow/);
    await refused(['endorse', 'refuse', uuid()], 1, /Aucune recommandation/, /No endorsement/);
    await refused(
      ['endorse', 'give', link, '--comment', said],
      1,
      /inconnu, a déjà servi/,
      /unknown, was used/,
    );
  });

  it('shows what was signed elsewhere only if it still holds when it is accepted', async () => {
    const brought = async (change: (signed: JsonObject) => JsonObject): Promise<string> => {
      const { id, link } = await asked();
      const subject = didWebFor(origin, world.structure.slug);
      const text = JSON.stringify(change(await anOutsideEndorsement(subject, said)));
      await new GiveEndorsement(world.api).brought(link.split('/').at(-1)!, {
        text,
        issuerName: 'Chambre Exemple',
        issuerUrl: null,
        issuerId: 'did:key:example',
        comment: said,
      });
      return id;
    };
    const id = await brought((signed) => signed);
    const accepted = await endorse('accept', id);
    expect([accepted.code, accepted.err]).toEqual([0, '']);
    // Signed already: nothing waits for the worker.
    expect(accepted.out).toMatch(
      new RegExp(`^${id}\taccepted\tissuer\tChambre Exemple\t${origin}/endorsements/\\w{26}\n`),
    );
    const over = await brought((signed) => ({ ...signed, validUntil: '2026-11-20T10:00:00Z' }));
    await refused(['endorse', 'accept', over], 1, /ne tient plus/, /does not hold any more/);
    expect((await endorse('refuse', over)).out).toContain(`${over}\trefused`);
  });

  it('of one badge waits for the learner, before it is asked and before it is shown', async () => {
    const one = await aBadge();
    const words = ['--target', 'badge', '--award', one.award];
    await refused(['endorse', 'ask', ...words], 1, /ne montre pas/, /does not show/);
    await holders.show(one);
    const { id, link } = await asked(...words);
    await give(link);
    await refused(['endorse', 'accept', id], 1, /--learner-agreed/, /--learner-agreed/);
    expect((await endorse('accept', id, '--learner-agreed')).out).toContain('accepted');
  });

  it('refuses to endorse oneself, and words that are none', async () => {
    const { link } = await asked();
    await refused(['endorse', 'give', link, '--comment', said], 1, /elle-même/, /itself/);
    await refused(['endorse', 'give', link, '--comment', 'Bien.'], 1, /20 à 1 500/, /20 to 1,500/);
  });
});

describe('insigne record', () => {
  const record = (...words: string[]) => insigne(['record', ...words, ...own]);
  const consent = ['--consented-on', '2026-11-20', '--consent', 'said'];

  it('gathers badges that one person shows, and ends it at their wish', async () => {
    const { person, stones } = await holders.aPathway();
    const awards = stones.slice(0, 2).map(({ award }) => award);
    await refused(['record', 'make', ...awards, ...consent], 1, /ne montre pas/, /does not show/);
    for (const stone of stones) await holders.show(stone);
    const made = JSON.parse((await record('make', ...awards, ...consent, '--json')).out);
    expect(made).toMatchObject({ address: expect.stringMatching(/\/records\/\w{26}$/) });
    expect((await record('list')).out).toContain(`${made.id}\thidden\t2\t2026-11-20\t${made.address}`);
    await holders.signAll();
    expect((await record('list')).out).toContain(`${made.id}\tshown`);
    const [kept]: [{ person_id: string; award_ids: string[] }] = await world.api.query(
      'select person_id, award_ids from learner_record where id = $1',
      [made.id],
    );
    expect(kept).toEqual({ person_id: person, award_ids: awards });
    expect((await record('withdraw', made.id)).code).toBe(0);
    expect((await record('list')).out).toContain(`${made.id}\twithdrawn`);
  });

  it('refuses awards of two people, a day to come and what nobody knows', async () => {
    const [one, two] = [await aBadge(), await aBadge()];
    for (const each of [one, two]) await holders.show(each);
    const make = (...awards: string[]) => ['record', 'make', ...awards, ...consent];
    await refused(make(one.award, two.award), 1, /d’une même personne/, /of one person/);
    await refused(make(uuid()), 1, /d’une même personne/, /of one person/);
    const tomorrow = new Date(Date.now() + 48 * 3_600_000).toISOString().slice(0, 10);
    await refused(
      ['record', 'make', one.award, '--consented-on', tomorrow, '--consent', 'written'],
      1,
      /dans l’avenir/,
      /in the future/,
    );
    await refused(['record', 'withdraw', uuid()], 1, /Aucune réunion/, /No record/);
  });
});
