import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type CaseKind,
  type CasePackage,
  CaseProvider,
  type Place,
  type Provided,
  withoutExtensions,
} from '#frameworks';
import { HttpSettings } from '../http/settings.js';
import { AllowEverybody } from '../oauth/allow.js';
import { send } from '../public/answer.js';
import { negotiateLanguage } from '../public/negotiation.js';
import { documentsQuery, linksOf, pageOf } from './documents-query.js';
import { CaseRefused } from './status-info.js';

const base = 'ims/case/v1p1';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const maxAgeSeconds = 300;

const shared = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Link, X-Total-Count, ETag, Last-Modified, Content-Language',
  Vary: 'Accept-Language',
};

type Found = Provided<unknown> | undefined;
type Read = (frameworks: CaseProvider, identifier: string, place: Place) => Promise<Found>;

const one =
  (kind: CaseKind): Read =>
  (frameworks, identifier, place) =>
    frameworks.object(kind, identifier, place);

const set =
  (kind: 'CFConcept' | 'CFItemType' | 'CFSubject'): Read =>
  async (frameworks, identifier, place) => {
    const found = await frameworks.withThoseBelow(kind, identifier, place);
    return found && { ...found, body: { [`${kind}s`]: found.body } };
  };

const without = (name: string) => (body: object) =>
  Object.fromEntries(Object.entries(body).filter(([member]) => member !== name)) as never;

/** Inside a package nothing links to what it stands in: the schema is closed. */
const closed = ({ CFDocument, CFItems, CFAssociations, ...rest }: CasePackage): CasePackage => ({
  CFDocument: without('CFPackageURI')(CFDocument),
  ...(CFItems && { CFItems: CFItems.map(without('CFDocumentURI')) }),
  ...(CFAssociations && { CFAssociations: CFAssociations.map(without('CFDocumentURI')) }),
  ...rest,
});

/** What stands behind /{name}/{identifier} (CASE 1.1, section 3). */
const reads: Record<string, Read> = {
  CFDocuments: one('CFDocument'),
  CFPackages: async (frameworks, identifier, place) => {
    const found = await frameworks.package(identifier, place);
    return found && { ...found, body: closed(found.body) };
  },
  CFItems: one('CFItem'),
  CFItemAssociations: async (frameworks, identifier, place) => {
    const found = await frameworks.associationsOf(identifier, place);
    if (!found) return undefined;
    const { CFItem, CFAssociations } = found.body;
    if (CFAssociations.length === 0)
      throw new CaseRefused('unknownobject', 'This CFItem stands in no association');
    return { ...found, body: { CFItem, CFAssociations: CFAssociations.map(without('CFDocumentURI')) } };
  },
  CFAssociations: one('CFAssociation'),
  CFAssociationGroupings: one('CFAssociationGrouping'),
  CFConcepts: set('CFConcept'),
  CFItemTypes: set('CFItemType'),
  CFLicenses: one('CFLicense'),
  CFSubjects: set('CFSubject'),
  CFRubrics: one('CFRubric'),
};

/** Every framework for other programs, as a provider of 1EdTech's CASE 1.1: read-only, for everybody. */
@Controller(base)
@AllowEverybody()
export class CaseController {
  constructor(
    private readonly settings: HttpSettings,
    private readonly frameworks: CaseProvider,
  ) {}

  @Get('CFDocuments')
  documents(
    @Query() given: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    return orStatusInfo(reply, async () => {
      const query = documentsQuery(given);
      const place = this.place(request, given.lang);
      const all = await this.frameworks.documents(place);
      const { page, total } = pageOf(
        all.map(({ body }) => withoutExtensions(body)),
        query,
      );
      return sendJson(request, reply, place, {
        body: { CFDocuments: page },
        changedAt: new Date(Math.max(0, ...all.map(({ changedAt }) => changedAt.getTime()))),
        headers: {
          'X-Total-Count': String(total),
          Link: linksOf(`${this.settings.origin}/${base}/CFDocuments`, query, given, total),
        },
      });
    });
  }

  @Get(':kind/:identifier')
  object(
    @Param('kind') kind: string,
    @Param('identifier') identifier: string,
    @Query('lang') lang: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    return orStatusInfo(reply, async () => {
      const read = Object.hasOwn(reads, kind) ? reads[kind] : undefined;
      if (!read)
        throw new CaseRefused('unknownobject', `The addresses here are ${Object.keys(reads).join(', ')}`);
      const id = identifier.toLowerCase();
      if (!uuid.test(id)) throw new CaseRefused('invalid_uuid', 'The identifier is not a UUID');
      const place = this.place(request, lang);
      const found = await read(this.frameworks, id, place);
      if (!found) throw new CaseRefused('unknownobject', `No object of /${kind} has this identifier`);
      return sendJson(request, reply, place, { ...found, body: withoutExtensions(found.body) });
    });
  }

  private place(request: FastifyRequest, lang: unknown): Place {
    return { origin: this.settings.origin, language: negotiateLanguage(request.headers, lang) };
  }
}

function sendJson(
  request: FastifyRequest,
  reply: FastifyReply,
  { language }: Place,
  { body, changedAt, headers }: Provided<unknown> & { headers?: Record<string, string> },
): FastifyReply {
  // Whole seconds, as the header has them; an ETag says more and goes first (RFC 9110, 13.2.2).
  const seconds = Math.floor(changedAt.getTime() / 1000) * 1000;
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  if (request.headers['if-none-match'] === undefined && since >= seconds && since <= Date.now())
    return reply.status(304).headers(shared).send();
  return send(request, reply, {
    body: JSON.stringify(body),
    contentType: 'application/json',
    cacheControl: `public, max-age=${maxAgeSeconds}`,
    headers: {
      ...shared,
      'Content-Language': language,
      'Last-Modified': changedAt.toUTCString(),
      ...headers,
    },
  });
}

async function orStatusInfo(reply: FastifyReply, answer: () => Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof CaseRefused)) throw error;
    return reply
      .status(error.status)
      .headers({ ...shared, 'Cache-Control': 'no-store', 'Content-Type': 'application/json' })
      .send(JSON.stringify(error.statusInfo()));
  }
}
