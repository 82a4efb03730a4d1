import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares in a time that says nothing of the secret. */
export function isSameSecret(shown: string | undefined, secret: string): boolean {
  return shown !== undefined && timingSafeEqual(digestOf(shown), digestOf(secret));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
