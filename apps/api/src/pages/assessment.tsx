import type { VNode } from 'preact';
import { Facts, type InLanguage, Name, When, Words } from './parts.js';
import { type AssessmentView, establishedSteps } from './view-models.js';
import { duration, fill, wording } from './wording.js';

/** Who saw it done, where and when, and how strong the proof is, on a scale of five. */
export function Assessment({
  assessment,
  isPathway,
  language,
}: InLanguage & { assessment?: AssessmentView; isPathway: boolean }): VNode {
  const words = wording(language).assessment;
  if (!assessment) return <p>{isPathway ? words.none : wording(language).skills.none}</p>;
  const { session } = assessment;
  const step = establishedSteps.indexOf(assessment.established) + 1;
  const reached = words.steps[assessment.established];
  return (
    <>
      <Facts
        facts={[
          [
            words.by,
            assessment.assessors.length > 0 && (
              <ul class="plain">
                {assessment.assessors.map((assessor) => (
                  <li key={`${assessor.name}${assessor.structure}${assessor.role.fr ?? assessor.role.en}`}>
                    {fill(assessor.name ? words.byWhomNamed : words.byWhom, {
                      name: assessor.name && <Name>{assessor.name}</Name>,
                      role: <Words text={assessor.role} language={language} />,
                    })}
                    <p class="quiet">
                      {fill(words.mandate, { structure: <Name>{assessor.structure}</Name> })}
                    </p>
                  </li>
                ))}
              </ul>
            ),
          ],
          [words.session, session && <Words text={session.title} language={language} />],
          [
            words.date,
            session && (
              <>
                <When date={session.heldOn} language={language} />
                {session.durationMinutes !== undefined && <>, {duration(session.durationMinutes)}</>}
              </>
            ),
          ],
          [words.place, session?.place && <bdi>{session.place}</bdi>],
        ]}
      />
      <h3>{words.howSure}</h3>
      <p class="reached">
        <strong>{reached.name}.</strong> {reached.gloss}{' '}
        <span class="quiet">
          {fill(words.step, { step: String(step), count: String(establishedSteps.length) })}
        </span>
      </p>
      <ol class="scale" aria-hidden="true">
        {establishedSteps.map((name, index) => (
          <li
            key={name}
            class={index < step ? (index === step - 1 ? 'is-reached is-here' : 'is-reached') : undefined}
          >
            <span>{words.steps[name].name}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
