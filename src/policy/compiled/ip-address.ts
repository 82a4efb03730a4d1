import { CedarIp, type PolicyValue } from '../../action/policy-port.ts';
import { EvaluationError } from './evaluation-error.ts';

/** Each text has one prefix and no zeros before it. */
const PREFIX = /^(?:0|[1-9]\d{0,2})$/;
const OCTETS = /^(?:(?:0|[1-9]\d{0,2})(?:\.(?!$)|$)){4}$/;
const GROUPS = /^(?:[\da-f]{1,4}(?::(?!$)|$))*$/i;
const GROUP_COUNT = 8;
const WIDTH = { 4: 32, 6: 128 } as const;

/**
 * `ip("10.0.0.0/8")`, `ip("fe80::1")` (https://docs.cedarpolicy.com/policies/syntax-datatypes.html#datatype-ipaddr); an IPv4
 * address inside an IPv6 one only in hexadecimal. The address is kept whole, whatever its prefix. Throws EvaluationError.
 */
export function parseIp(text: string): CedarIp {
  const slash = text.indexOf('/');
  const address = slash === -1 ? text : text.slice(0, slash);
  const version = address.includes(':') ? 6 : 4;
  const value = version === 6 ? ipv6Of(address) : ipv4Of(address);
  const bits = slash === -1 ? WIDTH[version] : bitsOf(text.slice(slash + 1), version);
  if (value === undefined || bits === undefined)
    throw new EvaluationError(`${JSON.stringify(text)} is not an IP address`);
  return new CedarIp(version, value, bits);
}

function bitsOf(text: string, version: 4 | 6): number | undefined {
  return PREFIX.test(text) && Number(text) <= WIDTH[version] ? Number(text) : undefined;
}

function ipv4Of(text: string): bigint | undefined {
  if (!OCTETS.test(text)) return undefined;
  const octets = text.split('.').map(Number);
  return octets.some((octet) => octet > 255) ? undefined : joined(octets, 8n);
}

function ipv6Of(text: string): bigint | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0 || !GROUPS.test(head) || !GROUPS.test(tail ?? '')) return undefined;
  const [first, last] = [groupsOf(head), groupsOf(tail ?? '')];
  const missing = GROUP_COUNT - first.length - last.length;
  // `::` stands for one group at least.
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return joined([...first, ...new Array<number>(missing).fill(0), ...last], 16n);
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

function joined(parts: readonly number[], width: bigint): bigint {
  return parts.reduce((sum, part) => (sum << width) | BigInt(part), 0n);
}

export function isLoopback({ version, address, bits }: CedarIp): boolean {
  return version === 4 ? address >> 24n === 127n && bits >= 8 : address === 1n && bits === WIDTH[6];
}

export function isMulticast({ version, address, bits }: CedarIp): boolean {
  return version === 4 ? address >> 28n === 0xen && bits >= 4 : address >> 120n === 0xffn && bits >= 8;
}

/** Whether all of the first is in the second. */
export function isInRange(ip: CedarIp, range: CedarIp): boolean {
  if (ip.version !== range.version || ip.bits < range.bits) return false;
  const hostBits = BigInt(WIDTH[range.version] - range.bits);
  return ip.address >> hostBits === range.address >> hostBits;
}

export function asIp(value: PolicyValue): CedarIp {
  if (value instanceof CedarIp) return value;
  throw new EvaluationError('type error: expected an ipaddr');
}
