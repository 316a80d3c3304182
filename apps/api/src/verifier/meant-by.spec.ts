import { meantBy } from './meant-by.js';

const origin = 'http://localhost:4180';
const id = '6q793ce1e6m7abcdefghjkmnpq';
const page = `${origin}/b/${id}`;
const meant = (typed: string) =>
  meantBy(typed, origin, async (code) => (code === '6q793ce1e6m7' ? id : null));

describe('what somebody means by what they type', () => {
  it.each([
    id,
    id.toUpperCase(),
    '6q79-3ce1-e6m7',
    ' 6Q79 3CEI E6M7 ',
    '6q79–3cel–e6m7',
    'localhost:4180/v/6q79-3ce1-e6m7',
    'LOCALHOST:4180/v/6q79-3ce1-e6m7',
    `${origin}/v/6Q79-3CE1-E6M7`,
    `${origin}/v/6q79%203ce1%20e6m7`,
    `localhost:4180/b/${id}`,
    `Voici mon badge : ${page}.`,
    `Voici mon badge : localhost:4180/v/6q79-3ce1-e6m7, merci`,
    `<${page}>`,
    `${page}\n`,
  ])('is the badge: %j', async (typed) => {
    expect(await meant(typed)).toBe(page);
  });

  it('is the address of a code that leads nowhere, which says so', async () => {
    expect(await meant('6q79-3ce1-e6m8')).toBe(`${origin}/v/6q793ce1e6m8`);
  });

  it.each([
    ['www.example.org/b/1', 'https://www.example.org/b/1'],
    ['badges.example/b/1', 'https://badges.example/b/1'],
    ['eyJh\n bGci.eyJp\r\nZA.c2ln', 'eyJhbGci.eyJpZA.c2ln'],
  ])('is %j without its accidents', async (typed, whole) => {
    expect(await meant(typed)).toBe(whole);
  });

  it.each([
    'bonjour',
    'https://a.example/1 ou https://b.example/2',
    '{"id":"https://a.example/1"}',
    '{"type":"Assertion","id":"https://a.example/1"}',
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'https://elsewhere.example/v/6q79-3ce1-e6m7',
    'http://localhost:4180/v/%E0%A4%A',
  ])('is itself: %j', async (typed) => {
    expect(await meant(typed)).toBe(typed);
  });
});
