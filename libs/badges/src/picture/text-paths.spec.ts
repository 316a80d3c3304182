import fc from 'fast-check';
import { inLines, settableText, textPaths, widthOf } from './text-paths.js';

describe('text set as paths', () => {
  it.each([
    ["La prise en main de l'ordinateur", 'La prise en main de l’ordinateur'],
    ['  CV\u202f:  Łukasz\n', 'CV\u00a0: Łukasz'],
    ['Nguyễn', 'Nguyên'],
    ['Bravo 🎉', 'Bravo'],
    ['أمينة الطاهري', ''],
    ['Atelier أمينة الطاهري', ''],
    ['🎉', ''],
    ['', ''],
  ])('keeps what Latin letters can say of %j: %j', (text, expected) => {
    expect(settableText(text, 'bold')).toBe(expected);
  });

  it('draws one path a letter, at its place and size', () => {
    const svg = textPaths('Aé', 10, 20, 50, 'bold');
    expect(svg).toMatch(/^<g transform="translate\(10 20\) scale\(0\.5\)"><path .*<\/g>$/);
    expect(svg.match(/<path /g)).toHaveLength(2);
    expect(svg).toContain(`translate(${widthOf('A', 100, 'bold').toFixed(1)} 0)`);
  });

  it('never sets a line wider than asked, nor more lines, whatever the text', () => {
    const given = { sizes: [72, 44], maxWidth: 592, maxLines: 4, weight: 'bold' as const };
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const set = settableText(text, 'bold');
        fc.pre(set !== '');
        const { size, lines } = inLines(set, given);
        expect(lines.length).toBeLessThanOrEqual(4);
        for (const line of lines) expect(widthOf(line, size, 'bold')).toBeLessThanOrEqual(592);
        const whole = set.replaceAll(' ', '');
        const shown = lines.join('').replaceAll(' ', '');
        expect(shown === whole || (shown.endsWith('…') && whole.startsWith(shown.slice(0, -1)))).toBe(true);
      }),
    );
  });

  it('takes the largest size in which the text fits', () => {
    const given = { sizes: [72, 56, 44], maxWidth: 592, maxLines: 2, weight: 'bold' as const };
    expect(inLines('Mon CV', given)).toEqual({ size: 72, lines: ['Mon CV'] });
    expect(inLines('Communiquer et échanger sur Internet', given).size).toBeLessThan(72);
  });

  it('breaks a word that no line holds, and cuts what is too much with an ellipsis', () => {
    const given = { sizes: [72, 44], maxWidth: 592, maxLines: 2, weight: 'bold' as const };
    const { size, lines } = inLines('a'.repeat(200), given);
    expect([size, lines.length]).toEqual([44, 2]);
    expect(lines[1]).toMatch(/a…$/);
  });
});
