import type { Evaluate, Expression } from './expression.ts';
import { isModest } from './is-modest.ts';
import type { Slots } from './shared-slots.ts';
import { SourceText } from './source-text.ts';
import { closureMaker, type Test, toTest } from './to-closures.ts';

/** Functions of one piece of code: few enough to be compiled quickly, enough to have constants in common. */
const CHUNK = 256;

/** A function to generate, and where it goes. */
interface Job {
  readonly write: (text: SourceText) => string;
  readonly place: (made: Test) => void;
}

/**
 * Conditions as generated code. Every shared expression is a function of its own, which the first that needs it in a
 * decision calls. What is too large for one function stays a closure; both use the same memo.
 */
export function toSource(conditions: readonly (Expression | undefined)[], slots: Slots): (Test | undefined)[] {
  const make = closureMaker(slots);
  const shared = new Array<Evaluate | undefined>(slots.size).fill(undefined);
  const tests = new Array<Test | undefined>(conditions.length).fill(undefined);
  const jobs: Job[] = [];
  for (const [expression, slot] of slots) {
    if (!isModest(expression, slots)) shared[slot] = make(expression);
    else jobs.push({ write: (text) => text.shared(expression, slot), place: (made) => (shared[slot] = made) });
  }
  for (const [index, condition] of conditions.entries()) {
    if (condition === undefined) continue;
    if (!isModest(condition, slots)) tests[index] = toTest(condition, make);
    else jobs.push({ write: (text) => text.test(condition), place: (made) => (tests[index] = made) });
  }
  for (let from = 0; from < jobs.length; from += CHUNK) generate(jobs.slice(from, from + CHUNK), slots, shared);
  return tests;
}

function generate(jobs: readonly Job[], slots: Slots, shared: readonly (Evaluate | undefined)[]): void {
  const text = new SourceText(slots);
  const functions = jobs.map((job) => job.write(text));
  // Shared expressions answer values; that a test answers a Boolean is what its text says.
  const build = new Function('c', 'g', `"use strict";${text.declarations()}return [${functions.join()}];`);
  const made: readonly Test[] = build(text.constants, shared);
  for (const [index, job] of jobs.entries()) {
    const one = made[index];
    if (one !== undefined) job.place(one);
  }
}
