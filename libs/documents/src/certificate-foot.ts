import type { Certificate } from './certificate-content.js';
import { column, margin } from './certificate-layout.js';
import { type Element, inks, millimetre, type Ornament, paper } from './pdf/boxes.js';
import { Stack } from './pdf/stack.js';
import { documentTexts, filled } from './texts.js';

const qrSize = 36 * millimetre;

/** The foot of the page: how to check, whatever else the page says. */
export function foot(certificate: Certificate): { top: number; elements: Element[]; ornaments: Ornament[] } {
  const words = documentTexts(certificate.language);
  const left = column.x + qrSize + 16;
  const write = (y: number): Stack => {
    const stack = new Stack(y, { x: left, width: column.x + column.width - left }, 1);
    const heading = stack.text('H2', words.check, { size: 13, weight: 'bold', ink: inks.accent });
    stack.gap(2);
    const how = stack.text('P', words.how, { size: 11 });
    const size =
      certificate.shortAddress.length > 44 ? 11.5 : certificate.shortAddress.length > 34 ? 13.5 : 15.5;
    const address = stack.text('P', certificate.shortAddress, { size, weight: 'bold' });
    stack.gap(3);
    const page = stack.text('P', words.page, { size: 10, ink: inks.quiet });
    const expiry = certificate.expiresOn
      ? [
          stack.text('P', filled(words.expires, { date: certificate.expiresOn }), {
            size: 10.5,
            weight: 'bold',
          }),
        ]
      : [];
    const diploma = certificate.isStateDiploma
      ? []
      : [stack.text('P', words.notDiploma, { size: 10.5, weight: 'bold' })];
    stack.add(heading, how, address, page, ...expiry, ...diploma);
    return stack;
  };
  const height = Math.max(write(0).y, qrSize);
  const top = paper.height - margin.bottom - height;
  const stack = write(top + (height - write(0).y) / 2);
  const figure: Element = {
    role: 'Figure',
    alt: filled(words.qrAlt, { address: certificate.address }),
    box: {
      kind: 'qr',
      x: column.x - 6,
      y: top + (height - qrSize) / 2,
      size: qrSize,
      address: certificate.address,
    },
  };
  return {
    top: top - 14,
    elements: [{ role: 'Sect', children: [...stack.elements, figure] }],
    ornaments: [
      {
        kind: 'line',
        x1: column.x,
        x2: column.x + column.width,
        y1: top - 10,
        y2: top - 10,
        width: 0.8,
        ink: inks.line,
      },
    ],
  };
}
