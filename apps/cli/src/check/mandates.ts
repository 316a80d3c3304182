import type { DataSource } from 'typeorm';

/** Who had the assessor's mandate in which organisation, and when (YYYY-MM-DD, both days included). */
export async function assessorMandatesOf(
  database: DataSource,
): Promise<(organisationId: string, personId: string, date: string) => boolean> {
  const rows: { holder: string; valid_from: string; valid_until: string | null }[] = await database.query(
    `select organisation_id || ' ' || person_id as holder, valid_from::text, valid_until::text
     from membership where role = 'assessor'`,
  );
  const byHolder = new Map<string, { from: string; until: string | null }[]>();
  for (const { holder, valid_from: from, valid_until: until } of rows)
    byHolder.set(holder, [...(byHolder.get(holder) ?? []), { from, until }]);
  return (organisationId, personId, date) =>
    (byHolder.get(`${organisationId} ${personId}`) ?? []).some(
      ({ from, until }) => from <= date && (until === null || date <= until),
    );
}
