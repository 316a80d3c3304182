import { scopeTexts } from '#people';
import { docsTexts } from './docs-texts.js';

describe('the words of the page of the API', () => {
  it('exist in French and English', () => {
    expect(Object.keys(docsTexts.fr)).toEqual(Object.keys(docsTexts.en));
    for (const text of Object.values(docsTexts.fr)) expect(text).not.toBe('');
  });

  it('say of every scope what it allows', () => {
    expect(Object.keys(scopeTexts)).toEqual([
      'organisation:read',
      'organisation:write',
      'framework:read',
      'framework:write',
      'workshop:read',
      'workshop:write',
      'import:write',
      'award:read',
      'award:issue',
      'award:revoke',
      'publication:write',
      'endorsement:write',
      'credential:issue',
      'credential:revoke',
      'verification:run',
    ]);
    for (const { fr, en } of Object.values(scopeTexts))
      expect([fr.length > 5, en.length > 5]).toEqual([true, true]);
  });
});
