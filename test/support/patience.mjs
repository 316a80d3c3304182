import fc from 'fast-check';
import { attempts } from './no-outside.mjs';

// A loaded machine must not turn a right answer into a failure: no test is about time.
import.meta.jest.setTimeout(300_000);

// Where a change is judged, it is judged by the same inputs each time; on developers' machines they are drawn anew.
if (process.env.CI === 'true') fc.configureGlobal({ seed: 20261122 });

// Whoever catches the refusal of a connection must not hide that it was tried.
afterEach(() => {
  expect(attempts.splice(0)).toEqual([]);
});
