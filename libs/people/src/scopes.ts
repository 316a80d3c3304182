/** What an API client may be allowed to do, with what that means for people who read it. */
export const scopeTexts = {
  'organisation:read': { fr: 'Lire les organisations', en: 'Read organisations' },
  'organisation:write': { fr: 'Créer et modifier des organisations', en: 'Create and change organisations' },
  'framework:read': { fr: 'Lire les référentiels', en: 'Read competency frameworks' },
  'framework:write': {
    fr: 'Importer des référentiels pour toute l’installation',
    en: 'Import competency frameworks for the whole installation',
  },
  'workshop:read': { fr: 'Lire les ateliers et les séances', en: 'Read workshops and sessions' },
  'workshop:write': { fr: 'Créer des ateliers et des séances', en: 'Create workshops and sessions' },
  'import:write': { fr: 'Importer des campagnes', en: 'Import campaigns' },
  'award:read': { fr: 'Lire les badges attribués', en: 'Read awards' },
  'award:issue': { fr: 'Attribuer des badges', en: 'Issue awards' },
  'award:revoke': {
    fr: 'Retirer, suspendre et rétablir des badges',
    en: 'Revoke, suspend and reinstate badges',
  },
  'publication:write': { fr: 'Publier et retirer des badges', en: 'Publish and withdraw badges' },
  'endorsement:write': {
    fr: 'Demander, donner, accepter et retirer des recommandations',
    en: 'Ask for, give, accept and withdraw endorsements',
  },
  'credential:issue': {
    fr: 'Émettre des attestations qui ne sont pas des badges (VC-API)',
    en: 'Issue credentials that are no badges (VC-API)',
  },
  'credential:revoke': {
    fr: 'Retirer ces attestations',
    en: 'Revoke those credentials',
  },
  'verification:run': { fr: 'Vérifier des badges', en: 'Verify badges' },
} as const;

export type Scope = keyof typeof scopeTexts;

/** Every scope, in the order people read them. */
export const allScopes = Object.keys(scopeTexts) as Scope[];

const onlyWhenAsked: Scope[] = ['framework:write', 'credential:issue', 'credential:revoke'];

/**
 * What a client gets that asks for nothing: not what touches every organisation of the installation, nor what signs the
 * client's own word.
 */
export const usualScopes = allScopes.filter((scope) => !onlyWhenAsked.includes(scope));

export const isScope = (text: string): text is Scope => Object.hasOwn(scopeTexts, text);
