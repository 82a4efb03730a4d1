import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Addresses behind which no System of Record is: link-local (metadata of clouds), unspecified, multicast, broadcast. */
const NEVER = blockListOf(
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  ['fe80::', 10],
  ['ff00::', 8],
  // The metadata service of one large cloud, inside its private range.
  ['fd00:ec2::254', 128],
);
const LOOPBACK = blockListOf(['127.0.0.0', 8], ['::1', 128]);

function blockListOf(...subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of subnets) list.addSubnet(address, prefix, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return list;
}

/**
 * Whether a host may be spoken to at this address. Loopback is for `localhost` and for addresses that the operator wrote
 * himself. Private ranges are open: systems stand there, and a certificate must fit the name in any case.
 */
export function mayConnect(host: string, address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  const type = family === 6 ? 'ipv6' : 'ipv4';
  if (NEVER.check(address, type)) return false;
  return !LOOPBACK.check(address, type) || host === 'localhost' || isIP(host) !== 0;
}

type Resolve = (
  host: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Resolves a name for one connection and lets only addresses through that {@link mayConnect} allows: the socket is
 * opened to exactly these, so a name that means something else a moment later changes nothing (DNS rebinding).
 */
export function guardedLookup(resolve: Resolve = lookup): LookupFunction {
  return (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '', 0);
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => mayConnect(host, address)))
        return done(
          Object.assign(new Error('address refused'), { code: 'ADDRESS_REFUSED', syscall: 'getaddrinfo' }),
          '',
          0,
        );
      if (options.all === true) return done(null, addresses);
      done(null, first.address, first.family);
    });
  };
}
