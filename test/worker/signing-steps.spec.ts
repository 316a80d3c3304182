import {
  PublishStatusLists,
  SignCredentials,
  type SigningStep,
  type SigningSteps,
  signingSteps,
} from '#badges';
import { CredentialGate } from '../../apps/worker/src/credential-gate.js';
import {
  anIssuanceWorld,
  aPlannedCrowd,
  aPlannedRoom,
  type IssuanceWorld,
  origin,
} from '../support/issuance-world.js';

describe('the steps of signing', () => {
  let world: IssuanceWorld;
  beforeAll(async () => {
    world = await anIssuanceWorld();
  }, 120_000);
  afterAll(() => world?.close());

  const signer = (steps: SigningSteps, gate: CredentialGate = new CredentialGate()): SignCredentials =>
    new SignCredentials(
      world.worker,
      world.keyStore,
      gate,
      new PublishStatusLists(world.worker, world.keyStore, origin),
      origin,
      steps,
    );
  const statesOf = async (awardIds: string[]): Promise<string[]> => {
    const rows: { state: string }[] = await world.api.query(
      'select state from credential where award_id = any($1)',
      [awardIds],
    );
    return rows.map(({ state }) => state);
  };

  it('are told in their order, each once, with the outbox row', async () => {
    const { outboxIds } = await aPlannedRoom(world, 2);
    const told: [SigningStep, string][] = [];
    await signer({ reached: (step, outboxId) => void told.push([step, outboxId]) }).run(outboxIds[0]!);
    expect(told).toEqual(signingSteps.map((step) => [step, outboxIds[0]]));
  });

  it('are told part by part from linting to verifying, when a batch is large', async () => {
    const { outboxIds, awardIds } = await aPlannedRoom(world, 60);
    const told: SigningStep[] = [];
    await signer({ reached: (step) => void told.push(step) }).run(outboxIds[0]!);
    const [from, to] = [signingSteps.indexOf('linted'), signingSteps.indexOf('verified') + 1];
    const part = signingSteps.slice(from, to);
    expect(told).toEqual([...signingSteps.slice(0, from), ...part, ...part, ...signingSteps.slice(to)]);
    expect(await statesOf(awardIds)).toEqual(awardIds.map(() => 'signed'));
  });

  it.each([
    [50, 1],
    [51, 2],
    [100, 2],
  ])('of %i badges are taken in %i parts, and each badge is signed once', async (number, parts) => {
    const { outboxIds, awardIds } = await aPlannedCrowd(world, number);
    expect(outboxIds).toHaveLength(1);
    const told: SigningStep[] = [];
    const steps = { reached: (step: SigningStep) => void told.push(step) };
    await expect(signer(steps).run(outboxIds[0]!)).resolves.toEqual({ signed: number, refused: 0 });
    expect(told.filter((step) => step === 'linted')).toHaveLength(parts);
    expect(await statesOf(awardIds)).toEqual(awardIds.map(() => 'signed'));
    await expect(signer(steps).run(outboxIds[0]!)).resolves.toEqual({ signed: 0, refused: 0 });
  });

  it('refuse the very badges that a check refuses, in whichever part', async () => {
    const { outboxIds } = await aPlannedCrowd(world, 60);
    const planned: { id: string; publicId: string }[] = await world.api.query(
      'select id, public_id as "publicId" from credential where outbox_id = $1 order by id',
      [outboxIds[0]],
    );
    const [first, second] = [planned[7]!, planned[55]!];
    const odd = [{ code: 'odd', detail: { fr: 'étrange', en: 'odd' } }];
    class PickyGate extends CredentialGate {
      override async lint(...given: Parameters<CredentialGate['lint']>) {
        return JSON.stringify(given[0]).includes(second.publicId) ? odd : super.lint(...given);
      }
      override async verify(given: Parameters<CredentialGate['verify']>[0]) {
        return given.text.includes(first.publicId) ? odd : super.verify(given);
      }
    }
    const picky = signer({ reached: () => {} }, new PickyGate());
    await expect(picky.run(outboxIds[0]!)).resolves.toEqual({ signed: 58, refused: 2 });
    const refused = `select id from credential where outbox_id = $1 and state = 'refused' order by id`;
    expect(await world.api.query(refused, [outboxIds[0]])).toEqual([{ id: first.id }, { id: second.id }]);
  });

  it('store nothing of the first part when the second breaks', async () => {
    const { outboxIds, awardIds } = await aPlannedCrowd(world, 60);
    let verified = 0;
    const breaking = signer({
      reached: (step) => {
        if (step === 'verified') verified += 1;
        if (verified === 2) throw new Error('broken in the second part');
      },
    });
    await expect(breaking.run(outboxIds[0]!)).rejects.toThrow('broken in the second part');
    expect(await statesOf(awardIds)).toEqual(awardIds.map(() => 'planned'));
    await expect(world.signCredentials.run(outboxIds[0]!)).resolves.toEqual({ signed: 60, refused: 0 });
  });

  it.each(signingSteps)('lose and double nothing when the run breaks at "%s"', async (broken) => {
    const { outboxIds, awardIds } = await aPlannedRoom(world, 1);
    const breaking = signer({
      reached: async (step) => {
        if (step === broken) throw new Error(`broken at ${step}`);
      },
    });
    await expect(breaking.run(outboxIds[0]!)).rejects.toThrow(`broken at ${broken}`);
    const isStored = signingSteps.indexOf(broken) >= signingSteps.indexOf('stored');
    expect(await statesOf(awardIds)).toEqual([isStored ? 'signed' : 'planned']);
    await expect(world.signCredentials.run(outboxIds[0]!)).resolves.toEqual({
      signed: isStored ? 0 : 1,
      refused: 0,
    });
    expect(await statesOf(awardIds)).toEqual(['signed']);
  });

  it('leave a badge alone whose keys were named anew while others signed it', async () => {
    const { outboxIds, awardIds } = await aPlannedRoom(world, 2);
    const { RS256: another } = await world.keyStore.ensureKeys(world.structure.parentId!);
    const name = (keyId: string) =>
      world.worker.query('update credential set rs256_key_id = $2 where award_id = $1', [awardIds[0], keyId]);
    const { RS256: own } = await world.keyStore.ensureKeys(world.structure.id);
    const renaming = signer({
      reached: async (step) => {
        if (step === 'archived') await name(another.id);
      },
    });
    await renaming.run(outboxIds[0]!);
    const read = 'select state, signed_jwt(credential) as jwt from credential where award_id = $1';
    expect(await world.api.query(read, [awardIds[0]])).toEqual([{ state: 'planned', jwt: null }]);
    expect(await world.api.query(read, [awardIds[1]])).toMatchObject([{ state: 'signed' }]);
    expect(await world.api.query('select done_at from outbox where id = $1', [outboxIds[0]])).toEqual([
      { done_at: null },
    ]);
    await name(own.id);
    await signer({ reached: () => {} }).run(outboxIds[0]!);
    expect(await statesOf(awardIds)).toEqual(['signed', 'signed']);
  });
});
