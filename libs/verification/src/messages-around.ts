import type { Text } from '#platform';

const text = (fr: string, en: string): Text => ({ fr, en });

/** What is asked around a badge: who issued it, whose it is, whether a newer one exists, who endorses it. */
export const aroundMessages = {
  // parse, of pictures
  not_a_picture: text(
    'Ce n’est ni une image PNG ni une image SVG.',
    'This is neither a PNG nor an SVG picture.',
  ),
  nothing_baked: text('L’image ne contient pas de badge.', 'The picture holds no badge.'),
  baked_twice: text('L’image contient plusieurs badges.', 'The picture holds several badges.'),
  picture_broken: text('L’image est abîmée.', 'The picture is damaged.'),
  picture_too_large: text('L’image est trop grande.', 'The picture is too large.'),
  address_unreachable: text(
    'L’adresse que contient l’image n’a pas pu être consultée.',
    'The address inside the picture could not be consulted.',
  ),
  // issuer, from memory
  issuer_key_seen_before: text(
    'La clé appartient bien à l’émetteur ; son document ne répond pas, la copie vue récemment a servi.',
    'The key belongs to the issuer; its document does not answer, the copy seen recently was used.',
  ),
  // proof, beside what counts
  signature_fits_beside_others: text(
    'La signature de l’émetteur correspond ; celle d’un autre, à côté, ne compte pas.',
    'The issuer’s signature fits; that of somebody else beside it does not count.',
  ),
  signature_fits_proof_inside: text(
    'La signature du JWT correspond ; celle écrite dedans n’a pas été vérifiée.',
    'The signature of the JWT fits; the one written inside was not checked.',
  ),
  // what its holder chose to show
  not_shown: text(
    'La personne n’en montre pas assez pour le vérifier.',
    'The holder does not show enough of it to check it.',
  ),
  dates_end_not_shown: text(
    'Il a commencé à être valable ; sa fin, s’il en a une, n’est pas montrée.',
    'It has begun to be valid; its end, if it has one, is not shown.',
  ),
  status_withheld: text(
    'La personne ne montre pas si l’émetteur a pu le retirer.',
    'The holder does not show whether the issuer could withdraw it.',
  ),
  // status, beside withdrawal
  status_message: text(
    'L’émetteur ne l’a pas retiré ; sa liste porte un message.',
    'The issuer has not withdrawn it; its list holds a message.',
  ),
  status_newer: text(
    'L’émetteur ne l’a pas retiré ; une version plus récente existe.',
    'The issuer has not withdrawn it; a newer version exists.',
  ),
  // identity
  identity_registered: text(
    'L’émetteur est une structure connue de ce service.',
    'The issuer is an organisation known to this service.',
  ),
  identity_domain: text(
    'Il vient de ce nom de domaine ; le nom de structure écrit dans le badge n’est pas vérifié.',
    'It comes from this domain; the organisation’s name written in the badge is not checked.',
  ),
  identity_bare_key: text(
    'L’émetteur n’est connu que par sa clé : personne ne sait qui il est.',
    'The issuer is known by its key alone: nobody knows who that is.',
  ),
  identity_unknown: text('Rien ne dit qui est l’émetteur.', 'Nothing says who the issuer is.'),
  // recipient
  recipient_matches: text('Le badge est bien à cette personne.', 'The badge is this person’s.'),
  recipient_other: text(
    'Le badge n’est pas au nom ou à l’adresse donnés, écrits ainsi.',
    'The badge is not under the name or address given, spelt like this.',
  ),
  recipient_not_named: text(
    'Le badge ne porte ni nom ni adresse à comparer.',
    'The badge holds no name or address to compare.',
  ),
  recipient_name_absent: text(
    'L’adresse correspond ; le badge ne porte pas de nom à comparer.',
    'The e-mail matches; the badge holds no name to compare.',
  ),
  recipient_email_absent: text(
    'Le nom correspond ; le badge ne porte pas d’adresse à comparer.',
    'The name matches; the badge holds no e-mail to compare.',
  ),
  recipient_weak_hash: text(
    'Le badge cache la personne d’une façon trop faible pour être sûre.',
    'The badge hides the person in a way too weak to be sure.',
  ),
  // refresh
  refresh_current: text('L’émetteur n’en a pas de plus récent.', 'The issuer has no newer one.'),
  refresh_newer: text(
    'L’émetteur en a un plus récent ; c’est celui-là qui a été vérifié.',
    'The issuer has a newer one; that is the one that was checked.',
  ),
  refresh_unreachable: text(
    'L’émetteur n’a pas pu dire s’il en existe un plus récent.',
    'The issuer could not say whether there is a newer one.',
  ),
  refresh_refused: text(
    'Ce que donne l’adresse de mise à jour n’est pas ce badge ; rien n’en a été repris.',
    'What the refresh address gives is not this badge; nothing of it was taken.',
  ),
  refresh_type_not_supported: text(
    'Ce programme ne connaît pas ce genre de mise à jour.',
    'This program does not know this kind of refreshing.',
  ),
  // endorsements
  endorsements_sound: text('Toutes ses recommandations sont vraies.', 'All its endorsements are genuine.'),
  endorsement_broken: text(
    'Une recommandation qu’il porte est fausse ; le badge n’en dépend pas.',
    'An endorsement it carries is false; the badge does not depend on it.',
  ),
  endorsement_not_standing: text(
    'Une recommandation qu’il porte est passée ou retirée.',
    'An endorsement it carries is over or withdrawn.',
  ),
  endorsement_cannot_check: text(
    'Une recommandation qu’il porte n’a pas pu être vérifiée.',
    'An endorsement it carries could not be checked.',
  ),
  endorsement_of_another: text(
    'Cette recommandation parle d’autre chose que de ce badge.',
    'This endorsement is about something else than this badge.',
  ),
  endorsements_too_many: text(
    'Il porte plus de recommandations que ce programme n’en vérifie.',
    'It carries more endorsements than this program checks.',
  ),
  // badges inside a record or a presentation
  inside_sound: text(
    'Chaque badge à l’intérieur est authentique par lui-même.',
    'Each badge inside is authentic by itself.',
  ),
  inside_withdrawn: text(
    'Un badge à l’intérieur a été retiré ou suspendu par son émetteur.',
    'A badge inside was withdrawn or suspended by its issuer.',
  ),
  inside_expired: text('Un badge à l’intérieur est passé.', 'A badge inside is over.'),
  inside_broken: text('Un badge à l’intérieur est faux.', 'A badge inside is false.'),
  inside_cannot_check: text(
    'Un badge à l’intérieur n’a pas pu être vérifié.',
    'A badge inside could not be checked.',
  ),
  inside_too_many: text(
    'Il contient plus de badges que ce programme n’en vérifie.',
    'It holds more badges than this program checks.',
  ),
  inside_too_deep: text(
    'C’est lui-même un relevé : ses badges n’ont pas été vérifiés.',
    'It is a record itself: its badges were not checked.',
  ),
} satisfies Record<string, Text>;

/** What no verification of a badge can show (the report's `notProven`), and what was left aside (`notChecked`). */
export const limitTexts = {
  holder: text(
    'Que la personne qui montre le badge est celle à qui il a été remis.',
    'That the person who shows the badge is the one it was given to.',
  ),
  stillAble: text(
    'Que la personne sait encore faire aujourd’hui ce que dit le badge.',
    'That the person can still do today what the badge says.',
  ),
  quality: text('Que l’évaluation a été bien faite.', 'That the assessment was done well.'),
  recipient: text(
    'À qui est le badge : aucun nom ni adresse n’a été donné à comparer.',
    'Whose badge it is: no name or address was given to compare.',
  ),
  evidence: text(
    'Les preuves et les pages vers lesquelles le badge renvoie.',
    'The evidence and the pages the badge refers to.',
  ),
  email: text(
    'Si l’adresse donnée est celle de la personne : le badge n’en porte pas.',
    'Whether the e-mail given is the person’s: the badge holds none.',
  ),
  others: text(
    'Ce que vaut la signature d’un autre que l’émetteur.',
    'What the signature of somebody other than the issuer is worth.',
  ),
  proofInside: text(
    'La signature écrite dans le badge : seule celle du JWT a été vérifiée.',
    'The signature written inside the badge: only that of the JWT was checked.',
  ),
  end: text(
    'Si le badge est déjà expiré : sa date de fin n’est pas montrée.',
    'Whether the badge has expired: its end date is not shown.',
  ),
  result: text(
    'Si chaque résultat atteint ce qui est demandé : tous ne se comparent pas.',
    'Whether each result reaches what is asked for: not all can be compared.',
  ),
  presenter: text(
    'Qui vous montre ces badges : une présentation se copie.',
    'Who shows you these badges: a presentation can be copied.',
  ),
  picture: text('Si l’image montre bien ce badge.', 'Whether the picture shows this badge.'),
  schema: (url: string): Text =>
    text(
      `La forme que décrit ${url}, que ce programme ne connaît pas.`,
      `The form that ${url} describes, which this program does not know.`,
    ),
  extension: (name: string): Text =>
    text(
      `L’extension « ${name} », que ce programme ne connaît pas.`,
      `The extension "${name}", which this program does not know.`,
    ),
};
