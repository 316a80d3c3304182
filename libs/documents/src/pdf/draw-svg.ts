type Attributes = Record<string, string>;

const inherited = ['fill', 'stroke', 'stroke-width', 'stroke-linecap', 'stroke-linejoin'] as const;

function attributesOf(source: string): Attributes {
  return Object.fromEntries(
    [...source.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]),
  );
}

function place(document: PDFKit.PDFDocument, transform: string | undefined): void {
  for (const [, name, numbers] of (transform ?? '').matchAll(/(\w+)\(([^)]*)\)/g)) {
    const [a = 0, b] = numbers!.split(/[\s,]+/).map(Number);
    if (name === 'translate') document.translate(a, b ?? 0);
    else if (name === 'scale') document.scale(a, b ?? a);
    else throw new Error(`This drawing of badges knows no ${name}()`);
  }
}

function outline(document: PDFKit.PDFDocument, name: string, own: Attributes): void {
  const number = (key: string): number => Number(own[key] ?? 0);
  if (name === 'path') document.path(own.d!);
  else if (name === 'circle') document.circle(number('cx'), number('cy'), number('r'));
  else document.roundedRect(number('x'), number('y'), number('width'), number('height'), number('rx'));
}

function paint(document: PDFKit.PDFDocument, name: string, own: Attributes): void {
  document.save();
  place(document, own.transform);
  const fill = own.fill ?? '#000';
  const stroke = own.stroke ?? 'none';
  if (stroke !== 'none') {
    document.lineWidth(Number(own['stroke-width'] ?? 1));
    document
      .lineCap((own['stroke-linecap'] ?? 'butt') as 'butt')
      .lineJoin((own['stroke-linejoin'] ?? 'miter') as 'miter');
    const [dash, space] = (own['stroke-dasharray'] ?? '').split(' ').map(Number);
    if (dash) document.dash(dash, { space });
  }
  outline(document, name, own);
  if (fill !== 'none' && stroke !== 'none') document.fillAndStroke(fill, stroke);
  else if (fill !== 'none') document.fill(fill);
  else if (stroke !== 'none') document.stroke(stroke);
  document.restore();
}

/**
 * Draws a badge picture as lines and areas, sharp at any size. It knows the parts of SVG that our own pictures are
 * made of, and throws at any other, so that none is left out in silence.
 */
export function drawSvg(document: PDFKit.PDFDocument, svg: string, x: number, y: number, size: number): void {
  const [, width] = /viewBox="0 0 ([\d.]+) [\d.]+"/.exec(svg) ?? [];
  const clips = new Map<string, string>();
  const open: Attributes[] = [];
  let clipId: string | undefined;
  document
    .save()
    .translate(x, y)
    .scale(size / Number(width), size / Number(width));
  for (const [, end, name, source, alone] of svg.matchAll(/<(\/?)([a-zA-Z]+)([^>]*?)(\/?)>/g)) {
    const attributes = attributesOf(source!);
    const above = open.at(-1) ?? {};
    const own = {
      ...Object.fromEntries(inherited.flatMap((key) => (above[key] ? [[key, above[key]]] : []))),
      ...attributes,
    };
    if (name === 'svg' || name === 'title') continue;
    if (name === 'clipPath') clipId = end ? undefined : attributes.id;
    else if (clipId !== undefined && name === 'path') clips.set(clipId, attributes.d!);
    else if (name === 'g' && end) {
      open.pop();
      document.restore();
    } else if (name === 'g') {
      open.push(own);
      document.save();
      place(document, attributes.transform);
      const clip = /url\(#([^)]+)\)/.exec(attributes['clip-path'] ?? '')?.[1];
      if (clip) document.path(clips.get(clip)!).clip();
    } else if (alone && ['path', 'circle', 'rect'].includes(name!)) paint(document, name!, own);
    else throw new Error(`This drawing of badges knows no <${name}>`);
  }
  document.restore();
}
