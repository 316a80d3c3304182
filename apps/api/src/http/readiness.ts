import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HttpSettings } from './settings.js';

/** One thing the service needs. Rejects when it is not there; the reason is not shown. */
export type ReadyCheck = () => Promise<unknown>;

export interface Readiness {
  status: 'ready' | 'not_ready';
  checks: Record<string, 'passed' | 'failed'>;
}

const timeoutMs = 3_000;

async function outcome(check: ReadyCheck): Promise<'passed' | 'failed'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'failed'>((resolve) => {
    timer = setTimeout(() => resolve('failed'), timeoutMs);
  });
  try {
    return await Promise.race([check().then(() => 'passed' as const), late]);
  } catch {
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}

/** Can the service do its work? Database, migrations, and what the program adds (the queue). */
@Injectable()
export class ReadyChecks {
  private readonly checks = new Map<string, ReadyCheck>();

  constructor(
    private readonly database: DataSource,
    settings: HttpSettings,
  ) {
    this.add('database', () => this.database.query('SELECT 1'));
    this.add('migrations', () => this.migrated(settings.migrations));
  }

  add(name: string, check: ReadyCheck): void {
    this.checks.set(name, check);
  }

  async run(): Promise<Readiness> {
    const outcomes = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await outcome(check)] as const),
    );
    const checks = Object.fromEntries(outcomes);
    return { status: Object.values(checks).includes('failed') ? 'not_ready' : 'ready', checks };
  }

  private async migrated(names: string[]): Promise<void> {
    const rows: { name: string }[] = await this.database.query('SELECT name FROM schema_migration');
    const done = new Set(rows.map((row) => row.name));
    const missing = names.filter((name) => !done.has(name));
    if (missing.length > 0) throw new Error(`Missing migrations: ${missing.join(', ')}`);
  }
}
