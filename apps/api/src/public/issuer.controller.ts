import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { BadgeReader, StatementReader } from '#badges';
import { bareJwk, didDocument, didWebFor, jwks, PublicKeys } from '#signing';
import { HttpSettings } from '../http/settings.js';
import { renderIssuerPage } from '../pages/render.js';
import { jsonAnswer, notFound, pageAnswer, send } from './answer.js';
import { badgeCard } from './badge-view.js';
import { endorsementView } from './endorsement-view.js';
import { issuerView, organisationWithParent, profileOf } from './issuer-view.js';
import { negotiateForm, negotiateLanguage } from './negotiation.js';

const day = (instant: Date): string => instant.toISOString().slice(0, 10);

/** Who issues: a page, the OB 3.0 Profile, the DID document, the keys (old ones too: old badges need them). */
@Controller('issuers')
export class IssuerController {
  constructor(
    private readonly settings: HttpSettings,
    private readonly database: DataSource,
    private readonly badges: BadgeReader,
    private readonly keys: PublicKeys,
    private readonly statements: StatementReader,
  ) {}

  @Get(':slug')
  async issuer(
    @Param('slug') slug: string,
    @Query('lang') lang: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    const form = negotiateForm(request.headers)?.form;
    const found = await organisationWithParent(this.database.manager, { slug });
    if (!found || (form !== 'html' && form !== 'json')) return notFound(request, reply, language);
    const { organisation, parent } = found;
    const { origin } = this.settings;
    const did = didWebFor(origin, slug);
    if (form === 'json') {
      const profile = profileOf(origin, organisation, parent);
      const said = await this.statements.signedEndorsementsOf(did);
      return send(request, reply, jsonAnswer({ ...profile, ...said }, 'application/ld+json'));
    }
    const keys = await this.keys.all(organisation.id);
    const html = renderIssuerPage(
      {
        issuer: issuerView(organisation, parent),
        ...(organisation.description !== null && { description: organisation.description }),
        did,
        didHref: `/issuers/${slug}/did.json`,
        jwksHref: `/issuers/${slug}/jwks.json`,
        ...(organisation.email !== null && {
          email: organisation.email,
          ob2Href: `/issuers/${slug}/ob2.json?download`,
        }),
        keys: keys.map((key) => ({
          id: key.id,
          algorithm: key.algorithm,
          href: `/issuers/${slug}/keys/${key.id}`,
          since: day(key.createdAt),
          ...(key.retiredAt && { retiredOn: day(key.retiredAt) }),
          ...(key.compromisedSince && { compromisedSince: day(key.compromisedSince) }),
        })),
        badges: (await this.badges.catalogueOf(organisation.id)).map(badgeCard),
        endorsements: (await this.statements.endorsementsOf(did)).map((one) => endorsementView(one, origin)),
      },
      language,
      { origin, path: `/issuers/${slug}` },
    );
    return send(request, reply, pageAnswer(html));
  }

  @Get(':slug/did.json')
  async did(
    @Param('slug') slug: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const found = await organisationWithParent(this.database.manager, { slug });
    if (!found) return notFound(request, reply, 'fr');
    const keys = await this.keys.all(found.organisation.id);
    const document = didDocument({ did: didWebFor(this.settings.origin, slug), keys });
    return send(request, reply, jsonAnswer(document, 'application/did+json'));
  }

  @Get(':slug/jwks.json')
  async jwks(
    @Param('slug') slug: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const found = await organisationWithParent(this.database.manager, { slug });
    if (!found) return notFound(request, reply, 'fr');
    const address = (id: string) => `${this.settings.origin}/issuers/${slug}/keys/${id}`;
    const set = jwks(await this.keys.all(found.organisation.id), (key) => address(key.id));
    return send(request, reply, jsonAnswer(set, 'application/jwk-set+json'));
  }

  /** One bare JWK: what the `kid` of a VC-JWT points at. */
  @Get(':slug/keys/:keyId')
  async key(
    @Param('slug') slug: string,
    @Param('keyId') keyId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const found = await organisationWithParent(this.database.manager, { slug });
    const key = found && (await this.keys.find(keyId));
    // A stolen key is not handed out to programs that look nowhere else; the DID document tells what became of it.
    if (!key || key.issuerId !== found.organisation.id || key.compromisedSince)
      return notFound(request, reply, 'fr');
    const jwk = bareJwk(key, `${this.settings.origin}/issuers/${slug}/keys/${keyId}`);
    return send(request, reply, jsonAnswer(jwk, 'application/json'));
  }

  /**
   * The register of signatures: when we stored this one. It answers only who holds the signature, and an unknown one
   * looks like an unknown address.
   */
  @Get(':slug/signed/:publicId/:signatureSha256')
  async signed(
    @Param('slug') slug: string,
    @Param('publicId') publicId: string,
    @Param('signatureSha256') signatureSha256: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const found = await organisationWithParent(this.database.manager, { slug });
    const signedAt = found && (await this.badges.signedAt(found.organisation.id, publicId, signatureSha256));
    if (!signedAt) return notFound(request, reply, 'fr');
    return send(request, reply, jsonAnswer({ signedAt: signedAt.toISOString() }));
  }
}
