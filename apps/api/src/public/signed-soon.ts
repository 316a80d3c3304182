import { setTimeout as sleep } from 'node:timers/promises';
import { HttpRefusal } from '../http/problem.js';

const patienceMs = 4_000;
const lookEveryMs = 250;
const comeBackSeconds = 5;

/** The worker has not signed it yet (`signed_form_not_ready`, 503): ask again. */
class SignedFormNotReady extends HttpRefusal {
  constructor() {
    super(503, 'signed_form_not_ready', 'The signed form is being made: ask again in a few seconds', {
      'Retry-After': String(comeBackSeconds),
    });
  }
}

/** What `ask` answers once it is there, after 4 s at most. @throws SignedFormNotReady (`signed_form_not_ready`) */
export async function signedSoon(ask: () => Promise<string | null>): Promise<string> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const text = await ask();
    if (text !== null) return text;
    if (performance.now() > until) throw new SignedFormNotReady();
    await sleep(lookEveryMs);
  }
}
