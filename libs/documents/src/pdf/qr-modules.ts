import { create } from 'qrcode';

/** Modules of white around the code that readers need (ISO/IEC 18004, 6.3.8). */
const quietZone = 4;

/** Dark rectangles of a QR code, in modules from its top left corner. */
export interface QrModules {
  /** Modules a side, with the white margin. */
  side: number;
  bars: { x: number; y: number; length: number }[];
}

/** An address as a QR code for paper: a quarter of it may be stained or folded and it is still read (level Q). */
export function qrModules(address: string): QrModules {
  const { modules } = create(address, { errorCorrectionLevel: 'Q' });
  const bars: QrModules['bars'] = [];
  for (let row = 0; row < modules.size; row += 1)
    for (let column = 0; column < modules.size; column += 1) {
      let length = 0;
      while (column + length < modules.size && modules.get(row, column + length)) length += 1;
      if (length > 0) bars.push({ x: column + quietZone, y: row + quietZone, length });
      column += length;
    }
  return { side: modules.size + 2 * quietZone, bars };
}
