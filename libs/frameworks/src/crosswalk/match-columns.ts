/** Columns of `framework_match` with their PostgreSQL types. */
export const matchColumns = {
  id: 'uuid',
  kind: 'text',
  origin_key: 'text',
  origin: 'jsonb',
  destination_key: 'text',
  destination: 'jsonb',
  stated_by: 'text',
  stated_on: 'text',
  source: 'text',
  source_uri: 'text',
  note: 'text',
  framework_id: 'uuid',
};
