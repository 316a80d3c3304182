/** What the operators' pages need beside the pages' own stylesheet, with its tokens. */
export const operationsStylesheet = `
.ops-figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 8rem), 1fr)); gap: 12px; padding-block: 24px; }
.ops-figures > div { padding: 14px 16px; background: var(--sheet); border: 1px solid var(--line); border-radius: var(--corner); }
.ops-figures dt { color: var(--quiet); font-size: var(--text-small); }
.ops-figures dd { font-size: var(--text-title); font-weight: 700; line-height: 1.25; font-variant-numeric: tabular-nums; }
.ops-figures dd small { display: block; color: var(--quiet); font-size: var(--text-small); font-weight: 400; }
.ops-state { display: flex; gap: 12px; align-items: flex-start; margin-block-start: 16px; font-size: var(--text-large); line-height: 1.4; }
.ops-state .icon { margin-block-start: 0.1em; inline-size: 1.4em; block-size: 1.4em; }
.ops-good .icon { color: var(--good); }
.ops-busy .icon { color: var(--accent); }
.ops-attention .icon, .ops-attention strong { color: var(--bad); }
.ops-good strong, .ops-busy strong { font-weight: 400; }
.ops-remedy { display: block; margin-block-start: 4px; font-size: 1rem; line-height: 1.5; }
.ops-controls { display: flex; flex-wrap: wrap; align-items: center; gap: 0 24px; margin-block-start: 12px; }
.ops-controls form { display: contents; }
.ops-link { min-block-size: var(--target); padding: 0; border: 0; background: none; color: var(--accent); font: inherit; text-decoration: underline; text-underline-offset: 0.18em; cursor: pointer; }
.ops-letters > li { max-inline-size: none; padding: 16px 20px; background: var(--sheet); border: 1px solid var(--line); border-radius: var(--corner); }
.ops-letters > li + li { margin-block-start: 12px; }
.ops-letters h3 { margin: 0; }
.section .ops-letters h3 + * { margin-block-start: 4px; }
.ops-letters .facts { margin-block-start: 12px; }
.ops-letters .ops-final { margin-block-start: 16px; }
.ops-whole { white-space: nowrap; }
.ops-actions { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 24px; margin-block-start: 12px; }
.ops-actions .button, .ops-all .button { margin-block-start: 0; border: 0; font: inherit; font-weight: 700; cursor: pointer; }
.ops-letters details > summary { display: inline-flex; align-items: center; min-block-size: var(--target); color: var(--accent); cursor: pointer; }
.ops-each > li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0 16px; max-inline-size: none; padding-block: 2px; border-block-start: 1px solid var(--line); }
.ops-letters code { overflow-wrap: break-word; word-break: normal; hyphens: none; }
.ops-each code { overflow-wrap: anywhere; }
.ops-table { inline-size: 100%; border-collapse: collapse; }
.ops-table th, .ops-table td { padding: 10px 16px 10px 0; border-block-end: 1px solid var(--line); text-align: start; vertical-align: top; font-weight: 400; overflow-wrap: anywhere; }
.ops-table thead th { color: var(--quiet); font-size: var(--text-small); }
.ops-table .ops-number { padding-inline-end: 0; text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
.ops-hours svg { display: block; inline-size: 100%; block-size: 140px; }
.ops-hours rect { fill: var(--accent); }
.ops-axis { stroke: var(--line); stroke-width: 2; vector-effect: non-scaling-stroke; }
.ops-clock { display: flex; justify-content: space-between; padding-block-start: 6px; color: var(--quiet); font-size: var(--text-small); }
.ops-workers > li { max-inline-size: none; padding-block: 10px; border-block-end: 1px solid var(--line); }
.ops-workers > li:first-child { padding-block-start: 0; }
.ops-dot { display: inline-block; inline-size: 10px; block-size: 10px; margin-inline-end: 8px; border: 2px solid var(--quiet); border-radius: 50%; }
.ops-dot-alive { border-color: var(--good); background: var(--good); }
.ops-command { display: block; overflow-x: auto; margin-block: 12px; padding: 12px 16px; background: var(--tint); border-radius: var(--corner); }
.ops-enter .button { border: 0; font: inherit; font-weight: 700; cursor: pointer; }
@media print {
.ops-controls a, .ops-controls form, .ops-actions, .ops-all, .ops-each form, .ops-letters summary { display: none; }
.ops-letters > li, .ops-workers > li, .ops-figures > div { break-inside: avoid; }
}
@media (min-width: 46rem) { .ops-figures { padding-block: 32px 8px; } }
`;
