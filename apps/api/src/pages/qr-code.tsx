import type { VNode } from 'preact';
import { create } from 'qrcode';

/** Modules of white around the code that readers need (ISO/IEC 18004, quiet zone). */
const quietZone = 4;

/** An address as a QR code, black on white whatever the scheme; the address itself must stand beside it in letters. */
export function QrCode({ text }: { text: string }): VNode {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const side = modules.size + 2 * quietZone;
  let path = '';
  for (let row = 0; row < modules.size; row += 1)
    for (let column = 0; column < modules.size; column += 1) {
      let length = 0;
      while (column + length < modules.size && modules.get(row, column + length)) length += 1;
      if (length > 0) path += `M${column + quietZone} ${row + quietZone}h${length}v1h-${length}z`;
      column += length;
    }
  return (
    <svg class="qr" viewBox={`0 0 ${side} ${side}`} aria-hidden="true" focusable="false">
      <path fill="#fff" d={`M0 0h${side}v${side}h-${side}z`} />
      <path fill="#000" d={path} />
    </svg>
  );
}
