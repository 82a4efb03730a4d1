import { z } from 'zod';
import type { Execute } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import type { GraphCall } from './graph-call.ts';

/** Encrypts a text so that only the operator can read it. */
export type Seal = (secret: string) => Promise<string>;

/** Seals to a public RSA key (JWK, RFC 7517) as compact JWE (RFC 7516). Throws CONFIG_INVALID for what is no such key. */
export async function sealTo(jwk: string): Promise<Seal> {
  const { CompactEncrypt, importJWK } = await import('jose');
  const key = await importJWK(publicKey(jwk), 'RSA-OAEP-256').catch(() => undefined);
  if (key === undefined) throw new InterlockError('CONFIG_INVALID', 'sealTo is no public RSA key as JWK.');
  return (secret) =>
    new CompactEncrypt(new TextEncoder().encode(secret))
      .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM' })
      .encrypt(key);
}

const rsaKey = z.strictObject({ kty: z.literal('RSA'), n: z.string(), e: z.string(), kid: z.string().optional() });

function publicKey(jwk: string): { kty: 'RSA'; n: string; e: string } {
  try {
    const { kty, n, e } = rsaKey.parse(JSON.parse(jwk));
    return { kty, n, e };
  } catch {
    // No cause: it would quote the key, and people paste private ones.
    throw new InterlockError('CONFIG_INVALID', 'sealTo is no public RSA key as JWK.');
  }
}

const answered = z.object({ keyId: z.string(), secretText: z.string() }).loose();

/** A call that answers `secretText`, which is sealed before anything else sees the answer. */
export function sealedExecution<I>(seal: Seal, { request }: Pick<GraphCall<I>, 'request'>): Execute<I> {
  const send = httpExecution<I>({ request, repeatable: false, result: (reply) => answered.parse(reply.body) });
  return async (input, context) => {
    const sent = await send(input, context);
    if (sent.status !== 'succeeded') return sent;
    const { secretText, ...rest } = answered.parse(sent.result);
    return { status: 'succeeded', result: { ...rest, sealedSecret: await seal(secretText) } };
  };
}
