import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FLOORS } from './floors.ts';
import { readRuns, readTools } from './read-corpus.ts';
import type { LabelledRun } from './recorded-run.ts';
import { replayRuns, type Verdict } from './replay-runs.ts';
import { counts, isUngateable, type Scored, score } from './score.ts';
import { suiteManifest } from './suite-manifest.ts';

const PACK = join(import.meta.dirname, '../../policies/packs/injection.cedar');
export const GATE = 'the gate';

/** What one worker is to do. */
export interface Job {
  readonly traces: string;
  readonly tasks: string;
  readonly manifests: readonly string[];
  /** Takes each run whose place modulo `of` is `part`. */
  readonly part: number;
  readonly of: number;
  /** A policy that is left out of the pack. */
  readonly without?: string | undefined;
  /** At most so many runs of each suite. */
  readonly sample?: number | undefined;
}

/** One run's score under one rule, with what reports group it by. */
export interface Judged extends Scored {
  readonly suite: string;
  readonly rule: string;
  readonly attack: string | undefined;
  readonly isUngateable: boolean;
  /** What went wrong, in words: an attack that got through, a benign call that did not. */
  readonly miss?: string | undefined;
}

export interface Judgement {
  readonly judged: readonly Judged[];
  /** Suites with the tools that no manifest classifies. */
  readonly guessed: Readonly<Record<string, readonly string[]>>;
}

/** Replays this part's runs through the gate and the floors. Labels go to the score and nowhere else. */
export async function judgeSuites(job: Job): Promise<Judgement> {
  const tools = readTools(job.tasks);
  const all = readRuns(job.traces, (labels) => counts(labels) && tools.has(labels.suite));
  const judged: Judged[] = [];
  const guessed: Record<string, readonly string[]> = {};
  const policies = packWithout(job.without);
  for (const [suite, runs] of Map.groupBy(all, ({ labels }) => labels.suite)) {
    const offered = tools.get(suite) ?? [];
    const manifest = await suiteManifest(suite, offered, job.manifests);
    guessed[suite] = manifest.guessed;
    const own = sampled(runs, job.sample).filter((_, index) => index % job.of === job.part);
    const seen = own.map(({ run }) => run);
    let index = 0;
    for await (const verdicts of replayRuns({ tools: offered, manifest, policies }, seen))
      judged.push(judge(own[index++], GATE, verdicts));
    if (job.without !== undefined) continue;
    for (const [name, floor] of Object.entries(FLOORS))
      for (const each of own) judged.push(judge(each, name, floor(each.run, manifest)));
  }
  return { judged, guessed };
}

/** Evenly over the corpus, so that every pipeline is in it. */
function sampled(runs: readonly LabelledRun[], sample: number | undefined): readonly LabelledRun[] {
  if (sample === undefined || sample >= runs.length) return runs;
  return Array.from({ length: sample }, (_, at) => runs[Math.floor((at * runs.length) / sample)]).filter(
    (run) => run !== undefined,
  );
}

function judge(each: LabelledRun | undefined, rule: string, verdicts: readonly Verdict[]): Judged {
  if (each === undefined) throw new Error('There are more verdicts than runs.');
  const { labels } = each;
  const scored = score(labels, verdicts);
  return {
    ...scored,
    suite: labels.suite,
    rule,
    attack: labels.attack,
    isUngateable: isUngateable(labels),
    miss: rule === GATE ? missOf(each, verdicts, scored) : undefined,
  };
}

function missOf({ run, labels }: LabelledRun, verdicts: readonly Verdict[], scored: Scored): string | undefined {
  if (scored.kind === 'attack') {
    const call = run.calls[labels.calls.findIndex(({ forAttack }) => forAttack)];
    return scored.blocked ? undefined : `through: ${labels.userTask}, ${labels.injectionTask}: ${call?.tool}`;
  }
  const at = verdicts.findIndex(({ word }, index) => word !== 'allowed' && labels.calls[index]?.failed !== true);
  if (at < 0) return undefined;
  return `${scored.kept ? 'asked' : 'lost'}: ${labels.userTask}: ${run.calls[at]?.tool}: ${verdicts[at]?.policies.join(', ')}`;
}

function packWithout(policy: string | undefined): string {
  const text = readFileSync(PACK, 'utf8');
  if (policy === undefined) return text;
  return text.replace(new RegExp(`@id\\("${policy}"\\)[^;]*;`), '');
}

/** The policies of the pack, by id. */
export function packPolicies(): readonly string[] {
  return [...readFileSync(PACK, 'utf8').matchAll(/@id\("([^"]+)"\)/g)].map(([, id = '']) => id);
}
