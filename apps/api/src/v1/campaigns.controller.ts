import {
  Body,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  HttpCode,
  Param,
  Post,
  Query,
  Res,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AwardCampaign, type CampaignAwards } from '#badges';
import { DomainError, type Language } from '#platform';
import { AnalysisChanged, CampaignRefused, ImportCampaign } from '#workshops';
import { WritesNothing } from '../http/idempotency.interceptor.js';
import { querySchema } from '../http/json-schema.js';
import { Allow } from '../oauth/allow.js';
import { type Caller, CurrentCaller } from '../oauth/caller.js';
import { Tenancy } from '../oauth/tenancy.js';
import type { RouteDescription } from '../openapi/route.js';
import { negotiateLanguage } from '../public/negotiation.js';
import { campaignReport, campaignReportSchema } from './campaign-report.js';
import { confirmedSchema, confirmedView } from './memberships.controller.js';
import { plannedAwardsSchema, plannedAwardsView } from './planned-awards.js';
import { counts, idSchema, line, objectOf, oneOf, organisationParam } from './schemas.js';

interface AnalysisQuery {
  fileName: string;
}
interface ImportQuery extends AnalysisQuery {
  expectedDigest: string;
  confirmStaff: boolean;
}

const fileName = { ...line(200), default: 'campaign.csv', description: 'For the report.' };
const analysisQuery = querySchema<AnalysisQuery>(objectOf({ fileName }, ['fileName']));
const importQuery = querySchema<ImportQuery>(
  objectOf(
    {
      expectedDigest: {
        type: 'string',
        pattern: '^[0-9a-f]{64}$',
        description: 'Digest of the analysis that was confirmed: exactly that is written, or nothing.',
      },
      confirmStaff: {
        type: 'boolean',
        default: false,
        description: 'Confirm as members the assessors and animators that the file names.',
      },
      fileName,
    },
    ['confirmStaff', 'fileName'],
  ),
);

/** The language of the report, from Accept-Language; the answer says which. */
const ReportLanguage = createParamDecorator((_: unknown, context: ExecutionContext): Language => {
  const language = negotiateLanguage(context.switchToHttp().getRequest<FastifyRequest>().headers);
  context
    .switchToHttp()
    .getResponse<FastifyReply>()
    .headers({ 'content-language': language, vary: 'Accept-Language' });
  return language;
});

/** A refusal that tells what is wrong with the file, row by row. */
class RefusedWithReport extends DomainError {
  readonly code: string;
  constructor(cause: CampaignRefused | AnalysisChanged, language: Language) {
    const report = campaignReport(cause.plan, language);
    super(report.refusal?.message ?? cause.message, { cause, details: { ...cause.details, report } });
    this.code = cause.code;
  }
}

function csvOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  throw new UnsupportedMediaTypeException();
}

const importView = ({ campaign, awards }: CampaignAwards, language: Language) => ({
  state: campaign.state,
  importId: campaign.importId,
  written: campaign.written,
  confirmedStaff: campaign.confirmedStaff.map(confirmedView),
  awards: plannedAwardsView(awards),
  report: campaignReport(campaign.plan, language),
});

/** Campaign files: told first, then imported exactly as told. */
@Controller('api/v1/organisations/:organisation')
export class CampaignsController {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly campaigns: ImportCampaign,
    private readonly awardCampaign: AwardCampaign,
  ) {}

  @Post('campaign-analyses')
  @HttpCode(200)
  @WritesNothing('reads')
  @Allow('import:write')
  async analyse(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Query({ schema: analysisQuery }) { fileName }: AnalysisQuery,
    @Body() body: unknown,
    @ReportLanguage() language: Language,
  ) {
    const { id: organisationId } = await this.tenancy.organisationOf(caller, organisation);
    const plan = await this.campaigns.analyse({ organisationId, bytes: csvOf(body), fileName });
    return campaignReport(plan, language);
  }

  @Post('campaign-imports')
  @Allow('import:write')
  async import(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Query({ schema: importQuery }) query: ImportQuery,
    @Body() body: unknown,
    @ReportLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { id: organisationId } = await this.tenancy.organisationOf(caller, organisation);
    const request = { organisationId, bytes: csvOf(body), ...query, by: caller.clientId };
    const done = await this.awardCampaign.run(request).catch((error: unknown) => {
      if (error instanceof CampaignRefused || error instanceof AnalysisChanged)
        throw new RefusedWithReport(error, language);
      throw error;
    });
    if (done.campaign.state === 'already_imported') reply.status(200);
    return importView(done, language);
  }
}

const importSchema = objectOf({
  state: oneOf(['imported', 'already_imported']),
  importId: idSchema,
  written: counts,
  confirmedStaff: { type: 'array', items: confirmedSchema },
  awards: plannedAwardsSchema,
  report: campaignReportSchema,
});

const common = {
  method: 'POST',
  tag: 'Campaigns',
  scopes: ['import:write'],
  params: organisationParam,
  body: {
    schema: { type: 'string', description: 'The CSV file as it is.' },
    mediaType: 'text/csv',
    description: 'The file as the structure exports it: UTF-8, at most 5 MB and 5,000 rows.',
  },
} satisfies Partial<RouteDescription>;

export const campaignRoutes: RouteDescription[] = [
  {
    ...common,
    path: '/api/v1/organisations/{organisation}/campaign-analyses',
    operationId: 'analyseCampaign',
    summary: 'Tells row by row what importing a campaign file would do; writes nothing.',
    description: 'The remarks are in French or English, as Accept-Language asks.',
    query: analysisQuery,
    responses: { 200: { description: 'What would happen.', schema: campaignReportSchema } },
    errors: ['organisation_not_found', 'campaign_not_ready'],
  },
  {
    ...common,
    path: '/api/v1/organisations/{organisation}/campaign-imports',
    operationId: 'importCampaign',
    summary: 'Imports a campaign file and plans the awards it earns, exactly as its analysis told.',
    description:
      'In one transaction. The same file again changes nothing (200). When what would be written is no longer what ' +
      'the analysis told, nothing is written and the new report comes with the error.',
    query: importQuery,
    responses: {
      200: { description: 'It was imported before, and nothing was left to write.', schema: importSchema },
      201: { description: 'What was written and planned.', schema: importSchema },
    },
    errors: ['organisation_not_found', 'campaign_not_ready', 'campaign_refused', 'analysis_changed'],
  },
];
