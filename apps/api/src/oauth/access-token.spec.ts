import { FixedClock } from '#platform';
import { AccessTokens } from './access-token.js';

const settings = { origin: 'http://localhost:4180', tokenSecret: 'x'.repeat(32), migrations: [], errors: [] };
const clock = new FixedClock(new Date('2026-01-01T00:00:00Z'));
const content = { clientId: 'client-a', organisationId: 'o', scopes: ['award:read' as const] };

describe('access tokens', () => {
  it('say what was put into them', () => {
    const tokens = new AccessTokens(settings, clock);
    expect(tokens.read(tokens.issue(content))).toEqual(content);
  });

  it('of another origin or secret are nothing', () => {
    const tokens = new AccessTokens(settings, clock);
    for (const other of [{ origin: 'http://localhost:4181' }, { tokenSecret: 'y'.repeat(32) }])
      expect(tokens.read(new AccessTokens({ ...settings, ...other }, clock).issue(content))).toBeUndefined();
  });

  it('refuse a secret that is too short', () => {
    expect(() => new AccessTokens({ ...settings, tokenSecret: 'short' }, clock)).toThrow('at least 32 bytes');
  });
});
