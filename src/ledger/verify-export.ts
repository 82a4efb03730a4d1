import type { StoredEvent } from '../action/event.ts';
import type { StreamId } from '../action/log-port.ts';
import { type ExportLine, exportLine } from './export-line.ts';
import { Tally, type Verdict } from './finding.ts';
import { HeadIndex } from './head-index.ts';
import { loadCheckpoints } from './load-checkpoints.ts';
import { StreamVerifier } from './stream-verifier.ts';

interface VerifyExportRequest {
  readonly lines: Iterable<string> | AsyncIterable<string>;
  readonly checkpointDirectory?: string | undefined;
  /** PEM, kept elsewhere; without it the one in the checkpoint folder. */
  readonly publicKey?: string | undefined;
}

/** Judges an export without the log that it came from, in constant memory. With checkpoints it also finds what was left out of it. */
export async function verifyExport({
  lines,
  checkpointDirectory: directory,
  publicKey,
}: VerifyExportRequest): Promise<Verdict> {
  const tally = new Tally();
  const index = new HeadIndex();
  try {
    await loadCheckpoints({ directory, publicKey }, index, tally);
    const verifier = new ExportVerifier(index, tally);
    for await (const line of lines) verifier.line(line);
    verifier.finish();
    return tally.verdict();
  } finally {
    index.close();
  }
}

class ExportVerifier {
  readonly #index: HeadIndex;
  readonly #tally: Tally;
  #lines = 0;
  #scope: 'all' | StreamId | undefined;
  #current: StreamVerifier | undefined;
  #complete = false;

  constructor(index: HeadIndex, tally: Tally) {
    this.#index = index;
    this.#tally = tally;
  }

  line(text: string): void {
    this.#lines++;
    const line = parse(text);
    if (line === undefined) this.#report(`line ${this.#lines} is no line of an export`);
    else this.#take(line);
  }

  finish(): void {
    this.#endStream();
    if (!this.#complete) this.#report('the export breaks off');
    for (const { tenant, workflow, version, n } of this.#index.streams()) {
      if (!this.#covers({ tenant, workflow }) || this.#index.hasMet({ tenant, workflow })) continue;
      const detail = `the workflow with ${version} events, which checkpoint ${n} saw, is not in the export`;
      this.#tally.report({ kind: 'removed', tenant, workflow, seq: 1, detail });
    }
  }

  #take(line: ExportLine): void {
    if (this.#complete || 'export' in line !== (this.#lines === 1)) this.#misplaced();
    if ('export' in line) this.#scope = line.export.scope;
    else if ('workflow' in line) this.#beginStream(line.workflow);
    else if ('event' in line) this.#takeEvent(line.event);
    else if ('end' in line) this.#checkEnd(line.end);
    else this.#checkTotal(line.total);
  }

  #takeEvent(event: StoredEvent): void {
    if (this.#current === undefined) this.#misplaced();
    else this.#current.event(event);
  }

  #beginStream(stream: StreamId): void {
    this.#endStream();
    if (!this.#index.meet(stream) || !this.#covers(stream)) this.#misplaced();
    this.#current = new StreamVerifier(stream, this.#index, this.#tally);
  }

  #checkEnd({ version, hash }: Extract<ExportLine, { end: object }>['end']): void {
    const verifier = this.#current;
    this.#current = undefined;
    if (verifier === undefined) {
      this.#misplaced();
      return;
    }
    const last = verifier.head?.version ?? 0;
    if (last !== version || (verifier.head?.hash ?? '') !== hash) {
      verifier.report(
        'truncated',
        last + 1,
        `the workflow ends at event ${last}, not at event ${version} as the export says`,
      );
    }
    verifier.end();
  }

  #checkTotal({ workflows, events }: Extract<ExportLine, { total: object }>['total']): void {
    this.#endStream();
    this.#complete = true;
    if (workflows !== this.#tally.streams || events !== this.#tally.events) {
      this.#report(`the export says it has ${events} events of ${workflows} workflows, which it has not`);
    }
  }

  /** A stream whose end line is missing. */
  #endStream(): void {
    if (this.#current === undefined) return;
    this.#misplaced();
    this.#current.end();
    this.#current = undefined;
  }

  #covers({ tenant, workflow }: StreamId): boolean {
    const scope = this.#scope;
    return scope === 'all' || (scope !== undefined && scope.tenant === tenant && scope.workflow === workflow);
  }

  #misplaced(): void {
    this.#report(`line ${this.#lines} is not in its place`);
  }

  #report(detail: string): void {
    this.#tally.report({ kind: 'export', detail });
  }
}

function parse(text: string): ExportLine | undefined {
  try {
    return exportLine.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
