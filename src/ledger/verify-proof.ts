import type { StoredEvent } from '../action/event.ts';
import type { Head } from '../action/log-port.ts';
import { type Digest, sha256 } from '../lib/digest.ts';
import { eventHash } from '../workflow/chain.ts';
import { openPublicKey, type VerifyingKey } from './checkpoint-key.ts';
import { type CheckpointHead, isSignedBy } from './checkpoint-line.ts';
import { type Proof, proofSchema } from './proof.ts';

/** What a proof shows, or why it shows nothing. */
export type ProofVerdict =
  | { readonly problem: string; readonly shown?: undefined }
  | {
      readonly problem?: undefined;
      readonly shown: {
        readonly tenant: string;
        readonly workflow: string;
        readonly seq: number;
        readonly type: string;
        /** Milliseconds since 1970: when it happened, and when it was signed. */
        readonly at: number;
        readonly signedAt: number;
        readonly checkpoint: number;
        readonly keyId: string;
        /** The text of the event; undefined once erased: then the proof is of its digest. */
        readonly payload: string | undefined;
      };
    };

/** Judges a proof with nothing but the public key (PEM) of those who signed. Throws CONFIG_INVALID for a key that is none. */
export function verifyProof(text: string, publicKey: string): ProofVerdict {
  return judgeProof(text, openPublicKey(publicKey));
}

export function judgeProof(text: string, key: VerifyingKey): ProofVerdict {
  const proof = parse(text);
  if (proof === undefined) return { problem: 'the file is no proof' };
  const { tenant, workflow, event, links, checkpoint } = proof;
  const signed = checkpoint.heads.filter((head) => head.tenant === tenant && head.workflow === workflow);
  const problem = isSignedBy(key, checkpoint)
    ? whyNotUnder(signed, event, links)
    : 'its checkpoint is not signed with the expected key';
  if (problem !== undefined) return { problem };
  const { seq, type, at, payload } = event;
  const { n, at: signedAt, keyId } = checkpoint;
  return { shown: { tenant, workflow, seq, type, at, signedAt, checkpoint: n, keyId, payload } };
}

/** The signed head binds the workflow, the number of events and, by the hashes, each of them. */
function whyNotUnder(signed: readonly CheckpointHead[], event: StoredEvent, links: Proof['links']): string | undefined {
  if (event.payload !== undefined && sha256(event.payload) !== event.payloadDigest)
    return 'the payload of the event does not match its digest';
  if (eventHash(event) !== event.hash) return 'the event does not have the hash that is recorded for it';
  const last = links.reduce<Pick<Head, 'version' | 'hash'>>(follow, { version: event.seq, hash: event.hash });
  const isSigned = signed.some(({ version, hash }) => version === last.version && hash === last.hash);
  return isSigned ? undefined : 'the event does not lead to a head that the checkpoint names';
}

function follow({ version, hash }: Pick<Head, 'version' | 'hash'>, link: Proof['links'][number]) {
  const next = { ...link, seq: version + 1, prev: hash } as Omit<StoredEvent, 'hash' | 'payload'>;
  return { version: next.seq, hash: eventHash(next) satisfies Digest };
}

function parse(text: string): Proof | undefined {
  try {
    return proofSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
