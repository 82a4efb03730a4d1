import type { ExecutionResult, ProbeResult } from '../../contract.ts';
import type { Check } from '../check.ts';
import { secretsOf } from '../secrets-of.ts';
import { prepare, type Subject, type Trace } from '../subject.ts';
import type { WireCall, WireReply } from '../wire.ts';
import { wordsOf } from '../words-of.ts';

/** Shorter texts are words, and stand where they like. */
const SHORTEST = 8;
/** What the echoing system answers; each stands for a way in which a credential comes back. */
const ECHOED = [200, 400, 401, 403, 500] as const;

/** The credential is in its place on the wire, and nowhere else. */
export const redactionCheck: Check = {
  name: 'redaction',
  rule: 'a credential stands in its own place on the wire and nowhere in results, errors or log lines',
  needs: 'simulator',
  async run(subject) {
    const problems: string[] = [];
    let cases = 0;
    for (const sample of subject.samples('redaction')) {
      const trace = await subject.trace(sample);
      const secrets = credentialsOf(subject, trace);
      if (secrets.length === 0 || trace.calls.length === 0) continue;
      cases += 1 + ECHOED.length;
      problems.push(
        ...trace.calls.flatMap((call) => misplaced(call, secrets).map((at) => `${sample.operation}: ${at}`)),
      );
      if (holds(secrets, trace.result)) problems.push(`${sample.operation}: its result holds a credential`);
      problems.push(...(await echoProblems(subject, trace)));
    }
    return { cases, problems };
  },
};

/** The secrets of the settings, and whatever was sent as an authorization: tokens that they were exchanged for. */
function credentialsOf(
  { connector }: Subject,
  { settings, calls }: Pick<Trace, 'settings' | 'calls'>,
): readonly string[] {
  return [...new Set([...secretsOf(connector.settings, settings), ...sentCredentials(calls)])].filter(
    (secret) => secret.length >= SHORTEST,
  );
}

function sentCredentials(calls: readonly WireCall[]): readonly string[] {
  return calls.flatMap(({ headers }) => {
    const value = headers.authorization;
    return value === undefined ? [] : [value.slice(value.indexOf(' ') + 1)];
  });
}

function misplaced(
  { method, target, headers, body, isSignIn }: WireCall,
  secrets: readonly string[],
): readonly string[] {
  const path = target.split('?', 1)[0] ?? '';
  const call = `${method} ${path}`;
  const inHeaders = Object.keys(headers).filter((name) =>
    secrets.some((secret) => String(headers[name]).includes(secret)),
  );
  return [
    ...(secrets.some((secret) => decoded(target).includes(secret))
      ? [`${call} carries a credential in its address`]
      : []),
    ...(!isSignIn && secrets.some((secret) => body.includes(secret))
      ? [`${call} carries a credential in its body`]
      : []),
    ...(inHeaders.length > 1 ? [`${call} carries a credential in ${inHeaders.join(' and ')}`] : []),
  ];
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target.replaceAll('+', ' '));
  } catch {
    return target;
  }
}

function holds(secrets: readonly string[], value: unknown): boolean {
  const text = JSON.stringify(value) ?? '';
  return secrets.some((secret) => text.includes(JSON.stringify(secret).slice(1, -1)));
}

/** The system says back what it was sent: in its errors, and in every text of a true answer. */
async function echoProblems(subject: Subject, trace: Trace): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const status of ECHOED) {
    const leak = await echoed(subject, trace, status);
    if (leak !== undefined)
      problems.push(`${trace.sample.operation}, answered ${status} with its own headers: ${leak}`);
  }
  return problems;
}

function echoed(subject: Subject, { sample }: Trace, status: number): Promise<string | undefined> {
  return subject.world(async (world) => {
    await prepare(sample, world);
    world.wire.interfere((call) => {
      if (call.isSignIn) return undefined;
      return {
        when: 'rewrite',
        rewrite: (reply) => (status === 200 ? saidIn(reply, call) : saidAsError(status, call)),
      };
    });
    const outcome: ExecutionResult | ProbeResult | string = await world
      .run(sample)
      .catch((thrown: unknown) => wordsOf(thrown));
    const secrets = credentialsOf(subject, { settings: world.settings, calls: world.wire.calls });
    if (holds(secrets, outcome)) return `its ${typeof outcome === 'string' ? 'error' : 'result'} holds the credential`;
    return holds(secrets, world.logged) ? 'its log lines hold the credential' : undefined;
  });
}

/** Every text of a true answer, longer by what was sent. */
function saidIn(reply: WireReply, call: WireCall): WireReply {
  try {
    const value = JSON.parse(reply.body, (name, inner) =>
      typeof inner === 'string' && /description|name|title|comment|summary|note|text|message/i.test(name)
        ? `${inner} ${String(call.headers.authorization ?? '')}`
        : inner,
    );
    return { ...reply, body: JSON.stringify(value) };
  } catch {
    return reply;
  }
}

function saidAsError(status: number, { headers }: WireCall): WireReply {
  const said = `You sent ${JSON.stringify(headers)}`;
  const body = {
    error: { message: said, detail: said },
    errorCode: 'E1',
    errorSummary: said,
    message: said,
    errors: [{ message: said }],
    detail: said,
  };
  return { status, headers: { 'content-type': 'application/json', 'x-echo': said }, body: JSON.stringify(body) };
}
