import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../lib/digest.ts';
import { InterlockError } from '../lib/errors.ts';

const PRIVATE_FILE = 'checkpoint-key.pem';
const PUBLIC_FILE = 'checkpoint-key.pub.pem';
const KEY_ID_DIGITS = 16;

export interface SigningKey {
  readonly keyId: string;
  /** Ed25519 signature of the text's UTF-8 bytes, as base64url. */
  sign(text: string): string;
  readonly verifier: VerifyingKey;
}

export interface VerifyingKey {
  readonly keyId: string;
  verifies(text: string, signature: string): boolean;
}

/** The folder's key pair; made at the first use, readable by its owner only, the public half in a file beside it. */
export function openSigningKey(directory: string): SigningKey {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, PRIVATE_FILE);
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx', flush: true });
  }
  const privateKey = createPrivateKey(readFileSync(file));
  const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
  const publicFile = join(directory, PUBLIC_FILE);
  if (!existsSync(publicFile)) writeFileSync(publicFile, publicPem, { flush: true });
  const verifier = openPublicKey(publicPem);
  return {
    keyId: verifier.keyId,
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
    verifier,
  };
}

/**
 * The key to verify checkpoints with: `publicKey` (PEM) where the caller has kept it elsewhere, else the one in the folder,
 * which proves less: whoever can replace the checkpoints can replace it too. Undefined where there is neither.
 */
export function openVerifyingKey(directory: string, publicKey?: string): VerifyingKey | undefined {
  if (publicKey !== undefined) return openPublicKey(publicKey);
  const file = join(directory, PUBLIC_FILE);
  return existsSync(file) ? openPublicKey(readFileSync(file, 'utf8')) : undefined;
}

/** Throws CONFIG_INVALID for a text that is no Ed25519 public key in PEM form. */
export function openPublicKey(pem: string | Buffer): VerifyingKey {
  const key = parsePublicKey(pem);
  return {
    keyId: sha256(key.export({ type: 'spki', format: 'pem' }).toString()).slice(-KEY_ID_DIGITS),
    verifies: (text, signature) => verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url')),
  };
}

function parsePublicKey(pem: string | Buffer): KeyObject {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (cause) {
    throw new InterlockError('CONFIG_INVALID', 'The checkpoint key is not a public key in PEM form.', { cause });
  }
  throw new InterlockError('CONFIG_INVALID', 'The checkpoint key is not an Ed25519 key.');
}
