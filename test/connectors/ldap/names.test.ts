import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatName, isBelow, isPlain, keyOf, type Name, parseName } from '../../../connectors/ldap/name.ts';

const BASE = 'ou=people,dc=example,dc=com';
const key = (text: string): string | undefined => {
  const name = parseName(text);
  return name && keyOf(name);
};

describe('a name', () => {
  test.each([
    ['uid=ada,ou=people,dc=example,dc=com', 'uid=ada,ou=people,dc=example,dc=com'],
    ['UID=Ada,OU=People,DC=Example,DC=Com', 'uid=ada,ou=people,dc=example,dc=com'],
    ['cn=\\61dmins,dc=com', 'cn=admins,dc=com'],
    ['cn=Lovelace\\, Ada,dc=com', 'cn=lovelace\\2c ada,dc=com'],
    ['cn=Lovelace\\2C Ada,dc=com', 'cn=lovelace\\2c ada,dc=com'],
    ['cn=a\\\\,dc=com', 'cn=a\\5c,dc=com'],
    ['cn=a\\=b,dc=com', 'cn=a\\3db,dc=com'],
    ['cn=J\\C3\\BCrgen,dc=com', 'cn=jürgen,dc=com'],
  ])('%s is known as %s', (text, expected) => {
    expect(key(text)).toBe(expected);
  });

  test.each([
    ['nothing', ''],
    ['no type', 'ada,dc=com'],
    ['another spelling of a type', 'commonName=admins,dc=com'],
    ['a number for a type', '2.5.4.3=admins,dc=com'],
    ['a type with an option', 'cn;lang-de=admins,dc=com'],
    ['a value in hexadecimal', 'cn=#0406,dc=com'],
    ['a part of two values', 'cn=admins+uid=x,dc=com'],
    ['a bare quote', 'cn="admins",dc=com'],
    ['a bare semicolon', 'cn=a;dc=com'],
    ['a bare equals sign', 'cn=a=b,dc=com'],
    ['a space beside a comma', 'cn=admins, dc=com'],
    ['spaces that a server squeezes', 'cn=the  admins,dc=com'],
    ['a space at the end', 'cn=admins\\20,dc=com'],
    ['a soft hyphen', 'cn=ad\u00ADmins,dc=com'],
    ['a character without width', 'cn=ad\u200Bmins,dc=com'],
    ['letters of another width', 'cn=\uFF41dmins,dc=com'],
    ['a decomposed letter', 'cn=Ju\u0308rgen,dc=com'],
    ['a zero', 'cn=admins\\00,dc=com'],
    ['half of a character', 'cn=\\C3,dc=com'],
    ['an escape at the end', 'cn=admins\\'],
    ['an escape of a letter', 'cn=\\zadmins,dc=com'],
    ['an empty part', 'cn=admins,,dc=com'],
    ['a comma at the end', 'cn=admins,'],
    ['too many parts', Array(21).fill('dc=x').join(',')],
    ['too long a value', `cn=${'a'.repeat(129)}`],
  ])('with %s is none', (_what, text) => {
    expect(parseName(text)).toBeUndefined();
  });

  test('of any values goes out as text that is read as the same parts, and as no others', () => {
    const value = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }).filter(isPlain);
    const part = fc.record({ type: fc.constantFrom('cn', 'uid', 'ou'), value });
    const name = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts as unknown as Name); // at least one
    const special = fc.stringMatching(/^[a"+,;<>=\\#]{1,12}$/);
    const hostile = fc.array(fc.record({ type: fc.constant('cn'), value: special }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.oneof(name, hostile), (parts) => {
        expect(parseName(formatName(parts))).toEqual(parts);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test.each([
    ['uid=ada,ou=people,dc=example,dc=com', true],
    ['uid=ada,ou=former,OU=People,dc=example,dc=com', true],
    ['ou=people,dc=example,dc=com', false],
    ['uid=ada,ou=groups,dc=example,dc=com', false],
    ['uid=ada\\,ou\\=people\\,dc\\=example\\,dc\\=com,dc=com', false],
    ['uid=ada,ou=xpeople,dc=example,dc=com', false],
  ])('%s stands below the users: %s', (text, expected) => {
    const [name, base] = [parseName(text), parseName(BASE)];
    expect(name && base && isBelow(name, base)).toBe(expected);
  });
});
