import fc from 'fast-check';
import { normaliseEmail, normalisePhone } from './contact.js';

describe('a phone number', () => {
  it.each([
    ['06 39 98 00 01', '+33639980001'],
    ['06.39.98.00.02', '+33639980002'],
    ['+33 6 39 98 00 03', '+33639980003'],
    ['0639980004', '+33639980004'],
    ['01 99 00 00 09', '+33199000009'],
    ['+32 470 00 00 00', '+32470000000'],
    ['06 39 98 O1 OO', null],
    ['12', null],
    ['', null],
    ['=1+1', null],
  ])('%s becomes %s', (text, phone) => {
    expect(normalisePhone(text)).toBe(phone);
  });

  it('is E.164 or nothing, and normalises to itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789+ .-()OZ') }), (text) => {
        const phone = normalisePhone(text);
        if (phone !== null)
          expect([phone, normalisePhone(phone)]).toEqual([expect.stringMatching(/^\+\d{5,15}$/), phone]);
      }),
    );
  });
});

describe('an e-mail address', () => {
  it.each([
    [' ZOE.DINVENTEE@EXAMPLE.ORG ', 'zoe.dinventee@example.org'],
    ['a+b@mail.example.org', 'a+b@mail.example.org'],
    ['paul@@example', null],
    ['paul@example', null],
    ['paul.@example.org', null],
    ['pa ul@example.org', null],
    ['', null],
    [`${'a'.repeat(250)}@example.org`, null],
  ])('%s becomes %s', (text, email) => {
    expect(normaliseEmail(text)).toBe(email);
  });
});
