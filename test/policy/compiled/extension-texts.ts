import fc from 'fast-check';

type Texts = fc.Arbitrary<string>;

const digits = (least: number, most: number): Texts => fc.stringMatching(new RegExp(`^[0-9]{${least},${most}}$`));
const sometimes = (text: Texts): Texts => fc.oneof({ weight: 2, arbitrary: fc.constant('') }, text);
const joined = (...parts: (Texts | string)[]): Texts =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((texts) => texts.join(''));
const padded = (most: number): Texts => fc.nat(most).map((value) => String(value).padStart(2, '0'));
const SIGN = sometimes(fc.constant('-'));

/** One character put in, changed or left out. The last one is a digit, though none of ours. */
export function almost(texts: Texts): Texts {
  const put = fc.constantFrom('', '0', '9', '1', '-', '+', '.', ':', '/', ' ', 'T', 'Z', 'm', 'f', '\n', '٣');
  return fc.tuple(texts, fc.nat(), put, fc.nat(1)).map(([text, at, character, left]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + character + text.slice(place + left);
  });
}

const LARGE_WHOLE = fc.constantFrom('922337203685477', '0922337203685477', '922337203685478', '00000000000000000001');
const LARGE_FRACTION = fc.constantFrom('5807', '5808', '5809', '58', '0');
/** As all here: most are valid, some just past a bound. */
export const DECIMALS = fc.oneof(
  joined(SIGN, digits(1, 3), '.', digits(1, 4)),
  joined(SIGN, LARGE_WHOLE, '.', LARGE_FRACTION),
);

const AMOUNT = fc.oneof({ weight: 5, arbitrary: digits(1, 3) }, digits(1, 22));
const UNITS = ['d', 'h', 'm', 's', 'ms'].map((unit) => sometimes(joined(AMOUNT, unit)));
export const DURATIONS = fc.oneof(
  { weight: 5, arbitrary: joined(SIGN, ...UNITS).filter((text) => text.length > 1) },
  fc.constantFrom('1h', '60m', '0d'),
  joined(
    SIGN,
    fc.constantFrom(
      '9223372036854775807ms',
      '9223372036854775808ms',
      '106751991167d7h12m55s807ms',
      '106751991167d7h12m55s808ms',
      '106751991167d7h12m55s809ms',
    ),
  ),
);

const YEAR = fc.oneof(fc.constantFrom('0000', '0001', '0099', '1900', '2000', '2023', '2024', '9999'), digits(4, 4));
const DATE = joined(YEAR, '-', padded(13), '-', fc.oneof({ weight: 4, arbitrary: padded(28) }, padded(32)));
const OFFSET = fc.oneof(fc.constant('Z'), joined(fc.constantFrom('+', '-'), padded(24), padded(60)));
const TIME = joined('T', padded(24), ':', padded(60), ':', padded(60), sometimes(joined('.', digits(3, 3))), OFFSET);
const SAME_TIME = fc.constantFrom('1970-01-02', '1970-01-02T01:00:00+0100');
export const DATETIMES = fc.oneof(DATE, joined(DATE, TIME), SAME_TIME);

const OCTET = fc.oneof(
  fc.constantFrom('0', '10', '127', '224', '239', '255'),
  fc.nat(255).map(String),
  fc.constantFrom('256', '01', '00'),
);
const GROUP = fc.oneof(
  { weight: 9, arbitrary: fc.stringMatching(/^[0-9a-fA-F]{1,4}$/) },
  { weight: 3, arbitrary: fc.constantFrom('0', '1', 'ff00', 'FFFF', '0000') },
  fc.constant('00001'),
);
const groups = (least: number, most: number): Texts =>
  fc.array(GROUP, { minLength: least, maxLength: most }).map((parts) => parts.join(':'));
const IPV4 = fc.array(OCTET, { minLength: 4, maxLength: 4 }).map((octets) => octets.join('.'));
const IPV6 = fc.oneof(
  fc.constantFrom(
    '::',
    '::1',
    'ff00::',
    'ff02::1',
    '::ffff:10.0.0.1',
    '1::2::3',
    '1:2:3:4:5:6:7::',
    '::2:3:4:5:6:7:8:9',
  ),
  groups(8, 8),
  groups(7, 9),
  joined(groups(0, 4), '::', groups(0, 3)),
);
const prefixed = (address: Texts, most: number): Texts =>
  joined(address, sometimes(joined('/', fc.nat(most).map(String))));
const IN_EACH_OTHER = fc.constantFrom('0.0.0.0/0', '10.0.0.0/8', '10.1.2.3/24', '10.1.2.3', '::/0', '::1/127', '::1');
export const IPS = fc.oneof(prefixed(IPV4, 34), prefixed(IPV6, 130), IN_EACH_OTHER);
