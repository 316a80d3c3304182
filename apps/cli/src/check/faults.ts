import type { Text } from '#platform';

/** One thing that is not as it must be. `ids` names what it is about: ids and counts only. */
export interface Fault {
  code: FaultCode;
  ids: Record<string, string | number>;
}

interface Words {
  what: Text;
  remedy: Text;
}

const w = (fr: string, en: string, remedyFr: string, remedyEn: string): Words => ({
  what: { fr, en },
  remedy: { fr: remedyFr, en: remedyEn },
});

const altered = [
  'Quelqu’un a écrit dans la base : trouvez qui. Les octets signés sont dans l’archive (« insigne restore reconcile »).',
  'Somebody wrote into the database: find out who. The signed bytes are in the archive ("insigne restore reconcile").',
] as const;
const revoke = [
  'Retirez ce badge s’il n’aurait pas dû être délivré, puis délivrez-le à nouveau.',
  'Revoke this badge if it should not have been issued, then issue it again.',
] as const;
const republish = [
  'Laissez tourner le worker une minute, puis relancez le contrôle ; sinon, lisez son journal.',
  'Let the worker run for a minute, then check again; else read its log.',
] as const;
const investigate = [
  'Arrêtez le service, gardez une copie de la base et comparez-la avec la dernière sauvegarde.',
  'Stop the service, keep a copy of the database and compare it with the last backup.',
] as const;

/** Every fault that the check knows, with what it means and what to do. */
export const faultWords = {
  payload_digest: w(
    'Le contenu prévu a changé depuis sa planification.',
    'The planned content has changed since it was planned.',
    ...altered,
  ),
  document_digest: w(
    'Le document signé n’a plus son empreinte.',
    'The signed document no longer has its digest.',
    ...altered,
  ),
  document_unreadable: w(
    'Le document signé n’est pas du JSON lisible.',
    'The signed document is not readable JSON.',
    ...altered,
  ),
  document_not_payload: w(
    'Le document signé dit autre chose que le contenu prévu.',
    'The signed document says something else than the planned content.',
    ...altered,
  ),
  proof_invalid: w(
    'La signature Ed25519 ne correspond pas au document.',
    'The Ed25519 signature does not fit the document.',
    ...altered,
  ),
  jwt_invalid: w(
    'La signature RS256 ne correspond pas au JWT.',
    'The RS256 signature does not fit the JWT.',
    ...altered,
  ),
  jwt_content: w(
    'Le JWT dit autre chose que le document.',
    'The JWT says something else than the document.',
    ...altered,
  ),
  schema_invalid: w(
    'Le document ne suit pas le schéma Open Badges 3.0.',
    'The document does not follow the Open Badges 3.0 schema.',
    ...revoke,
  ),
  key_unknown: w(
    'La clé de signature n’est pas dans la base.',
    'The signing key is not in the database.',
    'Lancez « insigne restore reconcile » : l’archive garde les clés publiques.',
    'Run "insigne restore reconcile": the archive keeps the public keys.',
  ),
  key_of_another_issuer: w(
    'La clé de signature appartient à une autre structure.',
    'The signing key belongs to another issuer.',
    ...revoke,
  ),
  key_retired_before: w(
    'La clé était retirée avant que le badge soit prévu.',
    'The key was retired before the badge was planned.',
    ...revoke,
  ),
  key_compromised: w(
    'Le badge a été signé après la compromission de sa clé et n’est pas retiré.',
    'The badge was signed after its key was compromised and is not revoked.',
    'Lancez « insigne keys compromise » pour cette clé : elle retire et délivre à nouveau.',
    'Run "insigne keys compromise" for this key: it revokes and issues again.',
  ),
  key_younger_than_signature: w(
    'La clé est plus récente que la signature.',
    'The key is younger than the signature.',
    ...investigate,
  ),
  public_id_differs: w(
    'L’adresse publique n’est pas celle que le badge porte.',
    'The public address is not the one the badge carries.',
    ...altered,
  ),
  issuer_differs: w(
    'L’émetteur écrit dans le badge n’est pas la structure.',
    'The issuer written in the badge is not the structure.',
    ...altered,
  ),
  status_differs: w(
    'La place dans la liste de statut n’est pas celle que le badge porte.',
    'The place in the status list is not the one the badge carries.',
    ...altered,
  ),
  status_entry_missing: w(
    'La place du badge dans la liste de statut n’est pas réservée.',
    'The badge’s place in the status list is not reserved.',
    'Lancez « insigne restore reconcile » : elle réserve les places des badges archivés.',
    'Run "insigne restore reconcile": it reserves the places of archived badges.',
  ),
  assessor_is_learner: w(
    'La personne s’est évaluée elle-même.',
    'The person assessed themselves.',
    ...revoke,
  ),
  mandate_missing: w(
    'La personne qui a évalué n’avait pas de mandat ce jour-là.',
    'The assessor had no mandate on that day.',
    'Confirmez le mandat s’il existait ; sinon retirez le badge.',
    'Confirm the mandate if it existed; else revoke the badge.',
  ),
  attendance_missing: w(
    'Aucune présence ne soutient ce badge.',
    'No attendance supports this badge.',
    ...revoke,
  ),
  assessment_missing: w(
    'Aucune évaluation « acquis » ne soutient ce badge.',
    'No assessment "acquired" supports this badge.',
    ...revoke,
  ),
  badge_missing: w(
    'Un badge sur lequel celui-ci repose n’est plus là.',
    'A badge that this one stands on is no longer there.',
    ...revoke,
  ),
  award_state_differs: w(
    'L’attribution ne dit pas ce que dit le badge.',
    'The award does not say what the badge says.',
    ...investigate,
  ),
  award_without_credential: w(
    'Une attribution est dite délivrée sans badge signé.',
    'An award is called issued without a signed badge.',
    'Lancez « insigne restore reconcile » ; sinon annulez l’attribution.',
    'Run "insigne restore reconcile"; else cancel the award.',
  ),
  credential_twice: w(
    'Une attribution a deux badges actifs de la même édition.',
    'An award has two active badges of the same edition.',
    ...revoke,
  ),
  public_id_twice: w(
    'Deux badges ont la même adresse publique.',
    'Two badges have the same public address.',
    ...investigate,
  ),
  status_index_twice: w(
    'Deux badges ont la même place dans une liste de statut.',
    'Two badges have the same place in a status list.',
    ...investigate,
  ),
  status_history_differs: w(
    'Le statut n’est pas celui que dit son histoire.',
    'The status is not the one its history tells.',
    ...investigate,
  ),
  list_unsigned: w(
    'Une liste de statut que des badges nomment n’est pas signée.',
    'A status list that badges name is not signed.',
    ...republish,
  ),
  list_digest: w(
    'La liste de statut signée n’a plus son empreinte.',
    'The signed status list no longer has its digest.',
    ...altered,
  ),
  list_proof: w(
    'La signature de la liste de statut n’est pas valable.',
    'The signature of the status list is not valid.',
    ...republish,
  ),
  list_bit_differs: w(
    'Un bit de la liste publiée ne dit pas l’état du badge.',
    'A bit of the published list does not tell the badge’s state.',
    ...republish,
  ),
  list_out_of_date: w(
    'La liste de statut publiée n’est plus valable.',
    'The published status list is out of date.',
    ...republish,
  ),
  list_went_back: w(
    'La liste de statut est plus ancienne que celle qui a été publiée.',
    'The status list is older than the one that was published.',
    'Lancez « insigne restore reconcile » avant de laisser le service ouvert.',
    'Run "insigne restore reconcile" before you leave the service open.',
  ),
  audit_line_broken: w(
    'Le journal d’audit est rompu à cette ligne.',
    'The audit chain is broken at this line.',
    ...investigate,
  ),
  audit_head_differs: w(
    'Une tête publiée n’est pas sur le journal d’audit.',
    'A published head is not on the audit chain.',
    ...investigate,
  ),
  audit_event_unchained: w(
    'Un événement n’a pas de ligne dans le journal d’audit.',
    'An event has no line in the audit chain.',
    ...republish,
  ),
  audit_event_missing: w(
    'Le journal d’audit ne connaît pas la planification ou la signature de ce badge.',
    'The audit chain does not know that this badge was planned or signed.',
    ...investigate,
  ),
  audit_digest_differs: w(
    'Le journal d’audit connaît ce badge avec une autre empreinte.',
    'The audit chain knows this badge with another digest.',
    ...investigate,
  ),
  archive_missing: w(
    'L’archive n’a pas les octets de ce badge.',
    'The archive does not have the bytes of this badge.',
    'Remettez les fichiers de l’archive depuis leur sauvegarde.',
    'Put the archive’s files back from their backup.',
  ),
  archive_differs: w(
    'L’archive a d’autres octets que la base pour ce badge.',
    'The archive has other bytes than the database for this badge.',
    ...investigate,
  ),
  archive_unknown: w(
    'L’archive a un badge que la base ne connaît pas.',
    'The archive has a badge that the database does not know.',
    'La base est plus ancienne que l’archive : lancez « insigne restore reconcile ».',
    'The database is older than the archive: run "insigne restore reconcile".',
  ),
  archive_damaged: w(
    'Une ligne de l’archive est abîmée.',
    'A line of the archive is damaged.',
    'Remettez ce fichier depuis sa sauvegarde.',
    'Put this file back from its backup.',
  ),
} as const satisfies Record<string, Words>;

export type FaultCode = keyof typeof faultWords;
