import { Organisation } from '#people';
import { DomainError } from '#platform';
import { type ConnectedInstance, connectInstance } from './instance.js';
import { openService, type Service } from './service.js';
import { tellOnStderr } from './terminal.js';
import { Usage, type Words } from './words/command-words.js';

/** No organisation has this slug (`organisation_not_found`). */
export class OrganisationNotFound extends DomainError {
  readonly code = 'organisation_not_found';
  constructor(slug: string, known: string[]) {
    super(
      `Aucune organisation « ${slug} ». / No organisation "${slug}". ${known.length > 0 ? `(${known.join(', ')})` : 'insigne organisation create'}`,
    );
  }
}

export interface CommandContext extends Words {
  service: Service;
  /** A worker runs on this data now and will sign what is planned. */
  isServed: boolean;
  instance: ConnectedInstance;
}

/** Runs one command on the database of an instance and closes everything afterwards. */
export async function onInstance(
  { values, positionals }: Words,
  run: (context: CommandContext) => Promise<number>,
): Promise<number> {
  const instance = await connectInstance(
    values as { data?: string; port?: string; origin?: string },
    process.env,
    tellOnStderr,
  );
  try {
    const service = await openService({
      databaseUrl: instance.apiUrl,
      origin: instance.origin,
      redisUrl: instance.redisUrl,
    });
    try {
      return await run({ service, values, positionals, isServed: instance.isServed, instance });
    } finally {
      await service.close();
    }
  } finally {
    await instance.close();
  }
}

/** The organisation a command means: by slug, or the only structure there is. */
export async function organisationOf(service: Service, slug: unknown): Promise<Organisation> {
  const repository = service.database.getRepository(Organisation);
  if (typeof slug === 'string') {
    const found = await repository.findOneBy({ slug });
    if (found) return found;
  } else {
    const structures = await repository.findBy({ kind: 'structure' });
    if (structures.length === 1) return structures[0]!;
  }
  const known = (await repository.find({ order: { slug: 'ASC' } })).map((o) => o.slug);
  if (typeof slug !== 'string') throw new Usage(`--organisation SLUG (${known.join(', ')})`);
  throw new OrganisationNotFound(slug, known);
}
