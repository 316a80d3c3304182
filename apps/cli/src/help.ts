/** What `insigne help` prints. */
export const help = {
  fr: `insigne COMMANDE

  up                         démarre le service (PostgreSQL, api, worker) jusqu'à Ctrl-C
  demo [--once] [--json]     le chemin entier sur des données inventées
  migrate                    met la base au schéma de cette version
  import frameworks [FILE…]  référentiels : ceux du programme, ou des fichiers (aussi CASE --code CODE, correspondances CSV)
  import catalogue [FILE]    ateliers et badges de départ, ou un fichier
  import campaign FILE       campagne d'ateliers (CSV) : --dry-run  --json  --confirm-staff  --correct
  organisation create        --kind structure --slug SLUG --name NOM [--parent SLUG]
  organisation change        --organisation SLUG --email ADRESSE : l'adresse publique qu'Open Badges 2.0 demande
  client create              accès à l'API : --organisation SLUG --name NOM
  badge list                 attributions d'une structure
  badge publish AWARD        montrer un badge ; badge withdraw AWARD pour le cacher
  badge bind AWARD           lier son fichier Open Badges 2.0 à une adresse : --email ADRESSE ; badge unbind AWARD
  badge revoke ID…           retirer des badges ; suspend, reinstate, history : --reason CODE ; d'abord --dry-run
  badge revoke --orphan ID…  retirer des badges que la base remise ne connaît plus (ou --all-orphans)
  badge replace ID           délivrer un badge corrigé : --given-name --family-name --held-on ; d'abord --dry-run
  session list               séances d'une structure, et lesquelles sont retirées
  session withdraw NUMÉRO    retirer toute une séance : d'abord --dry-run
  endorse ask                lien pour demander une recommandation : --target issuer|achievement|badge ; list, accept, refuse, withdraw
  endorse give LIEN          recommander au nom d'une organisation : --comment TEXTE
  record make AWARD…         réunir des badges qu'une personne a choisis : --consented-on --consent ; list, withdraw
  held list | held resolve   cas en attente d'une décision : --decision --keep-row
  keys list | create         clés de signature : état, cérémonie (--by NOM)
  keys rotate | retire       remplacer, ou mettre hors service (--key ID)
  keys compromise            clé volée : --since INSTANT --key ID ; d'abord --dry-run
  keys reissue [--all]       délivrer de nouveau les badges d'une clé volée
  keys rewrap --to SERVICE   confier les clés à un autre service
  queue                      file d'attente : --json  --watch ; queue show ID ; queue retry ID|--all
  admin-link                 lien à usage unique vers /operations ; --revoke-all retire les accès
  verify FILE|FOLDER|URL…    contrôler des badges : --list  --name  --email  --json
  restore reconcile          après une sauvegarde remise : retrouver ce qui a été délivré depuis : --dry-run  --json
  check                      relire tout ce qui a été délivré : --json  --organisation SLUG  --since AAAA-MM-JJ  --heads FICHIER
  audit export               le journal d'audit, pour qui veut le recalculer : --until AAAA-MM-JJ

  Qui agit, pour l'historique et l'audit : --by CODE, un code court (adm-2) ou un identifiant, jamais un nom
  Partout : --data DOSSIER  --port N  --origin URL`,
  en: `insigne COMMAND

  up                         start the service (PostgreSQL, api, worker) until Ctrl-C
  demo [--once] [--json]     the whole way on invented data
  migrate                    bring the database to this version's schema
  import frameworks [FILE…]  frameworks: those of the program, or files (also CASE --code CODE, crosswalks in CSV)
  import catalogue [FILE]    starter workshops and badges, or a file
  import campaign FILE       workshop campaign (CSV): --dry-run  --json  --confirm-staff  --correct
  organisation create        --kind structure --slug SLUG --name NAME [--parent SLUG]
  organisation change        --organisation SLUG --email ADDRESS: the public address that Open Badges 2.0 needs
  client create              API access: --organisation SLUG --name NAME
  badge list                 awards of a structure
  badge publish AWARD        show a badge; badge withdraw AWARD to hide it
  badge bind AWARD           bind its Open Badges 2.0 file to an address: --email ADDRESS; badge unbind AWARD
  badge revoke ID…           take badges back; suspend, reinstate, history: --reason CODE; first --dry-run
  badge revoke --orphan ID…  take back badges that a restored database does not know (or --all-orphans)
  badge replace ID           issue a corrected badge: --given-name --family-name --held-on; first --dry-run
  session list               sessions of a structure, and which of them are withdrawn
  session withdraw NUMBER    take back a whole session: first --dry-run
  endorse ask                link that asks for an endorsement: --target issuer|achievement|badge; list, accept, refuse, withdraw
  endorse give LINK          endorse in an organisation's name: --comment TEXT
  record make AWARD…         gather badges that a person chose: --consented-on --consent; list, withdraw
  held list | held resolve   cases that wait for a decision: --decision --keep-row
  keys list | create         signing keys: state, ceremony (--by NAME)
  keys rotate | retire       replace, or take out of use (--key ID)
  keys compromise            stolen key: --since INSTANT --key ID; first --dry-run
  keys reissue [--all]       issue the badges of a stolen key again
  keys rewrap --to SERVICE   entrust the keys to another service
  queue                      the queue: --json  --watch; queue show ID; queue retry ID|--all
  admin-link                 one-time link to /operations; --revoke-all withdraws every access
  verify FILE|FOLDER|URL…    check badges: --list  --name  --email  --json
  restore reconcile          after a backup was restored: find what was issued since: --dry-run  --json
  check                      re-read everything issued: --json  --organisation SLUG  --since YYYY-MM-DD  --heads FILE
  audit export               the audit chain, for whoever computes it again: --until YYYY-MM-DD

  Who acts, for the history and the audit: --by CODE, a short code (adm-2) or an id, never a name
  Everywhere: --data FOLDER  --port N  --origin URL`,
};
