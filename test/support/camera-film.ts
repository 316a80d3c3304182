import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'qrcode';

const width = 640;
const height = 480;
const dot = 8;

/**
 * A film of a QR code in grey, as a camera would show it: uncompressed YUV4MPEG2, which Chromium plays as its camera.
 * @returns its file, in a new folder under the system's temporary one
 */
export function filmOfCode(text: string): string {
  const { data, size } = create(text, { errorCorrectionLevel: 'M' }).modules;
  const left = Math.floor((width - size * dot) / 2);
  const top = Math.floor((height - size * dot) / 2);
  const grey = Buffer.alloc(width * height, 235);
  for (let at = 0; at < size * size; at += 1) {
    if (!data[at]) continue;
    const from = (top + Math.floor(at / size) * dot) * width + left + (at % size) * dot;
    for (let row = 0; row < dot; row += 1) grey.fill(16, from + row * width, from + row * width + dot);
  }
  const colours = Buffer.alloc((width * height) / 2, 128);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), grey, colours]);
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`);
  const file = join(mkdtempSync(join(tmpdir(), 'insigne-camera-')), 'code.y4m');
  writeFileSync(file, Buffer.concat([head, frame, frame, frame]));
  return file;
}
