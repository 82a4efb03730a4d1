import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import type { Attempt } from './burst.ts';
import type { Site } from './processes.ts';

const AIMS = ['request', 'decision', 'effect'] as const;

/** The sign after which a kill falls: so many requests sent, decisions in the log, or effects in the audit file. */
export type Aim = (typeof AIMS)[number];

export interface Shot {
  readonly aim: Aim;
  /** How many of the burst's signs are waited for. */
  readonly at: number;
}

/** A different sign for each kill in turn, and a different part of the burst: never its very end. */
export function shotFor(round: number, count: number): Shot {
  const aim = AIMS[round % AIMS.length] ?? 'request';
  const share = 0.05 + ((round * 0.381_966) % 1) * 0.7;
  return { aim, at: Math.max(1, Math.floor(count * share)) };
}

/** Resolves at the sign, or when `ended` says that it will not come any more. Watches the files, never the clock. */
export async function untilSign(
  { aim, at }: Shot,
  {
    site,
    attempts,
    ended,
  }: { readonly site: Site; readonly attempts: readonly Attempt[]; readonly ended: () => boolean },
): Promise<void> {
  const watch = watches[aim](site, attempts);
  try {
    while (watch.count() < at && !ended()) await pause(1);
  } finally {
    watch.close();
  }
}

interface Watch {
  /** Signs since the watch began. */
  count(): number;
  close(): void;
}

const watches: Readonly<Record<Aim, (site: Site, attempts: readonly Attempt[]) => Watch>> = {
  request: (_site, attempts) => ({
    count: () => attempts.filter(({ sent }) => sent).length,
    close: () => undefined,
  }),
  decision: ({ log }) => {
    const database = new DatabaseSync(log, { readOnly: true });
    const last = Number(database.prepare('SELECT max(rowid) AS last FROM events').get()?.['last'] ?? 0);
    const decisions = database.prepare("SELECT count(*) AS n FROM events WHERE rowid > ? AND type = 'action.decided'");
    return { count: () => Number(decisions.get(last)?.['n']), close: () => database.close() };
  },
  effect: ({ audit }) => {
    const file = openSync(audit, 'r');
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let at = fstatSync(file).size;
    let lines = 0;
    const count = (): number => {
      for (let read = -1; read !== 0; at += read) {
        read = readSync(file, chunk, 0, CHUNK_BYTES, at);
        for (const byte of chunk.subarray(0, read)) if (byte === LINE_FEED) lines++;
      }
      return lines;
    };
    return { count, close: () => closeSync(file) };
  },
};

const CHUNK_BYTES = 65_536;
const LINE_FEED = 10;
