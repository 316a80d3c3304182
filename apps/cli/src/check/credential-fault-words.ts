import { altered, type FaultWords, investigate, reconcile, republish, revoke, w } from './fault-remedies.js';

/** Faults of badges and of what they stand on. */
export const credentialFaultWords = {
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
  assessment_differs: w(
    'Une des évaluations « acquis » qui soutiennent ce badge n’est plus là.',
    'One of the assessments "acquired" that support this badge is no longer there.',
    ...revoke,
  ),
  session_day_differs: w(
    'La séance n’a pas eu lieu le jour que dit ce badge, et aucune correction ne l’a déplacée.',
    'The session is recorded for another day than this badge tells, and no correction moved it.',
    ...investigate,
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
  award_missing: w(
    'L’attribution de ce badge n’est plus dans la base.',
    'The award of this badge is not in the database any more.',
    ...investigate,
  ),
  award_differs: w(
    'Ce badge est rattaché à une autre attribution que celle pour laquelle il a été prévu.',
    'This badge is attached to another award than the one it was planned for.',
    ...investigate,
  ),
  credential_deleted: w(
    'Le journal d’audit connaît ce badge signé, et la base ne l’a plus.',
    'The audit chain knows this signed badge, and the database has it no more.',
    ...reconcile,
  ),
  credential_hidden: w(
    'Ce badge a été signé, et la base dit le contraire sans que l’attribution ait été annulée.',
    'This badge was signed, and the database says otherwise although its award was not cancelled.',
    ...investigate,
  ),
  planned_forgotten: w(
    'Ce badge est prévu et rien ne le fera signer.',
    'This badge is planned and nothing will have it signed.',
    'Lancez « insigne queue retry --all » ; sinon, annulez l’attribution et délivrez le badge à nouveau.',
    'Run "insigne queue retry --all"; else cancel the award and issue the badge again.',
  ),
  outbox_left_over: w(
    'Une demande de signature attend sans aucun badge à signer.',
    'A request to sign waits without any badge to sign.',
    ...republish,
  ),
  publication_without_credential: w(
    'Une page publique montre un badge qui n’est pas signé.',
    'A public page shows a badge that is not signed.',
    'Cachez-le avec « insigne badge withdraw », puis cherchez qui a écrit dans la base.',
    'Hide it with "insigne badge withdraw", then find out who wrote into the database.',
  ),
  publication_unasked: w(
    'Ce badge est public et personne ne l’a demandé.',
    'This badge is public and nobody asked for it.',
    'Cachez-le avec « insigne badge withdraw », prévenez la personne, puis cherchez qui a écrit dans la base.',
    'Hide it with "insigne badge withdraw", tell the person, then find out who wrote into the database.',
  ),
  name_shown_unasked: w(
    'Une page publique montre le nom d’une personne qui ne l’a pas demandé.',
    'A public page shows the name of a person who did not ask for it.',
    'Cachez le badge avec « insigne badge withdraw », prévenez la personne, puis cherchez qui a écrit dans la base.',
    'Hide the badge with "insigne badge withdraw", tell the person, then find out who wrote into the database.',
  ),
  showing_forgotten: w(
    'Ce badge a été montré, et la base ne le sait plus : un retrait ne laisserait pas de trace.',
    'This badge was shown, and the database knows it no more: taking it back would leave no trace.',
    ...investigate,
  ),
  mandate_history_differs: w(
    'Un mandat n’est pas celui que le journal d’audit a vu confier.',
    'A mandate is not the one that the audit chain saw granted.',
    ...investigate,
  ),
  correction_history_differs: w(
    'Une correction du registre n’est pas celle que dit le journal d’audit, ou n’est plus là.',
    'A correction of the register is not the one that the audit chain tells, or is no longer there.',
    ...investigate,
  ),
  achievement_differs: w(
    'Une édition d’un badge manque, ou n’est plus telle qu’elle a été importée, ou que la disent les badges signés.',
    'An edition of a badge is gone, or is no longer as it was imported, or as signed badges tell it.',
    ...investigate,
  ),
  organisation_differs: w(
    'Une structure ne se présente pas comme dans ses badges signés, et le journal d’audit ne dit pas qu’elle a changé.',
    'An organisation does not show itself as in signed badges, and the audit chain does not tell that it changed.',
    ...investigate,
  ),
  key_history_differs: w(
    'Une clé de signature n’a pas l’état que dit le journal d’audit.',
    'A signing key does not have the state that the audit chain tells.',
    ...investigate,
  ),
  key_altered: w(
    'Une clé publique n’est pas celle que l’archive a gardée.',
    'A public key is not the one that the archive kept.',
    ...investigate,
  ),
} as const satisfies Record<string, FaultWords>;
