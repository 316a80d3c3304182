/** Words of the page that describes the API, in French and English. */
export const docsTexts = {
  fr: {
    title: 'L’API d’Insigne',
    lead: 'Pour les logiciels qui créent des ateliers, importent des campagnes et attribuent des badges.',
    english: 'Les descriptions des opérations sont en anglais.',
    machine: 'Description pour les programmes (OpenAPI 3.1)',
    start: 'Commencer',
    startText:
      'Votre structure reçoit un identifiant et un secret de client. Échangez-les contre un jeton d’accès, valable 15 minutes, puis envoyez ce jeton avec chaque demande.',
    scopes: 'Ce qu’un client peut faire',
    scope: 'Droit',
    meaning: 'Ce qu’il permet',
    repeat: 'Demander deux fois sans risque',
    repeatText:
      'Avec l’en-tête Idempotency-Key, un POST répété dans les 24 heures ne s’exécute qu’une fois et reçoit la même réponse.',
    lists: 'Lire de longues listes',
    listsText:
      'Une liste donne au plus « limit » éléments. Pour la suite, suivez l’en-tête Link rel="next" ou donnez le curseur « next » dans « after ».',
    errors: 'Erreurs',
    errorsText:
      'Chaque erreur est en application/problem+json (RFC 9457). Le champ « code » ne change pas ; « instance » retrouve la demande dans les journaux du service.',
    operations: 'Opérations',
    access: 'Droits',
    everybody: 'ouvert à tous, sans jeton',
    anyClient: 'tout client',
    parameters: 'Paramètres',
    name: 'Nom',
    place: 'Où',
    inPath: 'adresse',
    inQuery: 'requête',
    required: 'obligatoire',
    description: 'Description',
    body: 'Corps de la demande',
    answer: 'Réponse',
    example: 'Exemple',
    schema: 'Schéma JSON',
    status: 'Statut',
    code: 'Code',
  },
  en: {
    title: 'The Insigne API',
    lead: 'For programs that create workshops, import campaigns and issue badges.',
    english: '',
    machine: 'Description for programs (OpenAPI 3.1)',
    start: 'Getting started',
    startText:
      'Your organisation is given a client id and a secret. Exchange them for an access token, valid for 15 minutes, then send it with every request.',
    scopes: 'What a client may do',
    scope: 'Scope',
    meaning: 'What it allows',
    repeat: 'Asking twice without risk',
    repeatText:
      'With the header Idempotency-Key, a POST repeated within 24 hours runs once and gets the same answer.',
    lists: 'Reading long lists',
    listsText:
      'A list gives at most “limit” items. For the rest, follow the header Link rel="next" or give the cursor “next” in “after”.',
    errors: 'Errors',
    errorsText:
      'Every error is application/problem+json (RFC 9457). Its “code” never changes; “instance” finds the request in the logs of the service.',
    operations: 'Operations',
    access: 'Scopes',
    everybody: 'open to everybody, without a token',
    anyClient: 'any client',
    parameters: 'Parameters',
    name: 'Name',
    place: 'Where',
    inPath: 'address',
    inQuery: 'query',
    required: 'required',
    description: 'Description',
    body: 'Body of the request',
    answer: 'Answer',
    example: 'Example',
    schema: 'JSON Schema',
    status: 'Status',
    code: 'Code',
  },
} as const;

export type DocsWords = { [Key in keyof (typeof docsTexts)['en']]: string };

export const docsTitle = { fr: docsTexts.fr.title, en: docsTexts.en.title };
