import { type Canary, openCanary } from '../canary.ts';
import type { Check } from '../check.ts';
import { stringsIn, withValueAt } from '../json-walk.ts';
import { prepare, type Subject, type Trace } from '../subject.ts';
import type { Interference, WireCall } from '../wire.ts';

/** No input, link, cursor or redirect takes a call, or the credential, anywhere else. */
export const originLockCheck: Check = {
  name: 'origin-lock',
  rule: 'no input, link or redirect of the system leads a call to another host or another path',
  needs: 'simulator',
  async run(subject) {
    const canary = await openCanary();
    const problems: string[] = [];
    let cases = 0;
    try {
      for (const sample of subject.samples('origin-lock')) {
        const trace = await subject.trace(sample);
        const led = await ledBySystem(subject, trace, canary);
        const sent = await ledByInput(subject, trace, canary);
        cases += led.cases + sent.cases;
        problems.push(...led.problems, ...sent.problems);
      }
    } finally {
      await canary.close();
    }
    return { cases, problems };
  },
};

interface Found {
  readonly cases: number;
  readonly problems: readonly string[];
}

/** The system answers with a redirect, or names the canary wherever it named itself. */
async function ledBySystem(subject: Subject, { sample, calls }: Trace, { origin, visits }: Canary): Promise<Found> {
  if (calls.length === 0) return { cases: 0, problems: [] };
  const redirects = [301, 303, 307].map((status): readonly [string, (own: string) => Interference] => [
    `a redirect (${status})`,
    () => ({ when: 'instead', answer: { status, headers: { location: `${origin}/elsewhere` }, body: '' } }),
  ]);
  const renamed = (own: string): Interference => ({
    when: 'rewrite',
    rewrite: ({ status, headers, body }) => ({
      status,
      headers: JSON.parse(JSON.stringify(headers).replaceAll(own, origin)),
      body: body.replaceAll(own, origin),
    }),
  });
  const problems: string[] = [];
  for (const [what, interfere] of [...redirects, ['links to another host', renamed] as const]) {
    const before = visits.length;
    await subject.world(async (world) => {
      await prepare(sample, world);
      world.wire.interfere(() => interfere(world.wire.origin));
      await ended(world.run(sample));
    });
    if (visits.length > before) problems.push(`${sample.operation}: follows ${what}: ${visits.at(-1)}`);
  }
  return { cases: redirects.length + 1, problems };
}

/** Every text of the input is replaced by what would lead elsewhere; most schemas refuse it before anything is sent. */
async function ledByInput(subject: Subject, { sample, definition, calls }: Trace, canary: Canary): Promise<Found> {
  const known = new Set(calls.map(shapeOf));
  const hostile = hostileTexts(canary.origin).flatMap((text) =>
    stringsIn(sample.input).map(({ at }) => ({ at, text, input: withValueAt(sample.input, at, text) })),
  );
  const taken = hostile.filter(({ input }) => definition.input.safeParse(input).success);
  if (taken.length === 0) return { cases: hostile.length, problems: [] };
  const problems: string[] = [];
  await subject.world(async (world) => {
    await prepare(sample, world);
    for (const { at, text, input } of taken) {
      const [callsBefore, visitsBefore] = [world.wire.calls.length, canary.visits.length];
      await ended(world.run({ ...sample, input }));
      const astray = world.wire.calls.slice(callsBefore).find((call) => isAstray(call, known));
      const where = `${sample.operation}: ${JSON.stringify(text)} in ${at.join('.')}`;
      if (canary.visits.length > visitsBefore) problems.push(`${where} calls another host`);
      if (astray !== undefined) problems.push(`${where} calls ${astray.method} ${astray.target}`);
    }
  });
  return { cases: hostile.length, problems };
}

function hostileTexts(origin: string): readonly string[] {
  const host = origin.slice('http://'.length);
  return [
    '../../admin',
    '..%2f..%2fadmin',
    '%2e%2e%2fadmin',
    '..',
    'x/../../admin',
    'x?admin=1',
    'x#y',
    `${origin}/x`,
    `//${host}/x`,
    `\\\\${host}\\x`,
    `@${host}/x`,
  ];
}

/** How many segments a path has: a value stands in exactly one. */
function shapeOf({ method, target }: WireCall): string {
  return `${method} ${pathOf(target).split('/').length}`;
}

function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? '';
}

/** A dot segment as it stands, or a path that the sample's calls do not have. A lost way may end early, never deeper. */
function isAstray(call: WireCall, known: ReadonlySet<string>): boolean {
  const segments = pathOf(call.target).split('/');
  const dots = segments.some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
  return dots || !known.has(shapeOf(call));
}

/** How it ends is another check's. */
async function ended(call: Promise<unknown>): Promise<void> {
  await call.then(
    () => undefined,
    () => undefined,
  );
}
