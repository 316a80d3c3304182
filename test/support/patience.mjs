// A loaded machine must not turn a right answer into a failure: no test is about time.
import.meta.jest.setTimeout(60_000);
