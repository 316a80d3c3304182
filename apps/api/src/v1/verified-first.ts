import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { StatementReader } from '#badges';
import { Clock } from '#platform';
import { Fetcher } from '#verification';
import { HttpSettings } from '../http/settings.js';
import type { Caller } from '../oauth/caller.js';
import { Tenancy } from '../oauth/tenancy.js';
import { verifyBrought } from './brought-endorsement.js';
import { isUuid } from './schemas.js';

const verifiedFirstKey = 'insigne:verified-first';

type Accepting = FastifyRequest<{ Params: { id?: string } }> & { caller?: Caller; verifiedText?: string };

/** What `:id` was brought with is verified before the request takes its turn as a writer. */
export const VerifiedFirst = () => SetMetadata(verifiedFirstKey, true);

/** The signed text that was verified for this request, if it needed that. */
export const verifiedTextOf = (request: FastifyRequest): string | undefined =>
  (request as Accepting).verifiedText;

/**
 * Verifies again what was signed elsewhere, since its signature or its status may have changed since it was brought. That
 * asks servers of strangers, which may take their time: before the turn of the writer and outside any transaction.
 */
@Injectable()
export class BroughtVerifiedFirst implements NestInterceptor {
  constructor(
    private readonly settings: HttpSettings,
    private readonly clock: Clock,
    private readonly tenancy: Tenancy,
    private readonly reader: StatementReader,
    private readonly fetcher: Fetcher,
  ) {}

  /** @throws EndorsementRefused (`endorsement_refused`) when it does not hold any more */
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (Reflect.getMetadata(verifiedFirstKey, context.getHandler())) {
      const request = context.switchToHttp().getRequest<Accepting>();
      request.verifiedText = await this.verified(request);
    }
    return next.handle();
  }

  private async verified({ params, caller }: Accepting): Promise<string | undefined> {
    const { id } = params;
    if (!caller || id === undefined || !isUuid(id)) return undefined;
    if (!(await this.reader.byId(id, await this.tenancy.organisationIds(caller)))) return undefined;
    const brought = await this.reader.brought(id);
    if (!brought) return undefined;
    const options = { fetcher: this.fetcher, now: this.clock.now(), origin: this.settings.origin };
    await verifyBrought(brought.text, brought.subjectId, options);
    return brought.text;
  }
}
