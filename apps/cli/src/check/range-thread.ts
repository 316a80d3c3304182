import { parentPort, workerData } from 'node:worker_threads';
import { openCheckDatabase } from './check-database.js';
import { type Range, RangeCheck } from './issued-range.js';
import { lanes, type RangeThreadData } from './range-thread-data.js';

// A thread checks the ranges it is told, a few at a time, on connections of its own.
const { databaseUrl, ground } = workerData as RangeThreadData;
const database = await openCheckDatabase(databaseUrl);
const check = await RangeCheck.open(database, ground);
let open = lanes;
parentPort!.on('message', (range: Range | null) => {
  if (range !== null) {
    void check.run(range).then((result) => parentPort!.postMessage(result));
    return;
  }
  open -= 1;
  if (open === 0) void database.destroy().then(() => parentPort!.close());
});
for (let lane = 0; lane < lanes; lane += 1) parentPort!.postMessage('ready');
