import type { EntityManager } from 'typeorm';
import type { CaseKind, CaseObject, CasePackage } from './case-package.js';
import { definitionKinds, objectsOf } from './case-package.js';

/** The package without its objects: its sections stand empty, everything else as it is. */
export function frameOf(whole: CasePackage): Record<string, unknown> {
  const emptied = (section: object) =>
    Object.fromEntries(
      Object.entries(section).map(([name, value]) => [name, Array.isArray(value) ? [] : value]),
    );
  const { CFDocument: _, CFDefinitions, ...rest } = whole;
  return { ...emptied(rest), ...(CFDefinitions && { CFDefinitions: emptied(CFDefinitions) }) };
}

/** Puts the objects back into the frame, in their order. */
export function assemble(
  frame: Record<string, unknown>,
  objects: { kind: CaseKind; body: CaseObject }[],
): CasePackage {
  const of = (kind: CaseKind) => objects.filter((one) => one.kind === kind).map((one) => one.body);
  const filled = { CFDocument: of('CFDocument')[0]!, ...structuredClone(frame) } as unknown as CasePackage;
  for (const kind of ['CFItem', 'CFAssociation', 'CFRubric'] as const)
    if (filled[`${kind}s`]) Object.assign(filled, { [`${kind}s`]: of(kind) });
  for (const kind of definitionKinds)
    if (filled.CFDefinitions?.[`${kind}s`]) filled.CFDefinitions[`${kind}s`] = of(kind);
  return filled;
}

/** Objects of the package as rows of `case_object`. */
export const rowsOf = (whole: CasePackage, frameworkId: string): Record<string, unknown>[] =>
  objectsOf(whole).map(({ kind, body }, ordinal) => {
    const { originNodeURI, destinationNodeURI } = body as Partial<
      Record<'originNodeURI' | 'destinationNodeURI', { identifier: string }>
    >;
    return {
      framework_id: frameworkId,
      kind,
      identifier: body.identifier,
      ordinal,
      origin: originNodeURI?.identifier.toLowerCase() ?? null,
      destination: destinationNodeURI?.identifier.toLowerCase() ?? null,
      body,
    };
  });

/** An imported package exactly as it came; undefined when the framework did not come as one. */
export async function packageIn(tx: EntityManager, frameworkId: string): Promise<CasePackage | undefined> {
  const [found]: { frame: Record<string, unknown> }[] = await tx.query(
    'SELECT frame FROM case_package WHERE framework_id = $1',
    [frameworkId],
  );
  if (!found) return undefined;
  const objects: { kind: CaseKind; body: CaseObject }[] = await tx.query(
    'SELECT kind, body FROM case_object WHERE framework_id = $1 ORDER BY ordinal',
    [frameworkId],
  );
  return assemble(found.frame, objects);
}
