import { Worker } from 'node:worker_threads';
import type { Action } from '../../action/action.ts';
import type { PolicyEvaluation, PolicyRequest } from '../../action/policy-port.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import type { Clock } from '../../lib/clock.ts';
import { asInterlockError, InterlockError } from '../../lib/errors.ts';
import { cedarQuestion } from '../cedar-wasm/cedar-evaluator.ts';
import { stringifyExactJson } from '../exact-json.ts';
import type { LoadedPolicySet } from '../load-policy-set.ts';
import { contextRead } from './context-read.ts';
import { type Difference, differenceOf } from './difference.ts';
import type { JudgeAnswer, JudgeRequest } from './judge-worker.ts';
import { sampler } from './sampler.ts';

/** The action that policies were asked about. */
export type Asked = Pick<Action, 'id' | 'operation' | 'principal'>;

export type JudgedSet = Pick<LoadedPolicySet, 'hash' | 'reference'>;

export interface JudgeParts {
  /** Of the evaluations that are shown to it, from 0 to 1. */
  readonly share: number;
  readonly clock: Clock;
  /** The set was evaluated wrongly, or the reference is wrong. */
  readonly onDifference: (set: JudgedSet, asked: Asked, difference: Difference) => void;
  /** It cannot judge; told once, until it can again. */
  readonly onFailure: (error: InterlockError) => void;
  /** Another thread than its own, which speaks as `judge-worker.ts` does. */
  readonly worker?: URL | undefined;
}

export interface JudgeCounts {
  readonly agreed: number;
  readonly differed: number;
  /** Those that it could not judge. */
  readonly failed: number;
  /** Those that came too fast, when it was too busy, or when it had given up for a while. */
  readonly dropped: number;
}

interface Pending {
  readonly set: JudgedSet;
  readonly asked: Asked;
  readonly compiled: PolicyEvaluation;
  readonly question: string;
}

/** Threads lost in a row after which it rests, so that one that dies is not started for every decision. */
const LOSSES = 3;

/**
 * Evaluates a share of all questions again, by the reference evaluator, in a thread of its own and one after the other.
 * Nobody waits for it. The thread begins with the first question, and is replaced when it dies or hangs.
 */
export class Judge {
  readonly #parts: JudgeParts;
  readonly #picks: () => boolean;
  readonly #counts = { agreed: 0, differed: 0, failed: 0, dropped: 0 };
  readonly #queue: Pending[] = [];
  #queuedCharacters = 0;
  /** What the set that was judged last can read of a context. */
  #reading: { readonly hash: string; readonly read: ReturnType<typeof contextRead> } | undefined;
  #current: Pending | undefined;
  #cancelDeadline: (() => void) | undefined;
  #worker: Worker | undefined;
  /** The set that the thread judges by. */
  #judgesBy: string | undefined;
  #losses = 0;
  /** When the second began in which so many were picked, in ms since 1970. */
  #second = 0;
  #picked = 0;
  #told = false;
  #closed = false;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(parts: JudgeParts) {
    this.#parts = parts;
    this.#picks = sampler(parts.share);
  }

  get counts(): JudgeCounts {
    return { ...this.#counts };
  }

  /** To be called in the same turn as the evaluation: what policies see is read by reference. Never throws. */
  observe(set: JudgedSet, request: PolicyRequest, compiled: PolicyEvaluation, asked: Asked): void {
    if (!this.#picks() || this.#closed) return;
    if (this.#isHasty() || this.#losses >= LOSSES || this.#queue.length >= BOUNDS.judgeQueue) {
      this.#counts.dropped += 1;
      return;
    }
    try {
      const context = this.#readBy(set)(request.context);
      const question = stringifyExactJson(cedarQuestion({ ...request, context }));
      if (this.#queuedCharacters + question.length > BOUNDS.judgeQueueCharacters) {
        this.#counts.dropped += 1;
        return;
      }
      this.#queue.push({ set, asked, compiled, question });
      this.#queuedCharacters += question.length;
    } catch (thrown) {
      this.#failed(asInterlockError(thrown).message);
    }
    this.#next();
  }

  #readBy({ hash, reference }: JudgedSet): ReturnType<typeof contextRead> {
    if (this.#reading?.hash !== hash) this.#reading = { hash, read: contextRead(reference) };
    return this.#reading.read;
  }

  /** A busy gateway decides first: what a share picks has a rate that it keeps to. */
  #isHasty(): boolean {
    if (this.#parts.share >= 1) return false;
    const now = this.#parts.clock.now();
    if (now >= this.#second + 1_000 || now < this.#second) [this.#second, this.#picked] = [now, 0];
    this.#picked += 1;
    return this.#picked > BOUNDS.judgedPerSecond;
  }

  /** Resolves when there is nothing left to judge. */
  idle(): Promise<void> {
    if (this.#current === undefined) return Promise.resolve();
    this.#idle ??= Promise.withResolvers();
    return this.#idle.promise;
  }

  /** What has not been judged is not any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#queue.length = 0;
    await this.#stop();
    this.#rest();
  }

  #next(): void {
    if (this.#current !== undefined || this.#closed) return;
    this.#current = this.#queue.shift();
    if (this.#current === undefined) return this.#rest();
    const { set, question } = this.#current;
    this.#queuedCharacters -= question.length;
    const worker = this.#worker ?? this.#start();
    const send = (request: JudgeRequest): void => worker.postMessage(request);
    if (this.#judgesBy !== set.hash) send({ policies: set.reference });
    this.#judgesBy = set.hash;
    send({ question });
    this.#cancelDeadline = this.#parts.clock.after(BOUNDS.judgeMs, () => this.#broke('the judge does not answer'));
  }

  #rest(): void {
    this.#idle?.resolve();
    this.#idle = undefined;
  }

  #start(): Worker {
    const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
    const url = this.#parts.worker ?? new URL(`./judge-worker${extension}`, import.meta.url);
    const worker = new Worker(url, {
      name: 'policy-judge',
      resourceLimits: { maxOldGenerationSizeMb: BOUNDS.policyCheckHeapMegabytes },
    });
    worker.unref();
    const ifCurrent = (work: () => void) => (): void => {
      if (worker === this.#worker) work();
    };
    worker.on('message', (answer: JudgeAnswer) => ifCurrent(() => this.#answered(answer))());
    worker.on(
      'error',
      ifCurrent(() => this.#broke('the judge broke')),
    );
    worker.on(
      'exit',
      ifCurrent(() => this.#broke('the judge ended')),
    );
    this.#worker = worker;
    this.#judgesBy = undefined;
    return worker;
  }

  #stop(): Promise<unknown> {
    this.#cancelDeadline?.();
    const worker = this.#worker;
    this.#worker = undefined;
    this.#current = undefined;
    return worker?.terminate() ?? Promise.resolve();
  }

  #answered(answer: JudgeAnswer): void {
    const judged = this.#current;
    this.#cancelDeadline?.();
    this.#current = undefined;
    if (judged !== undefined) this.#conclude(judged, answer);
    this.#next();
  }

  #conclude({ set, asked, compiled }: Pending, answer: JudgeAnswer): void {
    if ('failed' in answer) return this.#failed(answer.failed);
    this.#losses = 0;
    this.#told = false;
    const difference = differenceOf(compiled, answer.evaluation);
    this.#counts[difference === undefined ? 'agreed' : 'differed'] += 1;
    if (difference !== undefined) this.#parts.onDifference(set, asked, difference);
  }

  #broke(why: string): void {
    const wasAsked = this.#current !== undefined;
    void this.#stop();
    this.#losses += 1;
    if (wasAsked) this.#failed(why);
    if (this.#losses === LOSSES) this.#giveUpForAWhile();
    this.#next();
  }

  #giveUpForAWhile(): void {
    this.#counts.dropped += this.#queue.length;
    this.#queue.length = 0;
    this.#queuedCharacters = 0;
    this.#parts.clock.after(BOUNDS.judgeRestMs, () => {
      this.#losses = 0;
    });
  }

  #failed(why: string): void {
    this.#counts.failed += 1;
    if (!this.#told) this.#parts.onFailure(new InterlockError('POLICY_ENGINE_FAILED', why));
    this.#told = true;
  }
}
