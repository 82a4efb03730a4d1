import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { BOUNDS } from '../../lib/bounds.ts';
import { explainIssues } from '../../lib/explain-issues.ts';
import type { PolicyFile } from '../checked-policy.ts';
import type { PolicyProblem } from '../split-policies.ts';
import { signalFileSchema, type WrittenSignal } from './signal-schema.ts';

/** A signal as it is written, and where its parts are. */
export interface ReadSignal {
  readonly name: string;
  readonly written: WrittenSignal;
  /** File and line of the part at a path within the declaration. */
  readonly place: (path: readonly PropertyKey[]) => string;
}

interface ReadFile {
  readonly signals: readonly ReadSignal[];
  readonly problems: readonly PolicyProblem[];
}

/** Reads one file of signals, YAML or JSON. A file with a problem of form has no signals. */
export function readSignalFile(file: PolicyFile): ReadFile {
  try {
    return read(file);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    // The stack is full.
    const problem = 'the file is nested too deeply';
    return { signals: [], problems: [{ place: `${file.name}:1`, problem, remedy: 'Nest less.' }] };
  }
}

function read({ name, text }: PolicyFile): ReadFile {
  const refused = (place: string, problem: string, remedy: string): ReadFile => {
    return { signals: [], problems: [{ place, problem, remedy }] };
  };
  if (text.length > BOUNDS.policyFileCharacters)
    return refused(`${name}:1`, `the file has more than ${BOUNDS.policyFileCharacters} characters`, 'Split it.');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const placeAt = (path: readonly PropertyKey[]): string => `${name}:${lineOf(document, lines, path)}`;
  const [broken] = [...document.errors, ...document.warnings];
  if (broken !== undefined) {
    const { line } = lines.linePos(broken.pos[0]);
    return refused(`${name}:${line}`, broken.message, 'Correct the YAML.');
  }
  const value = plain(document);
  const parsed = signalFileSchema.safeParse(value ?? {});
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => ({
      place: placeAt(issue.path),
      problem: explainIssues(signalFileSchema, { ...parsed.error, issues: [issue] }),
      remedy: 'See docs/signals.md for what a signal is made of.',
    }));
    return { signals: [], problems };
  }
  const signals = Object.entries(parsed.data).map(([signal, written]): ReadSignal => {
    return { name: signal, written, place: (path) => placeAt([signal, ...path]) };
  });
  return { signals, problems: [] };
}

/** Aliases are refused: a file of them can be larger than memory. */
function plain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return 'a file with aliases';
  }
}

/** The line of the deepest part of the path that is there; what was written without a list has no index. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
      if (pair === undefined && typeof step === 'number') continue;
      if (pair === undefined || !isScalar(pair.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    } else break;
  }
  return lines.linePos(offset).line;
}
