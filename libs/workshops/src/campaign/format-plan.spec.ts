import { readFileSync } from 'node:fs';
import { projectFile } from '#platform';
import { analyseCampaign } from './analyse-campaign.js';
import { formatPlan } from './format-plan.js';
import { aFile, aWorld } from './world.spec-support.js';

const report = (bytes: Buffer, language: 'fr' | 'en'): string =>
  formatPlan(analyseCampaign({ bytes, fileName: 'a.csv', world: aWorld(), today: '2026-11-22' }), language);

const fixture = (name: string): Buffer => readFileSync(projectFile('test', 'vectors', 'campaign', name));

describe('the report for people', () => {
  it('names row, line, column, what is wrong and what to do', () => {
    const text = report(fixture('campagne-mauvaise.csv'), 'fr');
    expect(text).toContain(
      [
        'Ligne 1 (ligne 2 du fichier) : refusée',
        "  Date : La date « 31/02/2026 » n'existe pas au calendrier (jour/mois/année).",
        "  → À faire : Corrigez la date. L'ordre est jour/mois/année ; il n'est jamais deviné.",
      ].join('\n'),
    );
    expect(text).toContain('Ligne 34 : un guillemet (") est ouvert et jamais fermé');
    expect(text).toContain('Rien ne sera enregistré.');
    expect(text).toMatch(/Total : 32 lignes · 2 acceptée · 10 acceptée, avec une remarque/);
  });

  it('says the same in English', () => {
    const text = report(fixture('campagne-mauvaise.csv'), 'en');
    expect(text).toContain('Row 7 (line 8 of the file) : rejected');
    expect(text).toContain('Choose a known code: CE-1, CE-2, CE-3, CE-4, EREP, SMART, ACTU.');
    expect(text).not.toMatch(/Ligne|À faire/);
  });

  it('tells held cases, staff to confirm and learners who animate', () => {
    const text = report(fixture('campagne-2026-automne.csv'), 'fr');
    expect(text).toContain('BIDON Fatoumata (1978) ou BIDON Fatou (1978) · séance S05 · lignes 36, 64');
    expect(text).toContain('Odile FICTIVE · évalue, anime · depuis le 05/10/2026 · inconnue de la structure');
    expect(text).toContain('Kévin BROUILLON · S09');
    expect(text).toContain('15 personnes (15 nouvelles), 9 séances (9 nouvelles), 60 présences');
  });

  it('cannot be turned around or broken by what a cell holds', () => {
    const text = report(aFile([{ Date: 'a\u202eb\u0007c', Résultat: 'x\u2066y' }]), 'fr');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
  });

  it('says when there is nothing to remark', () => {
    expect(report(aFile([{}]), 'en')).toContain('No remark on any row.');
  });
});
