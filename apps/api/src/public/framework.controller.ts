import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BadgeReader } from '#badges';
import {
  type CompetencyNode,
  CompetencyNotFound,
  type CompetencySummary,
  competencyJson,
  competencyPath,
  FrameworkNotFound,
  FrameworkReader,
  frameworkJson,
  frameworkPath,
} from '#frameworks';
import type { Language, Text } from '#platform';
import { HttpSettings } from '../http/settings.js';
import type { CompetencyLinkView } from '../pages/framework-views.js';
import { renderCompetencyPage, renderFrameworkListPage, renderFrameworkPage } from '../pages/render.js';
import { jsonAnswer, notFound, pageAnswer, send } from './answer.js';
import { badgeCard } from './badge-view.js';
import { matchView } from './match-view.js';
import { negotiateForm, negotiateLanguage } from './negotiation.js';

/** Frameworks and competencies under stable addresses, for people and as JSON. */
@Controller('frameworks')
export class FrameworkController {
  constructor(
    private readonly settings: HttpSettings,
    private readonly frameworks: FrameworkReader,
    private readonly badges: BadgeReader,
  ) {}

  @Get()
  async list(
    @Query('lang') lang: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    const frameworks = await this.frameworks.listFrameworks();
    if (negotiateForm(request.headers)?.form !== 'html')
      return send(
        request,
        reply,
        jsonAnswer({
          frameworks: frameworks.map((f) => ({ ...f, uri: this.settings.origin + frameworkPath(f) })),
        }),
      );
    const views = frameworks.map((framework) => ({
      href: frameworkPath(framework),
      title: framework.title,
      code: framework.code,
      version: framework.version,
      publisher: framework.publisher,
      competencyCount: (framework.counts.competence ?? 0) + (framework.counts.module ?? 0),
    }));
    return send(request, reply, pageAnswer(renderFrameworkListPage(views, language)));
  }

  @Get(':code/:version')
  async framework(
    @Param('code') code: string,
    @Param('version') version: string,
    @Query('lang') lang: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    return this.orNotFound(request, reply, language, async () => {
      const view = await this.frameworks.frameworkView(code, version);
      if (negotiateForm(request.headers)?.form !== 'html')
        return send(request, reply, jsonAnswer(frameworkJson(view, this.settings.origin, language)));
      const others = (await this.frameworks.listFrameworks()).filter(
        (f) => family(f.code) === family(code) && f.id !== view.id,
      );
      const link = (one: CompetencySummary): CompetencyLinkView => ({
        href: competencyPath(view, one.code),
        title: one.title,
        code: one.code,
      });
      const html = renderFrameworkPage(
        {
          title: view.title,
          code,
          version,
          publisher: view.publisher,
          ...(view.issued !== null && { issued: view.issued }),
          licence: { spdx: view.licence.spdx ?? undefined, attribution: view.licence.attribution },
          provenance: provenanceTexts(view.provenance),
          levels: view.levels.map((level) => ({
            code: level.code,
            name: level.name,
            ...(level.description !== null && { description: level.description }),
          })),
          areas: view.items.map((area: CompetencyNode) => ({
            ...link(area),
            children: area.children.map(link),
          })),
          otherVersions: others.map((f) => ({ version: `${f.code} ${f.version}`, href: frameworkPath(f) })),
        },
        language,
      );
      return send(request, reply, pageAnswer(html));
    });
  }

  @Get(':code/:version/:competency')
  async competency(
    @Param('code') code: string,
    @Param('version') version: string,
    @Param('competency') competency: string,
    @Query('lang') lang: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    return this.orNotFound(request, reply, language, async () => {
      const view = await this.frameworks.competencyView(code, version, competency);
      if (negotiateForm(request.headers)?.form !== 'html')
        return send(request, reply, jsonAnswer(competencyJson(view, this.settings.origin, language)));
      const link = (one: CompetencySummary): CompetencyLinkView => ({
        href: competencyPath(view.framework, one.code),
        title: one.title,
        code: one.code,
      });
      const titles = new Map((await this.frameworks.listFrameworks()).map((f) => [f.code, f.title]));
      const html = renderCompetencyPage(
        {
          framework: { title: view.framework.title, version, href: frameworkPath(view.framework) },
          code: view.code,
          type: view.type,
          title: view.title,
          ...(view.description !== null && { description: view.description }),
          ...(view.officialUri !== null && { officialUri: view.officialUri }),
          ...(view.parent !== null && { parent: link(view.parent) }),
          children: view.children.map(link),
          crosswalk: view.associations.map((match) => matchView(match, titles)),
          badges: (await this.badges.alignedWith(code, version, view.code)).map(badgeCard),
        },
        language,
      );
      return send(request, reply, pageAnswer(html));
    });
  }

  private async orNotFound(
    request: FastifyRequest,
    reply: FastifyReply,
    language: Language,
    answer: () => Promise<FastifyReply>,
  ): Promise<FastifyReply> {
    try {
      return await answer();
    } catch (error) {
      if (error instanceof FrameworkNotFound || error instanceof CompetencyNotFound)
        return notFound(request, reply, language);
      throw error;
    }
  }
}

/** digcomp-2.2 and digcomp-3.0 are versions of one framework to a reader. */
const family = (code: string): string => code.replace(/-[\d.]+$/, '');

const provenanceTexts = (provenance: Record<string, unknown>): Text[] =>
  Object.values(provenance)
    .filter((value): value is string => typeof value === 'string')
    .map((fr) => ({ fr }));
