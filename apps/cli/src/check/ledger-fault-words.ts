import { altered, type FaultWords, investigate, reconcile, republish, revoke, w } from './fault-remedies.js';

/** Faults of what is kept beside the badges: places, lists, audit chain, archive. */
export const ledgerFaultWords = {
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
  statement_deleted: w(
    'Le journal d’audit connaît cette recommandation, cette réunion de badges ou cette attestation signée, et la base ne l’a plus.',
    'The audit chain knows this signed endorsement, record or credential, and the database has it no more.',
    ...reconcile,
  ),
  statement_hidden: w(
    'Cette recommandation, cette réunion de badges ou cette attestation a été signée, et la base dit le contraire sans retrait.',
    'This endorsement, record or credential was signed, and the database says otherwise although it was not withdrawn.',
    ...investigate,
  ),
  statement_words_differ: w(
    'Les mots montrés d’une recommandation, ou ce dont elle parle, ne sont pas ceux qui ont été signés.',
    'The words that are shown of an endorsement, or what it is about, are not those that were signed.',
    ...altered,
  ),
  status_change_differs: w(
    'Le journal d’audit dit un autre auteur, un autre motif ou un autre successeur pour ce changement de statut.',
    'The audit chain tells another author, reason or successor of this change of status.',
    ...investigate,
  ),
  list_taken_differs: w(
    'Une liste de statut compte moins de places prises qu’elle n’en a.',
    'A status list counts fewer taken places than it has.',
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
  revocation_lost: w(
    'La liste publiée ne dit plus une révocation que l’archive a gardée.',
    'The published list no longer tells a revocation that the archive kept.',
    ...reconcile,
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
  status_entry_unknown: w(
    'Une place de statut est prise pour un badge que la base ne connaît pas, ou hors de sa liste.',
    'A status place is taken for a badge that the database does not know, or outside its list.',
    ...investigate,
  ),
  list_differs: w(
    'La liste de statut n’est pas celle que l’archive a gardée sous ce numéro.',
    'The status list is not the one that the archive kept under this number.',
    ...investigate,
  ),
  audit_not_archived: w(
    'Le journal d’audit n’a plus une ligne dont l’archive a gardé l’empreinte : il a été raccourci ou réécrit.',
    'The audit chain has no more a line whose fingerprint the archive kept: it was shortened or written anew.',
    ...reconcile,
  ),
  archive_unreadable: w(
    'Un fichier de l’archive, ou son dossier, ne peut pas être lu.',
    'A file of the archive, or its folder, cannot be read.',
    'Rendez au compte qui contrôle le droit de le lire, ou remettez le fichier depuis sa sauvegarde.',
    'Let the account that checks read it, or put the file back from its backup.',
  ),
} as const satisfies Record<string, FaultWords>;
