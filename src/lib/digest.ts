import { hash } from 'node:crypto';
import { type CanonicalTexts, canonicalJson } from './canonical-json.ts';
import type { Json } from './json.ts';

/** SHA-256 as `sha256:` and 64 hexadecimal digits. */
export type Digest = `sha256:${string}`;

export function sha256(text: string): Digest {
  return `sha256:${hash('sha256', text, 'hex')}`;
}

/** SHA-256 of the RFC 8785 form. */
export function digestOf(value: Json, texts?: CanonicalTexts): Digest {
  return sha256(canonicalJson(value, texts));
}
