/** Schemas that the document names once, under `components`. */
export class Components {
  readonly schemas: Record<string, unknown> = {};

  /**
   * The schema as it stands in the document: a reference when it has a title, with its own `$defs` moved to
   * `components`, else the schema itself.
   */
  embed(schema: object): unknown {
    const { $schema, $defs, $id, ...rest } = schema as Record<string, unknown>;
    const title = typeof rest.title === 'string' ? rest.title.replace(/[^A-Za-z0-9._-]+/g, '-') : undefined;
    if ($defs !== undefined && title === undefined)
      throw new Error('A schema with $defs needs a title: its parts are named after it');
    const moved = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(moved);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [
          key,
          key === '$ref' && typeof inner === 'string'
            ? inner.replace(/^#\/\$defs\//, `#/components/schemas/${title}.`)
            : moved(inner),
        ]),
      );
    };
    for (const [name, part] of Object.entries(($defs ?? {}) as object))
      this.schemas[`${title}.${name}`] = moved(part);
    if (title === undefined) return this.embedInside(rest);
    const known = this.schemas[title];
    const content = moved(rest);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(content))
      throw new Error(`Two schemas have the title ${title}`);
    this.schemas[title] = content;
    return { $ref: `#/components/schemas/${title}` };
  }

  // A page of titled items keeps the reference to the item.
  private embedInside(schema: object): unknown {
    const inside = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(inside);
      if (typeof value !== 'object' || value === null) return value;
      const isTitled =
        'title' in value && typeof value.title === 'string' && ('type' in value || '$defs' in value);
      return isTitled ? this.embed(value) : mapValues(value, inside);
    };
    return mapValues(schema, inside);
  }
}

const mapValues = (value: object, change: (inner: unknown) => unknown): object =>
  Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner)]));
