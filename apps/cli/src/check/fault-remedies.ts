import type { Text } from '#platform';

/** What a fault means and what to do, in both languages. */
export interface FaultWords {
  what: Text;
  remedy: Text;
}

export const w = (fr: string, en: string, remedyFr: string, remedyEn: string): FaultWords => ({
  what: { fr, en },
  remedy: { fr: remedyFr, en: remedyEn },
});

export const altered = [
  'Quelqu’un a écrit dans la base : trouvez qui. Remettez une sauvegarde d’avant, puis « insigne restore reconcile » : l’archive a les octets de ce qui fut signé depuis.',
  'Somebody wrote into the database: find out who. Restore a backup from before, then "insigne restore reconcile": the archive has the bytes of what was signed since.',
] as const;
export const revoke = [
  'Retirez ce badge s’il n’aurait pas dû être délivré, puis délivrez-le à nouveau.',
  'Revoke this badge if it should not have been issued, then issue it again.',
] as const;
export const republish = [
  'Laissez tourner le worker une minute, puis relancez le contrôle ; sinon, lisez son journal.',
  'Let the worker run for a minute, then check again; else read its log.',
] as const;
export const investigate = [
  'Arrêtez le service, gardez une copie de la base et comparez-la avec la dernière sauvegarde.',
  'Stop the service, keep a copy of the database and compare it with the last backup.',
] as const;
export const reconcile = [
  'Lancez « insigne restore reconcile », puis relancez le contrôle ; si rien n’a été restauré, quelqu’un a écrit dans la base.',
  'Run "insigne restore reconcile", then check again; if nothing was restored, somebody wrote into the database.',
] as const;
