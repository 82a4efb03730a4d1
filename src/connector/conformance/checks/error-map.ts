import type { Failure, FailureClass } from '../../contract.ts';
import type { HttpCall } from '../../http/http-client.ts';
import type { Check } from '../check.ts';
import { prepare, type Subject, type Trace } from '../subject.ts';
import { wordsOf } from '../words-of.ts';

const CLASSES: ReadonlySet<FailureClass> = new Set([
  'refused',
  'credential',
  'rate-limited',
  'unavailable',
  'ambiguous',
]);

/** Bodies that no vendor documents. The deep one is as deep as readers of JSON stand. */
const STRANGE: readonly (readonly [what: string, body: string])[] = [
  ['nothing', ''],
  ['null', 'null'],
  ['a number', '7'],
  ['a text', '"ok"'],
  ['a list', '[]'],
  ['an empty object', '{}'],
  ['an error', '{"error":"no","errors":[{"message":"no"}],"ok":false,"result":null,"data":null}'],
  ['half of an object', '{"id": "1'],
  ['a page of HTML', '<!doctype html><title>Sign in</title>'],
  ['deep lists', `${'['.repeat(200)}${']'.repeat(200)}`],
];

/** Whatever a system answers means something, and nothing that it answers is a bug here. */
export const errorMapCheck: Check = {
  name: 'error-map',
  rule: 'every status from 300 to 599 and every strange 200 means something, and none of them a clean failure of what was done',
  needs: 'simulator',
  async run(subject) {
    const statuses = await everyStatus(subject);
    const strange = await strangeAnswers(subject);
    return { cases: statuses.cases + strange.cases, problems: [...statuses.problems, ...strange.problems] };
  },
};

interface Found {
  readonly cases: number;
  readonly problems: readonly string[];
}

/** Asks the map itself where the connector speaks through the shared client. */
async function everyStatus({ failureOf }: Subject): Promise<Found> {
  if (failureOf === undefined) return { cases: 0, problems: [] };
  const call: HttpCall = { method: 'POST', path: '/conformance' };
  const problems: string[] = [];
  let cases = 0;
  for (let status = 300; status < 600; status++) {
    for (const [what, text] of STRANGE) {
      cases += 1;
      const body = bodyOf(text);
      try {
        const problem = problemOf(failureOf({ status, headers: {}, body }, call));
        if (problem !== undefined) problems.push(`${status} with ${what}: ${problem}`);
      } catch (thrown) {
        problems.push(`${status} with ${what}: throws ${wordsOf(thrown)}`);
      }
    }
  }
  return { cases, problems };
}

function problemOf(failure: Failure | undefined): string | undefined {
  if (failure === undefined) return 'counts as a success';
  if (!CLASSES.has(failure.class)) return `is of the class ${failure.class}, which there is not`;
  return typeof failure.detail === 'string' && failure.detail !== '' ? undefined : 'has no detail';
}

function bodyOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The answer to the call that had the effect, or to the last one of what only reads, is replaced. */
async function strangeAnswers(subject: Subject): Promise<Found> {
  const problems: string[] = [];
  let cases = 0;
  for (const sample of subject.samples('error-map')) {
    const trace = await subject.trace(sample);
    if (trace.calls.length === 0) continue;
    for (const [what, body] of STRANGE) {
      cases += 1;
      const words = await strangeAnswer(subject, trace, body).catch((thrown: unknown) => `throws ${wordsOf(thrown)}`);
      if (words !== undefined) problems.push(`${sample.operation}, answered 200 with ${what}: ${words}`);
    }
  }
  return { cases, problems };
}

function strangeAnswer(
  subject: Subject,
  { sample, calls, effectAt }: Trace,
  body: string,
): Promise<string | undefined> {
  return subject.world(async (world) => {
    await prepare(sample, world);
    const before = world.effects().length;
    const at = effectAt ?? calls.length - 1;
    const type = body.startsWith('<') ? 'text/html' : 'application/json';
    const answer = { status: 200, headers: { 'content-type': type }, body };
    world.wire.interfere((_call, index) => (index === at ? { when: 'after', answer } : undefined));
    const result = await world.run(sample);
    const happened = world.effects().length > before;
    return result.status === 'failed' && happened ? `failed cleanly (${result.detail}) and had its effect` : undefined;
  });
}
