import type { ComponentChildren, VNode } from 'preact';
import { scopeTexts } from '#people';
import type { Language } from '#platform';
import { Section } from '../pages/parts.js';
import type { ApiDescription } from './api-description.js';
import { curlExample, tokenExample } from './curl-example.js';
import { type DocsWords, docsTexts, docsTitle } from './docs-texts.js';
import { errorsOf, parametersOf, type RouteDescription, schemaOf } from './route.js';
import { shortSchema } from './short-schema.js';

export { docsTitle };

interface Frame {
  words: DocsWords;
  language: Language;
}

const Code = ({ children }: { children: string }): VNode => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a long line scrolls sideways, the keyboard must reach it
  <pre class="api-code" tabIndex={0}>
    <code>{children}</code>
  </pre>
);

const Table = ({ head, rows }: { head: string[]; rows: ComponentChildren[][] }): VNode => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls sideways, the keyboard must reach it
  <div class="api-scroll" tabIndex={0}>
    <table>
      <thead>
        <tr>
          {head.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells, row) => (
          <tr key={row}>
            {cells.map((cell, at) => (
              <td key={head[at]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const English = ({ children, language }: { children: ComponentChildren; language: Language }): VNode => (
  <span lang={language === 'en' ? undefined : 'en'}>{children}</span>
);

function typeOf(schema: Record<string, unknown>): string {
  const { type, format, minimum, maximum } = schema;
  const range = minimum === undefined && maximum === undefined ? '' : ` ${minimum ?? ''}…${maximum ?? ''}`;
  const values = Array.isArray(schema.enum) ? ` (${schema.enum.join(', ')})` : '';
  return `${[type].flat().filter(Boolean).join(' | ')}${format ? ` ${format}` : ''}${range}${values}`;
}

function Parameters({ route, words, language }: Frame & { route: RouteDescription }): VNode | null {
  const query = (route.query ? schemaOf(route.query) : {}) as {
    properties?: Record<string, Record<string, unknown>>;
    required?: string[];
  };
  const rows: ComponentChildren[][] = [
    ...parametersOf(route.path).map((name) => [
      <code>{name}</code>,
      `${words.inPath}, ${words.required}`,
      <English language={language}>{route.params?.[name]}</English>,
    ]),
    ...Object.entries(query.properties ?? {}).map(([name, schema]) => [
      <code>{name}</code>,
      `${words.inQuery}${query.required?.includes(name) ? `, ${words.required}` : ''}`,
      <English language={language}>
        {[schema.description, typeOf(schema)].filter(Boolean).map(String).join(' ')}
      </English>,
    ]),
  ];
  if (rows.length === 0) return null;
  return (
    <>
      <h4>{words.parameters}</h4>
      <Table head={[words.name, words.place, words.description]} rows={rows} />
    </>
  );
}

const Schema = ({ schema, label }: { schema: object; label: string }): VNode => (
  <details>
    <summary>{label}</summary>
    <Code>{shortSchema(schema)}</Code>
  </details>
);

function Answers({ route, words, language }: Frame & { route: RouteDescription }): VNode {
  return (
    <>
      {Object.entries(route.responses).map(([status, answer]) => (
        <div key={status}>
          <h4>
            {words.answer} {status}
          </h4>
          <p>
            <English language={language}>{answer.description}</English>{' '}
            {answer.schema && <code>{answer.mediaType ?? 'application/json'}</code>}
          </p>
          {answer.example !== undefined && <Code>{JSON.stringify(answer.example, null, 2)}</Code>}
          {answer.schema && <Schema schema={schemaOf(answer.schema)} label={words.schema} />}
        </div>
      ))}
    </>
  );
}

function Operation({
  route,
  description,
  words,
  language,
}: Frame & { route: RouteDescription; description: ApiDescription }): VNode {
  const access = route.scopes === 'everybody' ? words.everybody : route.scopes.join(' ') || words.anyClient;
  return (
    <article class="api-operation" id={route.operationId}>
      <h3 class="api-address">
        <span class="api-method">{route.method}</span> <code>{route.path}</code>
      </h3>
      <p class="lead">
        <English language={language}>{route.summary}</English>
      </p>
      {route.description && (
        <p>
          <English language={language}>{route.description}</English>
        </p>
      )}
      <p class="quiet">
        {words.access}
        {language === 'fr' ? '\u00a0: ' : ': '}
        {access}
      </p>
      <Code>{curlExample(route, description)}</Code>
      <Parameters route={route} words={words} language={language} />
      {route.body && (
        <>
          <h4>{words.body}</h4>
          <p>
            <code>{route.body.mediaType ?? 'application/json'}</code>{' '}
            <English language={language}>{route.body.description}</English>
          </p>
          <Schema schema={schemaOf(route.body.schema)} label={words.schema} />
          {route.body.others?.map(({ mediaType, schema }) => (
            <>
              <p>
                <code>{mediaType}</code>
              </p>
              <Schema schema={schemaOf(schema)} label={words.schema} />
            </>
          ))}
        </>
      )}
      <Answers route={route} words={words} language={language} />
      <details>
        <summary>{words.errors}</summary>
        <Table
          head={[words.status, words.code]}
          rows={errorsOf(route).map((code) => [description.statusOf(code), <code>{code}</code>])}
        />
      </details>
    </article>
  );
}

const problemExample = {
  type: 'about:blank',
  title: 'Invalid input',
  status: 400,
  code: 'invalid_input',
  detail: 'The request is not valid: /criteria must not have fewer than 1 items',
  instance: 'urn:uuid:0199c0de-0000-7000-8000-000000000000',
  faults: [{ path: '/criteria', message: 'must not have fewer than 1 items' }],
};

/** The API for people: every operation with its parameters, schemas, errors and a command to try it. */
export function DocsPage({
  description,
  language,
}: {
  description: ApiDescription;
  language: Language;
}): VNode {
  const words = docsTexts[language];
  const tags = [...new Set(description.routes.map((route) => route.tag))];
  return (
    <>
      <link rel="stylesheet" href="/api/docs/style.css" />
      <header class="page-head">
        <h1>{words.title}</h1>
        <p class="lead">{words.lead}</p>
        {words.english && <p class="quiet">{words.english}</p>}
        <p>
          <a class="action" href="/api/v1/openapi.json">
            {words.machine}
          </a>
        </p>
      </header>
      <Section title={words.start}>
        <p>{words.startText}</p>
        <Code>{tokenExample(description.origin)}</Code>
      </Section>
      <Section title={words.scopes}>
        <Table
          head={[words.scope, words.meaning]}
          rows={Object.entries(scopeTexts).map(([scope, text]) => [<code>{scope}</code>, text[language]])}
        />
      </Section>
      <Section title={words.repeat}>
        <p>{words.repeatText}</p>
      </Section>
      <Section title={words.lists}>
        <p>{words.listsText}</p>
      </Section>
      <Section title={words.errors}>
        <p>{words.errorsText}</p>
        <Code>{JSON.stringify(problemExample, null, 2)}</Code>
      </Section>
      <Section title={words.operations}>
        <ul class="api-index">
          {description.routes.map((route) => (
            <li key={route.operationId}>
              <a href={`#${route.operationId}`}>
                <span class="api-method">{route.method}</span>{' '}
                <code>{route.path.replace('/api/v1', '')}</code>
              </a>
            </li>
          ))}
        </ul>
      </Section>
      {tags.map((tag) => (
        <Section key={tag} title={<English language={language}>{tag}</English>}>
          {description.routes
            .filter((route) => route.tag === tag)
            .map((route) => (
              <Operation
                key={route.operationId}
                route={route}
                description={description}
                words={words}
                language={language}
              />
            ))}
        </Section>
      ))}
    </>
  );
}
