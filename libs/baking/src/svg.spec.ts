import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import { aJws, anSvg, codeThrownBy } from './pictures.spec-support.js';
import { bakeSvg, unbakeSvg } from './svg.js';
import { unbake } from './unbake.js';

const ob2 = 'http://openbadges.org';
const ob3 = 'https://purl.imsglobal.org/ob/v3p0';
const pixels = (svg: string) => new Resvg(svg).render().pixels;
const openbadges = (inside: string, namespace = ob2) => anSvg(inside, ` xmlns:openbadges="${namespace}"`);

const jsonText = fc
  .dictionary(
    fc.string({ unit: 'binary' }),
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(']]>', '<svg>', '&lt;', '\uFFFE', ']]]]>>')),
  )
  .map((value) => JSON.stringify({ id: 'urn:uuid:1', ...value }))
  .filter((text) => text.isWellFormed());

describe('an SVG with a badge in it', () => {
  it('gives any JSON back with the same value, and keeps the rest of the picture', () => {
    const svg = anSvg('<title>]]&gt; &amp; é</title><path d="M0 0h9v9z"/>');
    fc.assert(
      fc.property(jsonText, fc.constantFrom('ob2' as const, 'ob3' as const), (json, version) => {
        const baked = bakeSvg(svg, json, version);
        const [found] = unbakeSvg(baked);
        expect(found!.version).toBe(version);
        expect(JSON.parse(found!.content)).toEqual(JSON.parse(json));
        const [open, close] = [baked.indexOf('<openbadges:'), /<\/openbadges:\w+>/.exec(baked)!];
        const rest = baked.slice(0, open) + baked.slice(close.index + close[0].length);
        expect(rest.replace(/ xmlns:openbadges="[^"]*"/, '')).toBe(svg);
      }),
      { numRuns: 300 },
    );
  });

  it('gives any signature or address back as it was', () => {
    const word = fc.oneof(
      fc.constant(aJws),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.constant('https://a.example/?a="<b>"&c=\'d\'\te'),
    );
    fc.assert(
      fc.property(word, (text) => {
        expect(unbakeSvg(bakeSvg(anSvg(), text, 'ob2'))).toEqual([{ version: 'ob2', content: text }]);
      }),
    );
  });

  it('stands directly after <svg> in the form of the standard', () => {
    expect(bakeSvg(anSvg('<g/>'), aJws, 'ob3')).toBe(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" xmlns:openbadges="${ob3}"><openbadges:credential verify="${aJws}"/><g/></svg>`,
    );
    expect(bakeSvg(anSvg('<g/>'), '{"id":"https://a.example/1"}', 'ob2')).toBe(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" xmlns:openbadges="${ob2}"><openbadges:assertion verify="https://a.example/1"><![CDATA[{"id":"https://a.example/1"}]]></openbadges:assertion><g/></svg>`,
    );
  });

  it('is drawn by another program exactly as before', () => {
    const svg = anSvg();
    const both = bakeSvg(bakeSvg(svg, aJws, 'ob2'), '{"a":"]]>"}', 'ob3');
    expect(pixels(both)).toEqual(pixels(svg));
    expect(pixels(svg).some((value) => value > 0)).toBe(true);
  });

  it('holds one content of each version, the later in place of the earlier', () => {
    const both = bakeSvg(bakeSvg(anSvg(), '{"id":"3"}', 'ob3'), 'https://a.example/1', 'ob2');
    const again = bakeSvg(both, 'https://a.example/2', 'ob2');
    expect(unbakeSvg(again)).toEqual([
      { version: 'ob3', content: '{"id":"3"}' },
      { version: 'ob2', content: 'https://a.example/2' },
    ]);
    expect(bakeSvg(again, 'https://a.example/2', 'ob2')).toBe(again);
  });

  it('can begin as an empty root, with a prolog, a comment and a byte order mark', () => {
    const prolog =
      '\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<!-- a > b -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n';
    const baked = bakeSvg(`${prolog}<s:svg xmlns:s='http://www.w3.org/2000/svg' />`, aJws, 'ob3');
    expect(unbake(Buffer.from(baked))).toEqual({ version: 'ob3', content: aJws });
    expect(baked).toContain('</s:svg>');
  });
});

describe('an SVG that another program baked', () => {
  it.each([
    ['another prefix', anSvg('<ob:assertion verify="x.y.z"/>', ` xmlns:ob="${ob2}"`), 'ob2', 'x.y.z'],
    [
      'a namespace on the element itself',
      anSvg(`<assertion xmlns="${ob2}" verify="x.y.z"/>`),
      'ob2',
      'x.y.z',
    ],
    [
      'single quotes and an entity',
      openbadges("<openbadges:assertion verify='https://a.example/?a&amp;b&#x3d;1'/>"),
      'ob2',
      'https://a.example/?a&b=1',
    ],
    [
      'JSON escaped instead of CDATA',
      openbadges('<openbadges:credential>{&quot;a&quot;:1}</openbadges:credential>', ob3),
      'ob3',
      '{"a":1}',
    ],
    [
      'an address beside the JSON',
      openbadges(
        '<openbadges:assertion verify="https://a.example/1">\n<![CDATA[ {"a":1} ]]>\n</openbadges:assertion>',
      ),
      'ob2',
      '{"a":1}',
    ],
    [
      'CDATA in two pieces',
      openbadges('<openbadges:assertion><![CDATA[{"a":"]]]]><![CDATA[>"}]]></openbadges:assertion>'),
      'ob2',
      '{"a":"]]>"}',
    ],
    [
      'a place deep inside',
      openbadges(`<g><g><openbadges:credential verify="x.y.z"/></g></g>`, `${ob3}/`),
      'ob3',
      'x.y.z',
    ],
  ])('is read from %s', (_, svg, version, content) => {
    expect(unbakeSvg(svg)).toEqual([{ version, content }]);
  });

  it('says nothing for elements of that name in another namespace, in a comment or in a text', () => {
    const svg = anSvg(
      '<x:assertion xmlns:x="https://x.example" verify="x.y.z"/><assertion verify="x.y.z"/><!-- <openbadges:assertion verify="x.y.z"/> --><style><![CDATA[<openbadges:assertion verify="x.y.z"/>]]></style>',
      ` xmlns:openbadges="${ob2}"`,
    );
    expect(codeThrownBy(() => unbakeSvg(svg))).toBe('nothing_baked');
  });

  it('may carry scripts, which stay text', () => {
    const svg = openbadges(`<script>throw new Error('run')</script><openbadges:assertion verify="x.y.z"/>`);
    expect(unbakeSvg(svg)[0]!.content).toBe('x.y.z');
  });
});

describe('a hostile SVG', () => {
  const element = `<openbadges:assertion xmlns:openbadges="${ob2}" verify="x.y.z"/>`;
  it.each([
    [
      'an outside entity',
      `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${openbadges('<openbadges:assertion verify="&x;"/>')}`,
      'picture_broken',
    ],
    [
      'entities that grow',
      `<!DOCTYPE svg [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${anSvg(element)}`,
      'picture_broken',
    ],
    [
      'an outside document type',
      `<!DOCTYPE svg SYSTEM "http://169.254.169.254/x.dtd">${anSvg(element)}`,
      'picture_broken',
    ],
    ['an entity nobody declared', anSvg(`<text>&nbsp;</text>${element}`), 'picture_broken'],
    ['two contents of one version', anSvg(`${element}${element}`), 'baked_twice'],
    [
      'a signature and a document in one',
      anSvg(element.replace('/>', '>{"a":1}</openbadges:assertion>')),
      'baked_twice',
    ],
    ['one attribute twice', anSvg(element.replace('/>', ' verify="a.b.c"/>')), 'picture_broken'],
    ['an element that is not closed', anSvg(`<g>${element}`), 'picture_broken'],
    ['tags that cross', anSvg(`<a><b></a></b>${element}`), 'picture_broken'],
    ['a second root', `${anSvg(element)}${anSvg()}`, 'picture_broken'],
    ['text after the root', `${anSvg(element)}x`, 'picture_broken'],
    ['a forbidden character', anSvg(`${element}<text>\u0001</text>`), 'picture_broken'],
    ['a forbidden character by number', anSvg(`${element}<text>&#1;</text>`), 'picture_broken'],
    ['half a character by number', anSvg(`${element}<text>&#xD800;</text>`), 'picture_broken'],
    ['a prefix of nothing', anSvg(`<openbadges:assertion verify="x.y.z"/>`), 'picture_broken'],
    ['an empty element', anSvg(element.replace(' verify="x.y.z"', '')), 'nothing_baked'],
    ['depth', anSvg(`${'<g>'.repeat(5_000)}${element}${'</g>'.repeat(5_000)}`), 'picture_broken'],
    ['another root', `<html xmlns="http://www.w3.org/1999/xhtml">${element}</html>`, 'not_a_picture'],
    ['a root of no namespace', `<svg>${element}</svg>`, 'not_a_picture'],
    ['no markup', 'a.b.c', 'not_a_picture'],
    ['its size', anSvg(`${element}<!--${' '.repeat(10 * 1024 * 1024)}-->`), 'picture_too_large'],
  ])('is refused for %s', (_, svg, code) => {
    expect(codeThrownBy(() => unbakeSvg(svg))).toBe(code);
    expect(codeThrownBy(() => bakeSvg(svg, aJws, 'ob3'))).toBe(
      ['baked_twice', 'nothing_baked'].includes(code) ? undefined : code,
    );
  });

  it('is refused wherever it is cut off', () => {
    const baked = bakeSvg(anSvg('<g id="a">é</g>'), '{"a":1}', 'ob3');
    for (let length = 5; length < baked.length; length += 1)
      expect(['picture_broken', 'not_a_picture']).toContain(
        codeThrownBy(() => unbakeSvg(baked.slice(0, length))),
      );
  });
});

describe('baking into an SVG', () => {
  it.each(['{"a":', '\u0001', ' '])('refuses a text that would not come back as it was: %j', (text) => {
    expect(codeThrownBy(() => bakeSvg(anSvg(), text, 'ob3'))).toBe('credential_not_bakeable');
  });
});
