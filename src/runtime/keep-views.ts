import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WorkflowLog } from '../action/log-port.ts';
import { openSigningKey, type SigningKey } from '../ledger/checkpoint-key.ts';
import type { Clock } from '../lib/clock.ts';
import { type SnapshotSeal, Snapshots } from '../workflow/snapshot/snapshots.ts';
import { ViewKeeper } from '../workflow/snapshot/view-keeper.ts';
import { version } from './version.ts';

interface KeeperParts {
  readonly log: WorkflowLog;
  readonly clock: Clock;
  /** The folder of the key that signs checkpoints. */
  readonly keys: string;
  /** Of all gateways on one log, which then use each other's. */
  readonly secret?: string | undefined;
}

/** Keeps views where the log has a place for them; one that another version of Interlock wrote is not used. */
export function keepViews({ log, clock, keys, secret }: KeeperParts): ViewKeeper | undefined {
  if (log.snapshot === undefined) return undefined;
  const snapshots = new Snapshots({
    versions: [`interlock ${version()}`],
    seal: secret === undefined ? sealWith(keys) : sharedSeal(secret),
  });
  return new ViewKeeper({ log, clock, snapshots });
}

function sharedSeal(secret: string): SnapshotSeal {
  const seal = (text: string): string => createHmac('sha256', secret).update(text).digest('base64url');
  const isSealed = (text: string, given: string): boolean => {
    const [own, other] = [Buffer.from(seal(text)), Buffer.from(given)];
    return own.length === other.length && timingSafeEqual(own, other);
  };
  return { seal, isSealed };
}

/** Whoever can write where snapshots are, and does not have the key, cannot make one that is used. */
function sealWith(keys: string): SnapshotSeal {
  let known: SigningKey | undefined;
  const key = (): SigningKey => {
    known ??= openSigningKey(keys);
    return known;
  };
  return { seal: (text) => key().sign(text), isSealed: (text, seal) => key().verifier.verifies(text, seal) };
}
