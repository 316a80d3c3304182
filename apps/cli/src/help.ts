/** What `insigne help` prints. */
export const help = {
  fr: `insigne COMMANDE

  up                         démarre le service (PostgreSQL, api, worker) jusqu'à Ctrl-C
  demo [--once] [--json]     le chemin entier sur des données inventées
  migrate                    met la base au schéma de cette version
  import frameworks [FILE…]  référentiels : ceux du programme, ou des fichiers
  import catalogue [FILE]    ateliers et badges de départ, ou un fichier
  import campaign FILE       campagne d'ateliers (CSV) : --dry-run  --json  --confirm-staff
  organisation create        --kind structure --slug SLUG --name NOM [--parent SLUG]
  client create              accès à l'API : --organisation SLUG --name NOM
  badge list                 attributions d'une structure
  badge publish AWARD        montrer un badge ; badge withdraw AWARD pour le cacher
  held list | held resolve   cas en attente d'une décision : --decision --keep-row
  verify FILE|URL            contrôler un badge : --json

  Partout : --data DOSSIER  --port N  --origin URL`,
  en: `insigne COMMAND

  up                         start the service (PostgreSQL, api, worker) until Ctrl-C
  demo [--once] [--json]     the whole way on invented data
  migrate                    bring the database to this version's schema
  import frameworks [FILE…]  frameworks: those of the program, or files
  import catalogue [FILE]    starter workshops and badges, or a file
  import campaign FILE       workshop campaign (CSV): --dry-run  --json  --confirm-staff
  organisation create        --kind structure --slug SLUG --name NAME [--parent SLUG]
  client create              API access: --organisation SLUG --name NAME
  badge list                 awards of a structure
  badge publish AWARD        show a badge; badge withdraw AWARD to hide it
  held list | held resolve   cases that wait for a decision: --decision --keep-row
  verify FILE|URL            check a badge: --json

  Everywhere: --data FOLDER  --port N  --origin URL`,
};
