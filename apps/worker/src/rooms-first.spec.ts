import { setImmediate as turn } from 'node:timers/promises';
import { RoomsFirst } from './rooms-first.js';

/** Work that notes its beginning and its end, and ends when told. */
function works() {
  const seen: string[] = [];
  const ends = new Map<string, { end(): void; fail(): void }>();
  const work = (name: string) => () => {
    seen.push(`${name} begins`);
    return new Promise<string>((resolve, reject) => {
      ends.set(name, {
        end: () => {
          seen.push(`${name} ends`);
          resolve(name);
        },
        fail: () => reject(new Error(name)),
      });
    });
  };
  return {
    seen,
    work,
    end: (name: string) => ends.get(name)!.end(),
    fail: (name: string) => ends.get(name)!.fail(),
  };
}

describe('rooms first', () => {
  it('begins no campaign batch while a room is in hand', async () => {
    const first = new RoomsFirst();
    const { seen, work, end } = works();
    const room = first.run(true, work('room'));
    const batches = [first.run(false, work('one')), first.run(false, work('two'))];
    await turn();
    expect(seen).toEqual(['room begins']);
    end('room');
    expect(await room).toBe('room');
    await turn();
    expect(seen).toEqual(['room begins', 'room ends', 'one begins', 'two begins']);
    end('one');
    end('two');
    expect(await Promise.all(batches)).toEqual(['one', 'two']);
  });

  it('lets a room begin beside batches and other rooms', async () => {
    const first = new RoomsFirst();
    const { seen, work } = works();
    void first.run(false, work('one'));
    void first.run(true, work('room'));
    void first.run(true, work('other room'));
    await turn();
    expect(seen).toEqual(['one begins', 'room begins', 'other room begins']);
  });

  it('waits for the rooms of that moment, not for those that come after', async () => {
    const first = new RoomsFirst();
    const { seen, work, end } = works();
    void first.run(true, work('room'));
    void first.run(false, work('one'));
    void first.run(true, work('later room'));
    end('room');
    await turn();
    expect(seen).toEqual(['room begins', 'later room begins', 'room ends', 'one begins']);
  });

  it('goes on after a room that failed, whose caller is told', async () => {
    const first = new RoomsFirst();
    const { seen, work, fail } = works();
    const room = first.run(true, work('room'));
    void first.run(false, work('one'));
    fail('room');
    await expect(room).rejects.toThrow('room');
    await turn();
    expect(seen).toEqual(['room begins', 'one begins']);
  });

  it('loses its patience with a room that hangs', async () => {
    const first = new RoomsFirst(5);
    const { seen, work, end } = works();
    void first.run(true, work('hanging room'));
    const batch = first.run(false, async () => 'done');
    expect(await batch).toBe('done');
    expect(seen).toEqual(['hanging room begins']);
    end('hanging room');
  });
});
