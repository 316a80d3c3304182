import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { mergeMap, type Observable } from 'rxjs';
import { EndIssuedCredential, IssueCredential } from '#badges';
import { HttpRefusal } from '../http/problem.js';
import type { Caller } from '../oauth/caller.js';

const onceSignedKey = 'insigne:once-signed';
const pausesMs = [50, 100, 150];
const longestPauseMs = 250;
/** Requests of one api process that may wait at the same time. */
const mostWaiting = 50;

/** What a route gives that is answered only once the worker has signed. */
export interface Ordered {
  /** Id of an order of `IssueCredential`. */
  order: string;
  organisationId: string;
}

/** The route gives an `Ordered`; its caller gets the signed credential. */
export const AnsweredOnceSigned = () => SetMetadata(onceSignedKey, true);

/**
 * Waits for the worker's signature after the order is committed: outside its transaction, and after the turn of the
 * writer. The same order is answered with the same credential, however often it is asked for (Idempotency-Key).
 */
@Injectable()
export class OnceSigned implements NestInterceptor {
  /** How long a request waits for the worker. */
  patienceMs = 10_000;
  private waiting = 0;

  constructor(
    private readonly issueCredential: IssueCredential,
    private readonly endIssued: EndIssuedCredential,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (!Reflect.getMetadata(onceSignedKey, context.getHandler())) return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest & { caller?: Caller }>();
    return next.handle().pipe(mergeMap((ordered: Ordered) => this.answer(ordered, request)));
  }

  private async answer(ordered: Ordered, { headers, caller }: FastifyRequest & { caller?: Caller }) {
    const verifiableCredential = await this.signed(ordered.order);
    if (verifiableCredential) return { verifiableCredential };
    if (headers['idempotency-key'] !== undefined)
      throw notSigned('It is ordered and will be signed: ask again with the same Idempotency-Key.');
    // Nobody could ask for it again: better none than one that nobody holds.
    const { order: orderId, organisationId } = ordered;
    await this.endIssued.run({
      orderId,
      organisationIds: [organisationId],
      by: `client:${caller!.clientId}`,
    });
    throw notSigned('Nothing was issued. Ask again; with an Idempotency-Key the order would stand.');
  }

  private async signed(order: string): Promise<object | null> {
    if (this.waiting >= mostWaiting) return this.issueCredential.signed(order);
    this.waiting += 1;
    try {
      const until = performance.now() + this.patienceMs;
      for (let look = 0; ; look += 1) {
        const credential = await this.issueCredential.signed(order);
        if (credential || performance.now() > until) return credential;
        await sleep(pausesMs[look] ?? longestPauseMs);
      }
    } finally {
      this.waiting -= 1;
    }
  }
}

const notSigned = (what: string): HttpRefusal =>
  new HttpRefusal(503, 'credential_not_signed_yet', `The worker has not signed it yet. ${what}`, {
    'retry-after': '5',
  });
