import PDFDocument from 'pdfkit';
import { drawSvg } from './draw-svg.js';

const draw = (svg: string): void =>
  drawSvg(new PDFDocument({ font: '', size: 'A4' }), `<svg viewBox="0 0 400 400">${svg}</svg>`, 0, 0, 100);

describe('drawing a badge picture', () => {
  it('refuses what it does not know, rather than leaving it out', () => {
    for (const unknown of ['<ellipse rx="2" ry="3"/>', '<g transform="rotate(4)"></g>', '<text>a</text>'])
      expect(() => draw(unknown)).toThrow('This drawing of badges knows no');
  });

  it('takes the parts that our pictures are made of', () => {
    expect(() =>
      draw(
        '<title>t</title><clipPath id="a"><path d="M0 0H9V9Z"/></clipPath><g clip-path="url(#a)" fill="none" stroke="#000"><path d="M0 0a4 4 0 0 1 8 8" stroke-dasharray="2 7"/></g><circle cx="1" cy="2" r="3" fill="#fff"/><rect x="1" y="2" width="3" height="4" rx="1"/>',
      ),
    ).not.toThrow();
  });
});
