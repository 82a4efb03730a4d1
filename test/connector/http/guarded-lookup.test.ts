import type { LookupAddress } from 'node:dns';
import { Agent, get } from 'node:http';
import { describe, expect, it, test } from 'vitest';
import { guardedLookup, mayConnect } from '../../../src/connector/http/guarded-lookup.ts';
import { startServer } from './loopback.ts';

describe('an address', () => {
  it.each([
    ['x.example', '169.254.169.254', false],
    ['x.example', '::ffff:169.254.169.254', false],
    ['x.example', '::ffff:a9fe:a9fe', false],
    ['x.example', 'fd00:ec2::254', false],
    ['x.example', 'fe80::1', false],
    ['x.example', '0.0.0.0', false],
    ['x.example', '::', false],
    ['x.example', '127.0.0.1', false],
    ['x.example', '::ffff:7f00:1', false],
    ['localhost.evil.example', '127.0.0.1', false],
    ['x.example', 'no address', false],
    ['localhost', '169.254.169.254', false],
    ['localhost', '127.0.0.1', true],
    ['localhost', '::1', true],
    ['x.example', '203.0.113.7', true],
    ['x.example', '10.0.0.5', true],
  ])('of %s that is %s may be connected to: %s', (host, address, expected) => {
    expect(mayConnect(host, address)).toBe(expected);
  });
});

/** The status that a connection to a name gets, or the code with which it failed. */
async function connect(host: string, port: string, addresses: readonly LookupAddress[]): Promise<unknown> {
  const agent = new Agent({ lookup: guardedLookup((_, __, done) => done(null, [...addresses])) });
  return new Promise((resolve) => {
    get({ host, port, agent }, (reply) => resolve(reply.resume().statusCode)).on('error', (error) =>
      resolve('code' in error ? error.code : error),
    );
  });
}

test('a name that turns to this machine is not connected to, while localhost is', async () => {
  const { origin, requests } = await startServer((_, outgoing) => outgoing.end());
  const { port } = new URL(origin);
  const here = { address: '127.0.0.1', family: 4 };
  expect(await connect('rebound.example', port, [here])).toBe('ADDRESS_REFUSED');
  expect(await connect('rebound.example', port, [{ address: '203.0.113.7', family: 4 }, here])).toBe('ADDRESS_REFUSED');
  expect(await connect('rebound.example', port, [])).toBe('ADDRESS_REFUSED');
  expect(requests).toEqual([]);
  expect(await connect('localhost', port, [here])).toBe(200);
  expect(requests).toHaveLength(1);
});
