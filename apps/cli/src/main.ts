import 'reflect-metadata';
import { DomainError, type Text, textIn } from '#platform';
import { badgeCommand } from './badge-command.js';
import { Usage } from './command.js';
import { demo } from './demo.js';
import { heldCommand } from './held-command.js';
import { importCommand } from './import-command.js';
import { migrateCommand } from './migrate-command.js';
import { clientCommand, organisationCommand } from './organisation-command.js';
import { terminalLanguage, up } from './up.js';
import { runVerify } from './verify-command.js';

const help: Text = {
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

async function main([command, ...args]: string[]): Promise<number> {
  switch (command) {
    case 'up':
      return up(args);
    case 'demo':
      return demo(args);
    case 'migrate':
      return migrateCommand(args);
    case 'import':
      return importCommand(args);
    case 'organisation':
      return organisationCommand(args);
    case 'client':
      return clientCommand(args);
    case 'badge':
      return badgeCommand(args);
    case 'held':
      return heldCommand(args);
    case 'verify':
      return runVerify(args, process);
    case undefined:
    case 'help':
    case '--help':
      console.log(textIn(help, terminalLanguage()));
      return command === undefined ? 64 : 0;
    default:
      throw new Usage(command);
  }
}

main(process.argv.slice(2))
  .then((code) => {
    process.exitCode = code;
  })
  .catch((error: unknown) => {
    if (error instanceof Usage) {
      console.error(`${error.message}\n\n${textIn(help, terminalLanguage())}`);
      process.exitCode = 64;
    } else if (error instanceof DomainError) {
      // A refusal is a sentence that says what to do; a stack would hide it.
      const text = (error as { text?: Text }).text;
      console.error(text ? textIn(text, terminalLanguage()) : error.message);
      process.exitCode = 1;
    } else {
      console.error(error);
      process.exitCode = 70;
    }
  });
