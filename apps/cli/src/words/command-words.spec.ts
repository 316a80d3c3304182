import { help } from '../help.js';
import { tellOnStderr, terminalLanguage } from '../terminal.js';
import { parseWords, Usage } from './command-words.js';

const options = { data: { type: 'string' }, once: { type: 'boolean' } } as const;

describe('the words of a command', () => {
  it('are read into options and what is left', () => {
    const read = parseWords({ args: ['--data', 'a b', 'x', '--once'], options, allowPositionals: true });
    expect({ ...read.values }).toEqual({ data: 'a b', once: true });
    expect(read.positionals).toEqual(['x']);
  });

  it.each([
    ['an unknown option', ['--dat', 'x'], '--dat'],
    ['a missing value', ['--data'], '--data'],
    ['an option instead of a value', ['--data', '--once'], '--data'],
    ['a value for a switch', ['--once=yes'], '--once'],
    ['a word too many', ['--once', 'more'], 'more'],
  ])('are refused when there is %s, naming it', (_, args, named) => {
    expect(() => parseWords({ args, options })).toThrow(Usage);
    expect(() => parseWords({ args, options })).toThrow(named);
  });
});

describe('the language of the terminal', () => {
  it.each([
    [{ LANG: 'fr_FR.UTF-8' }, 'fr'],
    [{ LANG: 'fr' }, 'fr'],
    [{ LANG: 'en_GB.UTF-8' }, 'en'],
    [{ LANG: 'de_DE.UTF-8' }, 'en'],
    [{ LANG: 'C' }, 'en'],
    [{}, 'en'],
    [{ LANG: 'fr_FR.UTF-8', LC_ALL: 'en_GB.UTF-8' }, 'en'],
    [{ LANG: 'en_GB.UTF-8', LC_MESSAGES: 'fr_FR.UTF-8' }, 'fr'],
    [{ LANG: 'fr_FR.UTF-8', LC_ALL: '' }, 'fr'],
  ])('of %j is %s', (environment, language) => {
    expect(terminalLanguage(environment)).toBe(language);
  });

  it('is that of the sentences on stderr', () => {
    const error = import.meta.jest.spyOn(console, 'error').mockImplementation(() => undefined);
    try {
      tellOnStderr({ fr: 'Bonjour', en: 'Hello' });
      expect(error).toHaveBeenCalledWith(terminalLanguage() === 'fr' ? 'Bonjour' : 'Hello');
    } finally {
      error.mockRestore();
    }
  });
});

describe('the help', () => {
  const commandsIn = (text: string) =>
    [...text.matchAll(/^ {2}([a-z]+(?: [a-z]+)?)/gm)].map(([, name]) => name);

  it('names the same commands in both languages, in the same order', () => {
    expect(commandsIn(help.fr!)).toEqual(commandsIn(help.en!));
    expect(commandsIn(help.fr!).length).toBeGreaterThan(8);
  });
});
