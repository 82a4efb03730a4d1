import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowLog } from '../../action/log-port.ts';
import type { Check, Findings } from '../../connector/conformance/check.ts';
import { secretsOf } from '../../connector/conformance/secrets-of.ts';
import type { Subject } from '../../connector/conformance/subject.ts';
import type { World } from '../../connector/conformance/world.ts';
import type { Caller, Interlock, Operator } from '../../gate/interlock.ts';
import { systemClock } from '../../lib/clock.ts';
import { createMemoryLog } from '../../workflow/memory-log.ts';
import { parseConfig } from '../config.ts';
import { createLogger } from '../logger.ts';
import { startGateway } from '../start-gateway.ts';

const PERMIT = '@id("permit") @title("Everything is permitted.") permit (principal, action, resource);';

/** Three policies under which nothing may be sent, and one under which it must be. */
const POLICIES: readonly (readonly [what: string, policies: string, decision: 'allow' | 'deny'])[] = [
  ['no policy', '', 'deny'],
  [
    'a policy that forbids everything',
    `${PERMIT} @id("forbid") @title("Nothing is permitted.") forbid (principal, action, resource);`,
    'deny',
  ],
  [
    'a policy that fails',
    `${PERMIT} @id("fails") @title("Overflows.") forbid (principal, action, resource)
       when { context.effect.count + 9223372036854775807 < 0 };`,
    'deny',
  ],
  ['a policy that permits everything', PERMIT, 'allow'],
];

const TENANT = 'conformance';
const OPERATOR: Operator = {
  kind: 'operator',
  id: 'conformance',
  tenant: TENANT,
  rights: new Set(['open']),
  groups: [],
};

/** Through the real gate: what is not allowed sends nothing, and what is recorded holds no credential. */
export const gateCheck: Check = {
  name: 'gate',
  rule: 'nothing is sent before an allow, and what the gate records holds no credential',
  needs: 'simulator',
  async run(subject) {
    const found: Findings[] = [];
    // Real time: a gateway has deadlines of its own.
    for (const [what, policies, decision] of POLICIES)
      found.push(
        await subject.world((world) => underPolicy({ subject, world, what, policies, decision }), systemClock),
      );
    return {
      cases: found.reduce((sum, { cases }) => sum + cases, 0),
      problems: found.flatMap(({ problems }) => problems),
    };
  },
};

interface Trial {
  readonly subject: Subject;
  readonly world: World;
  readonly what: string;
  readonly policies: string;
  readonly decision: 'allow' | 'deny';
}

async function underPolicy(trial: Trial): Promise<Findings> {
  const { subject, world, what, decision } = trial;
  const log = createMemoryLog();
  const samples = subject.samples('gate');
  const problems: string[] = [];
  let connected = 0;
  const recorded = await withGateway(trial, log, async (interlock, agent) => {
    connected = world.wire.calls.length;
    for (const { operation, input } of samples) {
      const answer = await interlock.run(agent, { operation, input });
      if (answer.decision !== decision) problems.push(`${operation} under ${what}: the decision is ${answer.decision}`);
    }
    return everythingIn(log);
  });
  await world.wire.arrived();
  const sent = world.wire.calls.slice(connected);
  if (decision === 'deny' && sent.length > 0)
    problems.push(
      `under ${what}: ${sent.length} requests were sent, the first to ${sent[0]?.method} ${sent[0]?.target}`,
    );
  if (decision === 'allow' && sent.length === 0) problems.push(`under ${what}: nothing was sent`);
  const secrets = secretsOf(subject.connector.settings, world.settings).filter((secret) => secret.length >= SHORTEST);
  if (secrets.some((secret) => recorded.includes(secret))) problems.push(`under ${what}: the log holds a credential`);
  return { cases: samples.length, problems };
}

/** Shorter texts are words, and stand where they like. */
const SHORTEST = 8;

async function withGateway<T>(
  { subject: { connector }, world: { settings }, policies }: Trial,
  log: WorkflowLog,
  work: (interlock: Interlock, agent: Caller) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'interlock-conformance-'));
  try {
    writeFileSync(join(directory, 'policies.cedar'), policies);
    const place = { file: 'conformance', baseDirectory: directory };
    const { interlock } = await startGateway({
      config: parseConfig({ policies: ['policies.cedar'], judge: { share: 0 } }, place),
      connectors: [{ system: connector.system, connector, settings }],
      logger: createLogger('silent'),
      log,
    });
    try {
      const { id } = await interlock.open(OPERATOR, { onBehalfOf: { id: 'conformance' } });
      const { token } = await interlock.openSession(OPERATOR, id, { agent: 'conformance' });
      return await work(interlock, await interlock.authenticate(token));
    } finally {
      await interlock.close();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function everythingIn(log: WorkflowLog): Promise<string> {
  const streams = await log.list({});
  const events = await Promise.all(streams.map((stream) => log.read(stream)));
  return JSON.stringify(events);
}
