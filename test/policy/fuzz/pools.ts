import { CedarDatetime, CedarDecimal, CedarDuration, CedarIp } from '../../../src/action/policy-port.ts';

/** Few enough that values meet again; each one is odd in its own way. */
export const TEXTS = [
  '',
  'a',
  'b',
  'ab',
  'aab',
  'a*b',
  '*',
  '%',
  'e\u0301',
  'é',
  '😀',
  '\u{10ffff}',
  '\\',
  '"',
  '\n',
  '\0',
  '1',
  'true',
];
export const SMALL_LONGS = [0, 1, -1, 2, 3, 5, 7, 10, 100, -100];
export const LARGE_LONGS = [
  2 ** 31,
  -(2 ** 31),
  2 ** 53 - 1,
  -(2 ** 53 - 1),
  2n ** 53n,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];
/** Names of attributes and tags. */
export const NAMES = [
  'a',
  'b',
  'name',
  'owner',
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '',
  'é',
  'with space',
  '"quoted"',
  'length',
  'size',
  'has',
  'in',
  '0',
  'then',
];
export const ENTITY_TYPES = ['User', 'Team', 'N::Doc', 'N::M::File', 'constructor', 'O'];
export const ACTION_TYPES = ['Action', 'N::Action'];
export const IDS = ['a', 'b', '', '__proto__', 'constructor', 'é"\\', 'a::b', '0'];
/** A type that no entity has. */
export const STRANGE_TYPE = 'Nobody';

const DAY_MS = 86_400_000;
export const DATETIMES = [0, 1, -1, DAY_MS, -DAY_MS, DAY_MS - 1, 1_700_000_000_000, 2n ** 63n - 1n, -(2n ** 63n)].map(
  (epochMs) => new CedarDatetime(epochMs),
);
export const DURATIONS = [
  0,
  1,
  -1,
  999,
  1_000,
  -60_000,
  3_600_000,
  DAY_MS,
  -DAY_MS - 1,
  2n ** 63n - 1n,
  -(2n ** 63n),
].map((ms) => new CedarDuration(ms));
export const DECIMALS = [0, 1, -1, 10_000, 15_000, -15_000, 2n ** 63n - 1n, -(2n ** 63n)].map(
  (units) => new CedarDecimal(units),
);
export const IPS = [
  new CedarIp(4, 0x7f_00_00_01n, 32),
  new CedarIp(4, 0x0a_00_00_00n, 8),
  new CedarIp(4, 0x0a_01_02_03n, 32),
  new CedarIp(4, 0x0a_01_02_03n, 24),
  new CedarIp(4, 0xe0_00_00_01n, 32),
  new CedarIp(4, 0xe0_00_00_01n, 3),
  new CedarIp(4, 0n, 0),
  new CedarIp(6, 1n, 128),
  new CedarIp(6, 0n, 0),
  new CedarIp(6, 0xff02n << 112n, 16),
  new CedarIp(6, 0x0a_01_02_03n, 128),
];
/** What extension functions are called with; most of it is of the wrong form for most of them. */
export const EXTENSION_TEXTS = [
  '1.0',
  '-0.00',
  '1.00001',
  '922337203685477.5808',
  '2024-02-29',
  '2023-02-29',
  '2024-01-01T12:30:00Z',
  '2024-01-01T12:30:00.250-2359',
  '1d2h3m4s5ms',
  '-1h',
  '5ms4s',
  '9223372036854775808ms',
  '10.0.0.1/8',
  '010.0.0.1',
  '::1',
  '1:2:3:4:5:6:7::',
  '::ffff:1.2.3.4',
  '',
];
