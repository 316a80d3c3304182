/** What the page of the API needs beside the pages' own stylesheet, with its tokens. */
export const docsStylesheet = `
.api-index { columns: 20rem; padding: 0; list-style: none; }
.api-index li { break-inside: avoid; }
.api-index a { display: inline-flex; gap: 10px; align-items: center; min-block-size: var(--target); text-decoration: none; }
.api-operation { padding-block: 20px; border-block-end: 1px solid var(--line); scroll-margin-block-start: 12px; }
.api-address { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; font-size: var(--text-large); }
.api-address code { font-weight: 700; }
.api-method { min-inline-size: 4.2em; padding: 1px 8px; border-radius: var(--corner); background: var(--accent); color: var(--on-accent); font: 700 0.8rem/1.7 ui-monospace, monospace; text-align: center; }
.api-scroll { overflow-x: auto; }
.api-scroll table { border-collapse: collapse; min-inline-size: min(100%, 30rem); font-size: var(--text-small); }
.api-scroll th, .api-scroll td { padding: 6px 16px 6px 0; border-block-end: 1px solid var(--line); text-align: start; vertical-align: top; }
.api-scroll code { overflow-wrap: normal; white-space: nowrap; }
.api-operation:last-child { border-block-end: 0; }
.api-code { overflow-x: auto; padding: 12px 16px; background: var(--tint); border-radius: var(--corner); font: 0.8rem/1.55 ui-monospace, 'DejaVu Sans Mono', Menlo, monospace; white-space: pre; tab-size: 2; }
.api-operation details > summary { min-block-size: var(--target); padding-block: 10px; cursor: pointer; }
@media print { .api-operation details > * { display: block; } }
`;
