import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { allEntities } from '#badges';
import { appendAudit, type ChainLine, chainAudit, chainLines, dataSourceOptions } from '#platform';
import { AuditController } from '../../apps/api/src/public/audit.controller.js';
import { type HttpApp, startHttpApp } from '../support/http-app.js';

const html = { accept: 'text/html' };
const dayBefore = (days: number): string =>
  new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

const unescaped = (text: string): string =>
  text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');

describe('the public heads of the audit chain', () => {
  let http: HttpApp;
  let owner: DataSource;
  beforeAll(async () => {
    http = await startHttpApp({ controllers: [AuditController] });
    owner = await new DataSource(
      dataSourceOptions({ url: http.database.ownerUrl, entities: allEntities }),
    ).initialize();
    await owner.query('alter table audit_head disable trigger user');
    await owner.query(`update audit_head set day = (now() at time zone 'UTC')::date - 3`);
    await owner.query('alter table audit_head enable trigger user');
    await appendAudit(owner.manager, [{ actor: 'cli', action: 'test.happened', subject: {} }]);
    await chainAudit(owner);
  }, 120_000);
  afterAll(async () => {
    await owner?.destroy();
    await http?.close();
  });

  it('stand in a list, newest first, for programs', async () => {
    const answer = await http.app.inject({ url: '/audit', headers: { accept: 'application/json' } });
    expect(answer.json().heads).toEqual(
      [1, 2].map((days) => ({ day: dayBefore(days), seq: 0, lines: 0, hash: '00'.repeat(32) })),
    );
    expect(answer.json().lineHash).toContain('SHA-256');
  });

  it.each([
    ['fr', 'Journal d’audit', 'Comment vérifier'],
    ['en', 'Audit trail', 'How to check'],
  ])('are explained to people in plain words (%s)', async (lang, heading, how) => {
    for (const url of [`/audit?lang=${lang}`, `/audit/${dayBefore(1)}?lang=${lang}`]) {
      const { statusCode, body } = await http.app.inject({ url, headers: html });
      expect(statusCode).toBe(200);
      expect(body).toContain(`<html lang="${lang}"`);
      expect(body).toContain(heading);
      expect(body).toContain(how);
      expect(body).toContain('00000000 00000000');
    }
  });

  it('can be downloaded as one file', async () => {
    const answer = await http.app.inject({ url: '/audit/heads.json' });
    expect(answer.headers['content-disposition']).toContain('insigne-audit-heads.json');
    expect(answer.json().heads).toHaveLength(2);
  });

  it('do not exist for today, for the time before, or for what is no day', async () => {
    for (const day of [dayBefore(0), dayBefore(3), '2026-13-45', 'x'])
      expect((await http.app.inject({ url: `/audit/${day}`, headers: html })).statusCode).toBe(404);
  });

  it('can be made again by anybody who has the lines, with the very steps of the page', async () => {
    const subject = { note: 'a"b\\c%s$HOME`', count: 3, nothing: null };
    // No act of ours writes such a text; the steps must bear it all the same.
    await owner.query(
      `with event as (insert into audit_event (id, actor, action, subject)
         values (gen_random_uuid(), 'client:x', 'test.happened', $1) returning id)
       insert into audit_waiting (event_id) select id from event`,
      [JSON.stringify(subject)],
    );
    await chainAudit(owner);
    await appendAudit(owner.manager, [{ actor: 'cli', action: 'test.happened', subject: { is: true } }]);
    await chainAudit(owner);
    const { body } = await http.app.inject({ url: '/audit?lang=en', headers: html });
    const recipe = unescaped(/<pre[^>]*>([\s\S]*?)<\/pre>/.exec(body)![1]!);
    const lines: ChainLine[] = [];
    for await (const some of chainLines(owner)) lines.push(...some);
    expect(lines).toHaveLength(3);
    const follow = (given: ChainLine[]): { status: number | null; stdout: string } => {
      const folder = mkdtempSync(join(tmpdir(), 'insigne-audit-'));
      try {
        writeFileSync(
          join(folder, 'audit.tsv'),
          given.map(({ seq, hash, text }) => `${seq}\t${hash}\t${text}\n`).join(''),
        );
        return spawnSync('bash', ['-c', recipe], { cwd: folder, encoding: 'utf8' });
      } finally {
        rmSync(folder, { recursive: true });
      }
    };
    expect(follow(lines)).toMatchObject({ status: 0, stdout: `3 ${lines[2]!.hash}\n` });
    const altered = lines.map((line) => ({ ...line, text: line.text.replace('client:x', 'client:y') }));
    expect(follow(altered)).toMatchObject({ status: 1, stdout: 'line 2 differs\n' });
    expect(follow(lines.slice(1))).toMatchObject({ status: 1, stdout: 'line 2 differs\n' });
  });

  it('answer not modified to who has them', async () => {
    const { headers } = await http.app.inject({ url: '/audit', headers: html });
    const again = await http.app.inject({
      url: '/audit',
      headers: { ...html, 'if-none-match': String(headers.etag) },
    });
    expect(again.statusCode).toBe(304);
  });
});
