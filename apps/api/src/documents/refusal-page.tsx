import { type Language, type Text, textIn } from '#platform';
import { renderPage } from '../pages/document.js';
import { PageHead } from '../pages/parts.js';

/** Why there is no document, and what can be done. */
export interface Refusal {
  status: 400 | 409 | 410;
  code: string;
  title: Text;
  text: Text[];
  /** Where to go instead, with the words of the button. */
  href?: string;
  action?: Text;
}

/** A refusal as a page. */
export const renderRefusalPage = ({ title, text, href, action }: Refusal, language: Language): string =>
  renderPage(
    <article>
      <PageHead title={textIn(title, language)}>
        {text.map((line) => (
          <p key={textIn(line, language)} class="lead">
            <bdi>{textIn(line, language)}</bdi>
          </p>
        ))}
        {href && (
          <a class="button" href={href}>
            {textIn(action, language)}
          </a>
        )}
      </PageHead>
    </article>,
    { language, title: textIn(title, language) },
  );
