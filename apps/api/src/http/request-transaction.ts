import { AsyncLocalStorage } from 'node:async_hooks';
import { DataSource, type QueryRunner, type ReplicationMode } from 'typeorm';
import { IssuanceQueue } from '#badges';

interface OpenTransaction {
  runner: QueryRunner;
  isOver: boolean;
  afterCommit: (() => Promise<void>)[];
}

const current = new AsyncLocalStorage<OpenTransaction>();

const openOf = (database: DataSource): OpenTransaction | undefined => {
  const open = current.getStore();
  return open && !open.isOver && open.runner.connection === database ? open : undefined;
};

/** Whoever borrows the connection of the transaction cannot give it back. */
const borrowed = (runner: QueryRunner): QueryRunner =>
  new Proxy(runner, {
    get: (target, name) => {
      if (name === 'release') return async () => undefined;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

/**
 * The api's database. What is read and written inside `inTransaction` is part of that one transaction, also when a use
 * case opens its own: that one becomes a savepoint.
 */
export class RequestDataSource extends DataSource {
  override createQueryRunner(mode?: ReplicationMode): QueryRunner {
    const open = openOf(this);
    return open ? borrowed(open.runner) : super.createQueryRunner(mode);
  }

  /**
   * Runs the work in one transaction: all of it is committed, or nothing when it throws. What it left to `afterCommit`
   * runs before the promise is kept.
   */
  async inTransaction<T>(work: () => Promise<T>): Promise<T> {
    const runner = super.createQueryRunner();
    const open: OpenTransaction = { runner, isOver: false, afterCommit: [] };
    let result: T;
    try {
      await runner.startTransaction();
      result = await current.run(open, work);
      await runner.commitTransaction();
    } catch (error) {
      // A connection that is lost has rolled back already.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      open.isOver = true;
      await runner.release();
    }
    for (const later of open.afterCommit) await later();
    return result;
  }

  /** Runs the work once the transaction around it is committed; at once when there is none. */
  async afterCommit(work: () => Promise<void>): Promise<void> {
    const open = openOf(this);
    if (open) open.afterCommit.push(work);
    else await work();
  }
}

/** The queue as the api fills it: a job is never there before the transaction that promises it is committed. */
export class CommittedQueue extends IssuanceQueue {
  constructor(
    private readonly requests: RequestDataSource,
    engine: IssuanceQueue['engine'],
  ) {
    super(requests, engine);
  }

  override enqueue(outboxIds: string[]): Promise<void> {
    return this.requests.afterCommit(() => super.enqueue(outboxIds));
  }
}
