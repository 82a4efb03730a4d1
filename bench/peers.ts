import { createRequire } from 'node:module';
import { join } from 'node:path';

/** A package of its own: the product and its tests install none of it. */
const require = createRequire(join(import.meta.dirname, 'peers', 'package.json'));

const INSTALL = 'npm ci --prefix bench/peers';

/** The file that a package of `bench/peers` begins with; undefined where it is not installed, or not for this platform. */
export function peerFile(name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    // What is not installed is left out, and the bench says so.
    return undefined;
  }
}

/** What an installed package exports; `T` is the part of it that the bench uses. */
export function loadPeer<T>(name: string): T {
  return require(name) as T; // the package's own documentation says so; its types are not installed with the product
}

/** What a run says where a peer is missing. */
export function absentPeer(name: string): string {
  return `${name} is not installed and left out; \`${INSTALL}\` installs it.`;
}
