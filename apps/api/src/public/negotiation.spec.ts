import { negotiateForm, negotiateLanguage } from './negotiation.js';

const form = (accept?: string) => negotiateForm(accept === undefined ? {} : { accept })?.form;

describe('the form of a badge address', () => {
  it('is a page for a browser', () => {
    expect(form('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8')).toBe('html');
  });
  it('is the credential for a program that takes anything', () => {
    expect(form('*/*')).toBe('json');
    expect(form(undefined)).toBe('json');
  });
  it('is JSON-LD under each of its media types', () => {
    for (const type of [
      'application/ld+json',
      'application/vc+ld+json',
      'application/vc',
      'application/json',
    ])
      expect(negotiateForm({ accept: type })).toEqual({ form: 'json', mediaType: type });
  });
  it('is the JWT when only that is accepted', () => {
    for (const type of ['application/vc+jwt', 'application/jwt', 'text/plain'])
      expect(form(type)).toBe('jwt');
  });
  it('follows the weights of the client', () => {
    expect(form('text/html;q=0.2, application/vc+jwt;q=0.9')).toBe('jwt');
  });
  it('is none when nothing fits', () => {
    expect(form('image/png')).toBeUndefined();
  });
});

describe('the language of a page', () => {
  it('is French for a French browser, an unknown one and a silent one', () => {
    for (const accepted of ['fr-FR,fr;q=0.9,en;q=0.8', 'de', undefined])
      expect(negotiateLanguage({ 'accept-language': accepted })).toBe('fr');
  });
  it('is English for a browser that prefers it', () => {
    expect(negotiateLanguage({ 'accept-language': 'en-GB,en;q=0.9,fr;q=0.5' })).toBe('en');
  });
  it('is what the address asks for before what the browser prefers', () => {
    expect(negotiateLanguage({ 'accept-language': 'en' }, 'fr')).toBe('fr');
    expect(negotiateLanguage({ 'accept-language': 'fr' }, 'en')).toBe('en');
  });
});
