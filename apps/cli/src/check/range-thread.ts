import { parentPort, workerData } from 'node:worker_threads';
import { openCheckDatabase } from './check-database.js';
import { RangeCheck, type Scope } from './issued-range.js';

export interface RangeThreadData {
  databaseUrl: string;
  origin: string;
  scope: Scope;
  size: number;
}

// A thread checks the ranges it is told, one at a time, on a connection of its own.
const { databaseUrl, origin, scope, size } = workerData as RangeThreadData;
const database = await openCheckDatabase(databaseUrl);
const check = await RangeCheck.open(database, origin, scope);
parentPort!.on('message', (start: string | null) => {
  void (start === null
    ? database.destroy().then(() => parentPort!.close())
    : check.run(start, size).then((result) => parentPort!.postMessage(result)));
});
parentPort!.postMessage('ready');
