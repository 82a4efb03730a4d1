import { InterlockError } from '../lib/errors.ts';
import { dereference, type SecretSources } from './resolve-secrets.ts';

interface UrlPlace {
  /** As the configuration calls it: `redis.url`. */
  readonly name: string;
  readonly schemes: readonly string[];
  readonly sources: SecretSources;
}

/**
 * The address of a server that is configured, or of the reference there. Throws CONFIG_INVALID for what is no address, and
 * for a password that stands in the open; SECRET_MISSING for a reference to nothing.
 */
export function serverUrl(configured: string, { name, schemes, sources }: UrlPlace): string {
  const isReference = /^(env|file):/.test(configured);
  const text = dereference(configured, { system: name.split('.')[0] ?? name, sources });
  const address = URL.parse(text);
  if (address === null || !schemes.includes(address.protocol.slice(0, -1))) {
    const begins = schemes.map((scheme) => `${scheme}://`).join(' or ');
    throw new InterlockError('CONFIG_INVALID', `${name}: an address begins with ${begins}`);
  }
  if (!isReference && (address.password !== '' || address.searchParams.has('password')))
    throw new InterlockError('CONFIG_INVALID', `${name} holds a password: write env:NAME or file:path instead`);
  return text;
}
