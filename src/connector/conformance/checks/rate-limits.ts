import { BOUNDS } from '../../../lib/bounds.ts';
import type { ExecutionResult } from '../../contract.ts';
import type { Check } from '../check.ts';
import type { ConformanceSample, RateLimitExample } from '../fixtures.ts';
import { prepare, type Subject } from '../subject.ts';
import { wordsOf } from '../words-of.ts';
import type { World } from '../world.ts';

/** Each refusal of the fixtures stands in for every answer of the system. */
export const rateLimitsCheck: Check = {
  name: 'rate-limits',
  rule: 'whoever is refused for calling too often has done nothing, knows it, and waits as long as the system says',
  needs: 'simulator',
  async run(subject) {
    const { rateLimits } = subject.fixtures;
    const sample = await sampleToTry(subject);
    if (sample === undefined) return { cases: 0, problems: ['no sample makes a call that could be refused'] };
    const problems: string[] = [];
    for (const example of rateLimits) {
      const { status, dialect } = example;
      const problem = await subject
        .world((world) => refused({ example, sample, world }))
        .catch((thrown: unknown) => wordsOf(thrown));
      if (problem !== undefined) problems.push(`${status} (${dialect}): ${problem}`);
    }
    return { cases: rateLimits.length, problems };
  },
};

/** A write where there is one: a refusal must not leave its outcome open. */
async function sampleToTry(subject: Subject): Promise<ConformanceSample | undefined> {
  const samples = subject.samples('rate-limits');
  for (const sample of samples) if ((await subject.trace(sample)).effectAt === 0) return sample;
  for (const sample of samples) if ((await subject.trace(sample)).calls.length > 0) return sample;
  return undefined;
}

interface Refused {
  readonly example: RateLimitExample;
  readonly sample: ConformanceSample;
  readonly world: World;
}

async function refused({ example, sample, world }: Refused): Promise<string | undefined> {
  const { status, headers, body, waitsMs } = example;
  await prepare(sample, world);
  const before = world.effects().length;
  const waitsBefore = world.waitsMs.length;
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const answer = { status, headers: { 'content-type': 'application/json', ...headers }, body: text };
  world.wire.interfere(({ isSignIn }) => (isSignIn ? undefined : { when: 'instead', answer }));
  const result = await world.run(sample);
  if (world.effects().length > before) return 'it had an effect';
  return wrongWait(result, { waitsMs, waited: world.waitsMs.slice(waitsBefore) });
}

function wrongWait(
  result: ExecutionResult,
  { waitsMs, waited }: { readonly waitsMs: number | undefined; readonly waited: readonly number[] },
): string | undefined {
  if (result.status !== 'failed') return `its outcome is ${result.status}`;
  if (result.code !== 'RATE_LIMITED' && result.code !== 'SYSTEM_UNAVAILABLE') return `its code is ${result.code}`;
  const [first = result.retryAfterMs] = waited;
  if (waitsMs === undefined || waitsMs <= BOUNDS.outboundBackoffMs)
    return first === undefined || first <= BOUNDS.outboundBackoffMs ? undefined : `it waits ${first} ms unasked`;
  return first === waitsMs ? undefined : `it waits ${first ?? 0} ms instead of ${waitsMs}`;
}
