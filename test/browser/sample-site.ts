import Fastify, { type FastifyInstance } from 'fastify';
import { badgePicturePng, badgePictureSvg } from '#badges';
import { type Language, sha256 } from '#platform';
import { allPageAssets, assetCacheControl } from '../../apps/api/src/pages/assets.js';
import {
  type AuditHeadView,
  renderAuditDayPage,
  renderAuditPage,
} from '../../apps/api/src/pages/audit-pages.js';
import { pageHeaders } from '../../apps/api/src/pages/document.js';
import {
  renderAchievementPage,
  renderBadgePage,
  renderCompetencyPage,
  renderFrameworkListPage,
  renderFrameworkPage,
  renderHomePage,
  renderIssuerPage,
  renderNotFoundPage,
  renderUnavailablePage,
} from '../../apps/api/src/pages/render.js';
import { competency, framework, frameworks } from './sample-frameworks.js';
import { achievement, badges, issuerPage, origin, pictures } from './sample-views.js';

const auditHeads: AuditHeadView[] = ['2026-11-21', '2026-11-20', '2026-11-19'].map((day, back) => ({
  day,
  seq: 12_408 - 57 * back,
  lines: 57,
  hash: sha256(day).toString('hex'),
}));

/** Every kind of page by the path the sample site serves it under. */
export const samplePages: Record<string, (language: Language) => string> = {
  ...Object.fromEntries(
    Object.entries(badges).map(([name, badge]) => {
      const path = `/b/${name}`;
      return [path, (language: Language) => renderBadgePage(badge, language, { origin, path })];
    }),
  ),
  '/achievements/cv': (language) =>
    renderAchievementPage(achievement, language, { origin, path: '/achievements/cv' }),
  '/issuers/licorne': (language) =>
    renderIssuerPage(issuerPage, language, { origin, path: '/issuers/licorne' }),
  '/frameworks': (language) => renderFrameworkListPage(frameworks, language),
  '/frameworks/crcn/2019': (language) => renderFrameworkPage(framework, language),
  '/frameworks/crcn/2019/3.1': (language) => renderCompetencyPage(competency, language),
  '/': (language) =>
    renderHomePage(
      {
        frameworksHref: '/frameworks',
        apiHref: '/api/docs',
        pictures: Object.keys(pictures).map((key) => `/pictures/${key}.svg`),
      },
      language,
    ),
  '/audit': (language) => renderAuditPage(auditHeads, language),
  '/audit/2026-11-21': (language) => renderAuditDayPage(auditHeads[0]!, language),
  '/unavailable': renderUnavailablePage,
  '/not-found': renderNotFoundPage,
};

/** A site of sample pages on a free port of this machine; the headers are those of the service. */
export async function startSampleSite(): Promise<{ url: string; site: FastifyInstance }> {
  const site = Fastify();
  for (const asset of allPageAssets()) {
    site.get(asset.path, (_, reply) =>
      reply.type(asset.contentType).header('cache-control', assetCacheControl).send(asset.body),
    );
  }
  for (const [key, specification] of Object.entries(pictures)) {
    const svg = badgePictureSvg(specification);
    site.get(`/pictures/${key}.svg`, (_, reply) => reply.type('image/svg+xml').send(svg));
    site.get(`/pictures/${key}.png`, (_, reply) => reply.type('image/png').send(badgePicturePng(svg)));
  }
  for (const [path, render] of Object.entries(samplePages)) {
    site.get<{ Querystring: { lang?: string } }>(path, (request, reply) =>
      reply.headers(pageHeaders()).send(render(request.query.lang === 'en' ? 'en' : 'fr')),
    );
  }
  return { url: await site.listen({ port: 0, host: '127.0.0.1' }), site };
}
