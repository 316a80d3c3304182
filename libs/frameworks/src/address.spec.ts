import fc from 'fast-check';
import { competencyUrl, frameworkUrl } from './address.js';

const origin = 'http://localhost:4180';

describe('public addresses of frameworks', () => {
  it('carries code and version', () => {
    expect(frameworkUrl(origin, { code: 'crcn', version: '2019' })).toBe(
      'http://localhost:4180/frameworks/crcn/2019',
    );
    expect(competencyUrl(origin, { code: 'digcomp-3.0', version: '3.0' }, 'LO1.1.01')).toBe(
      'http://localhost:4180/frameworks/digcomp-3.0/3.0/LO1.1.01',
    );
  });

  it('escapes what a publisher writes in a version', () => {
    expect(frameworkUrl(origin, { code: 'pcie-7', version: 'historique (7 modules)' })).toBe(
      'http://localhost:4180/frameworks/pcie-7/historique%20(7%20modules)',
    );
  });

  it('gives back the three parts when read as a URL', () => {
    const code = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/);
    const version = fc.stringMatching(/^[\p{L}\p{N}][\p{L}\p{N} ().,+_-]{0,20}$/u);
    fc.assert(
      fc.property(code, version, code, (framework, edition, competency) => {
        const url = new URL(competencyUrl(origin, { code: framework, version: edition }, competency));
        expect(url.pathname.split('/').slice(2).map(decodeURIComponent)).toEqual([
          framework,
          edition,
          competency,
        ]);
      }),
    );
  });
});
