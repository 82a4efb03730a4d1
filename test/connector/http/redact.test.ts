import { describe, expect, it } from 'vitest';
import { createRedactor, redact } from '../../../src/connector/http/redact.ts';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.s5c_Abc-123';

describe('redact', () => {
  it.each([
    ['a bearer token', 'sent Authorization: Bearer abc.def-123~x/y+z== to it', 'abc.def'],
    ['a basic credential', 'Authorization: Basic YWxhZGRpbjpvcGVuc2VzYW1l', 'YWxh'],
    ['an SSWS token', 'used SSWS 00QCjAl4MlV-WPXM, which', '00QC'],
    ['a JWT on its own', `token was ${JWT} here`, 'eyJ'],
    ['half a JWT', `cut ${JWT.slice(0, 30)}`, 'eyJ'],
    ['a URL with credentials', 'GET https://ann:hunter2@host.example/x', 'hunter2'],
    ['a form field', 'client_id=x&client_secret=s3cr3t-value&scope=a', 's3cr3t'],
    ['a JSON member', '{"refresh_token":"r3fr3sh \\" quoted","a":1}', 'r3fr3sh'],
    ['a key with a suffix', 'X-Api-Key: k3y-value', 'k3y'],
    ['a single-quoted value', "password='open sesame'", 'sesame'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----', 'MII'],
    ['a private key that was cut', 'x -----BEGIN PRIVATE KEY-----\nMIIabc', 'MII'],
  ])('removes %s entirely', (_, text, clue) => {
    expect(text).toContain(clue);
    const redacted = redact(text);
    expect(redacted).not.toContain(clue);
    expect(redacted).toContain('[redacted]');
  });

  it.each([
    'User Not Found',
    'No Record found for sys_id 9d385017c611228701d22104cc95c371',
    '{"error":{"message":"x","detail":null}}',
  ])('leaves %j as it is', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('reads a long text in time that grows with its length', () => {
    // Time that grows with the square would take minutes here, past the time of any test.
    for (const part of ['token', 'a.', 'eyJ', '://', 'secret="', '-----BEGIN ']) {
      expect(redact(part.repeat(200_000))).not.toBe('');
    }
  });
});

describe('createRedactor', () => {
  const secret = 'p/ss "wörd"+1';

  it.each([
    ['as it is', secret],
    ['inside JSON', JSON.stringify({ a: secret })],
    ['inside JSON with escaped slashes', JSON.stringify(secret).replaceAll('/', '\\/')],
    ['percent-encoded', encodeURIComponent(secret)],
    ['form-encoded', new URLSearchParams({ a: secret }).toString()],
    ['as base64', Buffer.from(secret).toString('base64')],
  ])('removes a known value %s', (_, text) => {
    expect(createRedactor([secret])(`it said ${text}!`)).toMatch(/^it said .*\[redacted\].*!$/);
  });

  it('leaves nothing of a secret that contains another one', () => {
    expect(createRedactor(['sesame', 'open-sesame-now'])('x open-sesame-now y')).toBe('x [redacted] y');
  });

  it('ignores values too short to be secrets, which would take every letter away', () => {
    expect(createRedactor(['', 'a'])('a plain text')).toBe('a plain text');
  });
});
