import type { Text } from '#platform';
import { anyMessages } from './messages-any.js';
import { aroundMessages } from './messages-around.js';
import { ob2Messages } from './messages-ob2.js';
import { presentedMessages } from './messages-presented.js';
import { resultMessages } from './messages-results.js';

const text = (fr: string, en: string): Text => ({ fr, en });

/** What every code means, for people. The codes are stable: other programs read them. */
export const messages = {
  // parse
  read: text('Le document se lit.', 'The document can be read.'),
  too_large: text(
    'Le document est plus grand que ce que ce programme lit (1 Mo) : rien n’en est dit.',
    'The document is larger than what this program reads (1 MB): nothing is said of it.',
  ),
  too_deep: text(
    'Le document est imbriqué plus profondément que ce que ce programme lit : rien n’en est dit.',
    'The document is nested more deeply than what this program reads: nothing is said of it.',
  ),
  duplicate_key: text('Un même nom y est écrit deux fois.', 'The same name is written twice in it.'),
  forbidden_key: text('Il contient un nom interdit.', 'It contains a forbidden name.'),
  not_json: text('Ce n’est pas du JSON correct.', 'This is not correct JSON.'),
  not_a_credential: text(
    'Ce n’est ni un badge en JSON, ni un badge signé en JWT.',
    'This is neither a JSON nor a JWT badge.',
  ),
  jwt_malformed: text('Le JWT est mal formé.', 'The JWT is malformed.'),
  // context
  contexts_known: text(
    'Chaque mot du badge a un sens connu.',
    'Every word of the badge has a known meaning.',
  ),
  context_unknown: text(
    'Il utilise un vocabulaire que ce programme ne connaît pas.',
    'It uses a vocabulary this program does not know.',
  ),
  context_inline: text(
    'Il redéfinit lui-même le sens de ses mots.',
    'It redefines the meaning of its own words.',
  ),
  context_order: text(
    'Ses vocabulaires ne sont pas ceux d’un Open Badge 3.0.',
    'Its vocabularies are not those of an Open Badge 3.0.',
  ),
  jsonld_unsafe: text(
    'Il contient quelque chose que la signature ne pourrait pas couvrir.',
    'It contains something a signature could not cover.',
  ),
  // schema
  schema_followed: text('Sa forme suit le standard (1EdTech).', 'Its form follows the standard (1EdTech).'),
  schema_broken: text(
    'Sa forme ne suit pas le standard (1EdTech).',
    'Its form does not follow the standard (1EdTech).',
  ),
  type_unknown: text(
    'Ce n’est ni un Open Badge 3.0, ni une recommandation, ni un relevé de badges.',
    'This is neither an Open Badge 3.0, nor an endorsement, nor a record of badges.',
  ),
  // links
  links_sound: text(
    'Ses résultats renvoient bien à ce qui est décrit.',
    'Its results refer to what is described.',
  ),
  subject_unidentified: text('Il ne dit pas à qui il est remis.', 'It does not say whom it was given to.'),
  ...resultMessages,
  // issuer
  issuer_key_found: text('La clé appartient bien à l’émetteur.', 'The key belongs to the issuer.'),
  issuer_missing: text('Il ne dit pas qui l’a émis.', 'It does not say who issued it.'),
  issuer_unreachable: text(
    'Le document d’identité de l’émetteur n’a pas pu être consulté.',
    'The issuer’s identity document could not be consulted.',
  ),
  issuer_document_unusable: text(
    'Le document d’identité de l’émetteur est inutilisable.',
    'The issuer’s identity document is unusable.',
  ),
  issuer_method_not_supported: text(
    'Ce programme ne sait pas vérifier ce genre d’identité d’émetteur.',
    'This program cannot check this kind of issuer identity.',
  ),
  key_not_bound: text(
    'Rien ne montre que la clé appartient à l’émetteur.',
    'Nothing shows that the key belongs to the issuer.',
  ),
  key_of_another_issuer: text(
    'La clé appartient à quelqu’un d’autre que l’émetteur.',
    'The key belongs to somebody other than the issuer.',
  ),
  key_not_listed: text('L’émetteur ne connaît pas cette clé.', 'The issuer does not know this key.'),
  key_not_for_assertion: text(
    'L’émetteur ne permet pas (ou plus) à cette clé de signer des badges.',
    'The issuer does not let this key sign badges (any more).',
  ),
  key_compromised: text(
    'La clé qui a signé a été volée : après ce vol, sa signature ne prouve plus rien.',
    'The key that signed was stolen: since then its signature proves nothing.',
  ),
  issuer_key_compromised_later: text(
    'La clé a été volée plus tard ; le registre de l’émetteur confirme que ce badge a été signé avant.',
    'The key was stolen later; the issuer’s register confirms that this badge was signed before.',
  ),
  key_compromised_undated: text(
    'La clé a été volée, et rien ne prouve que ce badge a été signé avant.',
    'The key was stolen, and nothing proves that this badge was signed before.',
  ),
  not_in_register: text(
    'La clé a été volée, et le registre de l’émetteur ne connaît pas cette signature.',
    'The key was stolen, and the issuer’s register does not know this signature.',
  ),
  register_unreachable: text(
    'La clé a été volée, et le registre de l’émetteur n’a pas pu être consulté.',
    'The key was stolen, and the issuer’s register could not be consulted.',
  ),
  key_unusable: text('La clé de l’émetteur est inutilisable.', 'The issuer’s key is unusable.'),
  key_unreachable: text(
    'La clé de l’émetteur n’a pas pu être consultée.',
    'The issuer’s key could not be consulted.',
  ),
  // proof
  signature_fits: text(
    'La signature correspond : rien n’a été changé depuis.',
    'The signature fits: nothing was changed since.',
  ),
  signature_wrong: text(
    'La signature ne correspond pas : le contenu a été changé, ou ce n’est pas sa signature.',
    'The signature does not fit: the content was changed, or it is not its signature.',
  ),
  key_not_available: text(
    'Sans la clé de l’émetteur, la signature ne peut pas être vérifiée.',
    'Without the issuer’s key the signature cannot be checked.',
  ),
  proof_missing: text('Il n’est pas signé.', 'It is not signed.'),
  proof_malformed: text('Sa signature est mal formée.', 'Its signature is malformed.'),
  proof_purpose_wrong: text(
    'La signature a été faite dans un autre but.',
    'The signature was made for another purpose.',
  ),
  proof_base: text(
    'C’est l’original destiné à son titulaire : il doit en tirer une copie à montrer.',
    'This is the original meant for its holder, who has to make a copy of it to be shown.',
  ),
  proof_in_future: text('La signature est datée du futur.', 'The signature is dated in the future.'),
  proof_expired: text('La signature n’est plus valable.', 'The signature is no longer valid.'),
  proof_too_many: text('Il porte trop de signatures.', 'It carries too many signatures.'),
  cryptosuite_not_supported: text(
    'Ce programme ne sait pas vérifier ce genre de signature.',
    'This program cannot check this kind of signature.',
  ),
  jwt_algorithm_refused: text(
    'Le JWT n’a pas de signature digne de confiance.',
    'The JWT has no signature that can be trusted.',
  ),
  jwt_algorithm_not_supported: text(
    'Ce programme ne sait pas vérifier cet algorithme.',
    'This program cannot check this algorithm.',
  ),
  jwt_header_refused: text(
    'L’en-tête du JWT contient ce qu’un badge ne doit pas contenir.',
    'The JWT’s header holds what a badge must not hold.',
  ),
  jwt_claims_differ: text(
    'Le JWT contredit le badge qu’il contient.',
    'The JWT contradicts the badge inside it.',
  ),
  // dates
  dates_valid: text('Il est valable aujourd’hui.', 'It is valid today.'),
  expired: text('Sa durée de validité est passée.', 'Its period of validity is over.'),
  not_yet_valid: text('Il n’est pas encore valable.', 'It is not valid yet.'),
  dates_malformed: text('Ses dates ne sont pas correctes.', 'Its dates are not correct.'),
  // status
  status_active: text('L’émetteur ne l’a pas retiré.', 'The issuer has not withdrawn it.'),
  status_none: text(
    'L’émetteur n’a prévu aucun retrait pour ce badge.',
    'The issuer provides no withdrawal for this badge.',
  ),
  revoked: text('L’émetteur l’a retiré.', 'The issuer has withdrawn it.'),
  suspended: text(
    'L’émetteur l’a suspendu : il ne compte pas pour le moment.',
    'The issuer has suspended it: it does not count for now.',
  ),
  withdrawn_or_suspended: text(
    'L’émetteur l’a retiré ou suspendu ; lequel des deux n’a pas pu être lu.',
    'The issuer has withdrawn or suspended it; which of the two could not be read.',
  ),
  status_changing: text(
    'L’émetteur vient de lever une suspension ; sa liste signée ne le dit pas encore.',
    'The issuer has just lifted a suspension; its signed list does not tell it yet.',
  ),
  status_type_not_supported: text(
    'Ce programme ne sait pas vérifier ce genre de retrait.',
    'This program cannot check this kind of withdrawal.',
  ),
  status_entry_malformed: text(
    'Son renvoi à la liste de retrait est mal formé.',
    'Its reference to the withdrawal list is malformed.',
  ),
  status_retrieval_error: text(
    'La liste de retrait n’a pas pu être consultée.',
    'The withdrawal list could not be consulted.',
  ),
  status_verification_error: text(
    'La liste de retrait n’est pas celle de l’émetteur, ou sa signature ne correspond pas.',
    'The withdrawal list is not the issuer’s, or its signature does not fit.',
  ),
  status_list_stale: text('La liste de retrait est périmée.', 'The withdrawal list is out of date.'),
  status_list_length_error: text('La liste de retrait est trop courte.', 'The withdrawal list is too short.'),
  range_error: text(
    'La liste de retrait ne contient pas ce badge.',
    'The withdrawal list does not hold this badge.',
  ),
  malformed_value_error: text('La liste de retrait est illisible.', 'The withdrawal list is unreadable.'),
  ...ob2Messages,
  ...aroundMessages,
  ...anyMessages,
  ...presentedMessages,
  // resources
  resources_none: text('Il ne renvoie à aucun autre document.', 'It refers to no other document.'),
  resources_unchanged: text(
    'Les documents auxquels il renvoie sont inchangés.',
    'The documents it refers to are unchanged.',
  ),
  resources_too_many: text(
    'Il renvoie à trop de documents pour les vérifier.',
    'It refers to more documents than are checked.',
  ),
  resource_changed: text(
    'Un document auquel il renvoie n’est plus celui qui a été signé.',
    'A document it refers to is no longer the one that was signed.',
  ),
  resource_unreachable: text(
    'Un document auquel il renvoie n’a pas pu être consulté.',
    'A document it refers to could not be consulted.',
  ),
  digest_unknown: text(
    'L’empreinte d’un document auquel il renvoie n’a pas pu être comparée.',
    'The digest of a document it refers to could not be compared.',
  ),
} satisfies Record<string, Text>;

export type MessageCode = keyof typeof messages;
