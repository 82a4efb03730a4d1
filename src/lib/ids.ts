import { randomBytes } from 'node:crypto';

/** Where ids, salts and secrets come from; tests seed it. */
export interface IdSource {
  /** A fresh id `<prefix>_<22 characters of base64url>` with 128 random bits. */
  id(prefix: string): string;
  /** 256 random bits as base64url, for bearer secrets. */
  secret(): string;
}

const POOL_BYTES = 8_192;
const ID_BYTES = 16;

/** Ids from the operating system's generator, drawn in pools because one call per id costs more than the id. */
export function randomIds(): IdSource {
  let pool = randomBytes(POOL_BYTES);
  let used = 0;
  return {
    id(prefix) {
      if (used + ID_BYTES > pool.length) {
        pool = randomBytes(POOL_BYTES);
        used = 0;
      }
      const text = pool.toString('base64url', used, used + ID_BYTES);
      used += ID_BYTES;
      return `${prefix}_${text}`;
    },
    secret: () => randomBytes(32).toString('base64url'),
  };
}
