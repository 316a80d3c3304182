/** One measured number. `ratio` compares it with the value named `to` of the same run. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  ratio?: number;
  to?: string;
}

export const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/** Three digits that count, without an exponent. */
export const rounded = (value: number): number => {
  if (value === 0 || !Number.isFinite(value)) return value;
  const step = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 2);
  return step >= 1 ? Math.round(value) : Number((Math.round(value / step) * step).toPrecision(3));
};

/** The figures as lines of text: name, value with unit, ratio. */
export function table(figures: Figure[]): string {
  const widest = Math.max(...figures.map(({ name }) => name.length));
  return figures
    .map(({ name, value, unit, ratio, to }) => {
      const number = rounded(value).toLocaleString('en-GB', { maximumFractionDigits: 4 });
      const comparison = ratio === undefined ? '' : `  ${rounded(ratio)} × ${to}`;
      return `  ${name.padEnd(widest)}  ${number.padStart(9)} ${unit.padEnd(14)}${comparison}`.trimEnd();
    })
    .join('\n');
}

/** Milliseconds that work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
