import { BOUNDS } from '../lib/bounds.ts';

/** One statement of a policy file, with its place. */
export interface PolicyStatement {
  readonly file: string;
  /** Of its first character, from 1. */
  readonly line: number;
  /** From its first token to its semicolon. */
  readonly text: string;
}

export interface PolicyProblem {
  /** `file:line`. */
  readonly place: string;
  /** `@id` of the policy, where it is known. */
  readonly policy?: string | undefined;
  readonly problem: string;
  readonly remedy: string;
}

/** Cedar's tokens as far as they matter here (https://docs.cedarpolicy.com/policies/syntax-grammar.html). */
const TOKEN = /\s+|\/\/[^\n]*|"(?:[^"\\]|\\[\s\S])*"|\?[A-Za-z_]\w*|[A-Za-z_]\w*|\d+|\|\||&&|[\s\S]/y;
const SKIPPED = /^(?:\s|\/\/)/;
/**
 * What nests an expression one level deeper without a bracket that closes: the reference evaluator traps at about 300
 * of them in a row, fewer inside brackets. Members of a set are not among them.
 */
const CHAINED = new Set(['||', '&&', '+', '-', '*', '!', '.', '[', 'if']);
const LONGEST_CHAIN = 128;

/**
 * Splits a file into its statements without parsing them, and refuses what would harm a parser or what nobody links:
 * deep nesting, long chains, templates.
 */
export function splitPolicies(
  file: string,
  text: string,
): { readonly statements: readonly PolicyStatement[]; readonly problems: readonly PolicyProblem[] } {
  if (text.length > BOUNDS.policyFileCharacters) {
    const problem = `the file has ${text.length} characters, more than ${BOUNDS.policyFileCharacters}`;
    return { statements: [], problems: [{ place: `${file}:1`, problem, remedy: 'Split the file.' }] };
  }
  const statements: PolicyStatement[] = [];
  const problems: PolicyProblem[] = [];
  let line = 1;
  let open: Statement | undefined;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [token] = match;
    if (!SKIPPED.test(token)) {
      open ??= new Statement(line, match.index);
      open.add(token, line);
      if (token === ';') {
        close(open, TOKEN.lastIndex);
        open = undefined;
      }
    }
    line += token.split('\n').length - 1;
  }
  if (open !== undefined) close(open, text.length);
  return { statements, problems };

  function close(statement: Statement, end: number): void {
    for (const flaw of statement.flaws) problems.push({ ...flaw, place: `${file}:${flaw.line}` });
    if (statement.flaws.length === 0)
      statements.push({ file, line: statement.line, text: text.slice(statement.start, end) });
  }
}

interface Flaw {
  readonly line: number;
  readonly problem: string;
  readonly remedy: string;
}

/** Counts what must not grow in one statement; the first flaw of each kind is kept. */
class Statement {
  readonly line: number;
  readonly start: number;
  readonly flaws: Flaw[] = [];
  #depth = 0;
  #chained = 0;

  constructor(line: number, start: number) {
    this.line = line;
    this.start = start;
  }

  add(token: string, line: number): void {
    if ('([{'.includes(token)) this.#depth += 1;
    if (')]}'.includes(token)) this.#depth -= 1;
    if (CHAINED.has(token)) this.#chained += 1;
    if (this.#depth === BOUNDS.policyNesting + 1) {
      this.#flaw(line, `brackets are nested deeper than ${BOUNDS.policyNesting}`, 'Split the policy into several.');
    }
    if (this.#chained === LONGEST_CHAIN + 1) {
      this.#flaw(
        line,
        `the policy has more than ${LONGEST_CHAIN} operators and fields`,
        'Use a set with contains, or split the policy into several.',
      );
    }
    if (token.startsWith('?'))
      this.#flaw(
        line,
        `${token} makes this a template`,
        'Write a policy for each principal or resource, or use groups.',
      );
    if (token === '"') this.#flaw(line, 'a string does not end', 'Close it with ".');
  }

  #flaw(line: number, problem: string, remedy: string): void {
    if (!this.flaws.some((flaw) => flaw.remedy === remedy)) this.flaws.push({ line, problem, remedy });
  }
}
