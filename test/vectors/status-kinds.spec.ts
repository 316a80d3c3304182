import { Bitstring, type JsonObject, statusEntry } from '#signing';
import { verdictText } from '#verification';
import { aBadge, aList, answer, listUrl, signed, verify } from './world.js';

/** A list for one purpose whose bits are set at these places. */
const listFor = (statusPurpose: string | string[], places: number[], length?: number): Promise<JsonObject> =>
  aList({
    change: (list) => {
      const bits = Bitstring.ofLength(length);
      for (const place of places) bits.set(place);
      return {
        ...list,
        credentialSubject: {
          ...(list.credentialSubject as JsonObject),
          statusPurpose,
          encodedList: bits.encode(),
        },
      };
    },
  });
const badgeWith = (entry: JsonObject): Promise<JsonObject> =>
  signed(aBadge({ credentialStatus: { ...statusEntry({ list: listUrl, index: 9 }), ...entry } }));
const statusMessage = ['0x0', '0x1', '0x2', '0x3'].map((status, i) => ({ status, message: `message ${i}` }));

describe('purposes of a Bitstring status list', () => {
  it('a suspension withdraws, and is called a suspension', async () => {
    const badge = await badgeWith({ statusPurpose: 'suspension' });
    const report = await verify(badge, { [listUrl]: await listFor('suspension', [9]) });
    expect([report.verdict, answer(report, 'status')]).toEqual(['withdrawn', 'failed suspended']);
    expect(verdictText(report, 'en')).toBe('✗ Badge suspended by its issuer');
    expect((await verify(badge, { [listUrl]: await listFor('suspension', [8, 10]) })).verdict).toBe(
      'authentic',
    );
  });

  it('a newer version is told and withdraws nothing', async () => {
    const badge = await badgeWith({ statusPurpose: 'refresh' });
    const report = await verify(badge, { [listUrl]: await listFor(['revocation', 'refresh'], [9]) });
    expect([report.verdict, answer(report, 'status')]).toEqual(['authentic', 'passed status_newer']);
  });

  it('a message of two bits is read at its place, first bit first', async () => {
    const badge = await badgeWith({ statusPurpose: 'message', statusSize: 2, statusMessage });
    for (const [places, value] of [
      [[], 0],
      [[19], 1],
      [[18], 2],
      [[18, 19], 3],
    ] as [number[], number][]) {
      const report = await verify(badge, { [listUrl]: await listFor('message', places, 262_144) });
      expect([report.verdict, report.checks.at(-1)?.remark]).toEqual(['authentic', `message ${value}`]);
    }
  });

  it('a list of two bits each needs 131,072 values, not bits', async () => {
    const badge = await badgeWith({ statusPurpose: 'message', statusSize: 2, statusMessage });
    const report = await verify(badge, { [listUrl]: await listFor('message', []) });
    expect([report.verdict, answer(report, 'status')]).toEqual([
      'cannot_check',
      'unknown status_list_length_error',
    ]);
  });

  it('messages must be as many as there are values', async () => {
    for (const change of [
      { statusMessage: statusMessage.slice(1) },
      { statusSize: 3 },
      { statusSize: 0 },
      { statusSize: 1.5 },
    ]) {
      const badge = await badgeWith({ statusPurpose: 'message', statusSize: 2, statusMessage, ...change });
      expect(answer(await verify(badge), 'status')).toBe('unknown status_entry_malformed');
    }
  });
});
