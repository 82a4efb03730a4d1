import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import type { PolicyEvaluator, PolicySet } from '../../src/action/policy-port.ts';
import { propose } from '../../src/gate/propose.ts';
import { randomIds } from '../../src/lib/ids.ts';
import { buildPolicyRequest } from '../../src/policy/build-request.ts';
import { loadPolicySet } from '../../src/policy/load-policy-set.ts';
import { operationMapping } from '../../src/policy/operation-mapping.ts';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger, type Logger } from '../../src/runtime/logger.ts';
import { SYSTEM_STREAM } from '../../src/runtime/policy-journal.ts';
import { readPolicies } from '../../src/runtime/read-policies.ts';
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { workflow } from '../policy/question.ts';
import { newDirectory, PERMIT_ALL, type TestGateway, testGateway } from '../support/test-gateway.ts';

const READ = { operation: 'notes.note.read', input: { id: 'n1' } };
const NEVER = '@id("never") @title("Never.") forbid(principal, action, resource);';
const WRITE = { operation: 'notes.note.write', input: { id: 'n', text: 'x', copies: 5 } };
const onWrite = (when: string): string =>
  `forbid(principal, action == Action::"notes.note.write", resource) when { ${when} };`;
/** Changes five copies to three, */
const CAP = `${PERMIT_ALL} @id("cap") @title("Few.") @unless("cap(input.copies, 3)") ${onWrite('context.input.copies > 3')}`;
/** and with this one denies what it has become. */
const NOT_THREE = `${CAP} @id("three") @title("Not three.") ${onWrite('context.input.copies == 3')}`;
const forbidding = (id: string): string => `${PERMIT_ALL} ${NEVER.replace('never', id)}`;

function write({ directory }: Pick<TestGateway, 'directory'>, policies: string): void {
  writeFileSync(join(directory, 'policies.cedar'), policies);
}

/** A logger whose error lines can be looked at. */
function listening(): { readonly logger: Logger; readonly errors: string[] } {
  const errors: string[] = [];
  return { errors, logger: pino({ level: 'error' }, { write: (line) => errors.push(JSON.parse(line).msg) }) };
}

/** The compiled evaluator of the set in force overlooks every forbid. */
function blind(gateway: TestGateway): void {
  const evaluator = gateway.policySet().evaluator as { -readonly [K in keyof PolicyEvaluator]: PolicyEvaluator[K] };
  const { evaluate } = evaluator;
  evaluator.evaluate = (request) => ({ ...evaluate.call(evaluator, request), forbids: [] });
}

describe('reloads', () => {
  test('asked for at once happen one after the other, and the newest wins', async () => {
    const log = createMemoryLog();
    const gateway = await testGateway({ log });
    const reloading = ['a', 'b', 'c'].map((id) => {
      write(gateway, forbidding(id));
      return gateway.reloadPolicies(id);
    });
    await Promise.all(reloading);
    expect(gateway.policySet().policies.has('c')).toBe(true);
    const recorded = (await log.read(SYSTEM_STREAM)).map(({ payload }) => JSON.parse(payload ?? '{}').policySet);
    expect(recorded.at(-1)).toBe(gateway.policySet().hash);
    const { run } = await gateway.agent();
    expect(await run(READ)).toMatchObject({ decision: 'deny', reasons: [{ policy: 'c' }] });
  });

  test('that fail hold up none that follow, and change nothing', async () => {
    const gateway = await testGateway({ policies: NEVER, log: createMemoryLog() });
    const { hash } = gateway.policySet();
    write(gateway, 'permit(');
    const failing = gateway.reloadPolicies('root');
    await expect(failing).rejects.toMatchObject({ code: 'POLICY_INVALID' });
    expect(gateway.policySet().hash).toBe(hash);
    write(gateway, forbidding('other'));
    expect((await gateway.reloadPolicies('root')).policies.has('other')).toBe(true);
  });

  test.for([
    ['are gone', (file: string) => rmSync(file), 'CONFIG_INVALID'],
    ['are empty', (file: string) => writeFileSync(file, ''), 'POLICY_INVALID'],
    ['are cut short', (file: string) => writeFileSync(file, forbidding('x').slice(0, -1)), 'POLICY_INVALID'],
    ['have become a folder without any', (file: string) => { rmSync(file); mkdirSync(file); }, 'POLICY_INVALID'],
  ] as const)('of files that %s leave the former ones in force', async ([, break_, code]) => {
    const gateway = await testGateway({ policies: NEVER, log: createMemoryLog() });
    const before = gateway.policySet();
    break_(join(gateway.directory, 'policies.cedar'));
    await expect(gateway.reloadPolicies('root')).rejects.toMatchObject({ code });
    expect(gateway.policySet()).toBe(before);
    const { run } = await gateway.agent();
    expect(await run(READ)).toMatchObject({ decision: 'deny' });
  }); // biome-ignore format: cases as a table

  test('during decisions give each decision one set, through all of its evaluations', async () => {
    const gateway = await testGateway({ policies: CAP, log: createMemoryLog() });
    const { run } = await gateway.agent();
    const expected = new Map([[gateway.policySet().hash, 'modify']]);
    // Under the first set the changed input stands; under the other one it is denied: a mixture would be neither's answer.
    const answers = [];
    for (const policies of [NOT_THREE, CAP, NOT_THREE]) {
      write(gateway, policies);
      const reloading = gateway.reloadPolicies('root');
      const acting = Array.from({ length: 10 }, () => run(WRITE));
      const { hash } = await reloading;
      expected.set(hash, policies === CAP ? 'modify' : 'deny');
      answers.push(...(await Promise.all(acting)), await run(WRITE));
    }
    expect(new Set(answers.map(({ decision }) => decision))).toEqual(new Set(['modify', 'deny']));
    for (const { policySet, decision } of answers) expect(decision).toBe(expected.get(policySet));
  });
});

test('a set that comes into force between the two evaluations of one decision has no part in it', async () => {
  const gateway = await testGateway({ log: createMemoryLog(), judgedShare: 0 });
  const { catalog, registry } = gateway;
  const load = (text: string) => loadPolicySet({ files: [{ name: 'p.cedar', text }], catalog });
  const [before, after] = await Promise.all([load(CAP), load(NOT_THREE)]);
  const mappings = new Map(catalog.operations.map((known) => [known.operation, operationMapping(known)]));
  const principal = { tenant: 'tenant', workflow: 'workflow', session: 'agent', agent: 'agent', onBehalfOf: 'user' };
  const action = registry.normalise({ call: WRITE, id: 'w', mode: 'run', principal });
  const decideWith = (swap: boolean) => {
    let current: PolicySet = before;
    let evaluations = 0;
    const { events } = propose(
      {
        registry,
        ids: randomIds(),
        controls: () => workflow(),
        policySet: () => current,
        evaluate: (used, candidate, view, now) => {
          const mapping = mappings.get(candidate.operation);
          if (mapping === undefined) throw new Error('the catalog has the operation');
          evaluations += 1;
          if (swap) current = after;
          return used.evaluator.evaluate(buildPolicyRequest({ action: candidate, view, now, mapping }));
        },
      },
      action,
      workflow(),
      5_000,
    );
    return { evaluations, payload: events[0]?.payload };
  };
  const expected = { evaluations: 2, payload: { decision: 'modify', policySet: before.hash, input: { copies: 3 } } };
  expect(decideWith(false)).toMatchObject(expected);
  expect(decideWith(true)).toMatchObject(expected);
});

describe('a start', () => {
  test.for([
    ['invalid policies', 'permit(', 'POLICY_INVALID'],
    ['no policy file', undefined, 'CONFIG_INVALID'],
  ] as const)('with %s is refused, although a good set was in force and is kept', async ([, broken, code]) => {
    const directory = newDirectory();
    const config = parseConfig(
      { data: 'data', policies: ['policies.cedar'] },
      { file: 'test', baseDirectory: directory },
    );
    const start = () => startGateway({ config, logger: createLogger('silent') });
    write({ directory }, PERMIT_ALL);
    await (await start()).interlock.close();
    expect(readdirSync(join(directory, 'data', 'policy-sets')).length).toBe(1);
    if (broken === undefined) rmSync(join(directory, 'policies.cedar'));
    else write({ directory }, broken);
    await expect(start()).rejects.toMatchObject({ code });
  });
});

describe('a set that is evaluated wrongly', () => {
  test('is found, told, recorded, and evaluated by the reference from then on, after a restart too', async () => {
    const { logger, errors } = listening();
    const log = createMemoryLog();
    const gateway = await testGateway({ policies: forbidding('never'), log, logger, mayDiffer: true });
    const { run, workflow: id } = await gateway.agent();
    blind(gateway);
    const wrong = await run({ ...READ, id: 'wrong' });
    expect(wrong).toMatchObject({ decision: 'allow' });
    await gateway.judge.idle();
    expect(await run(READ)).toMatchObject({ decision: 'deny', reasons: [{ policy: 'never' }] });
    expect(errors).toEqual(['policies were evaluated wrongly; they are evaluated slowly from now on']);
    expect(gateway.interlock.metrics()).toContainEqual(
      expect.objectContaining({ name: 'interlock_policy_distrusted', samples: [{ labels: {}, value: 1 }] }),
    );
    const { hash } = gateway.policySet();
    await expect.poll(async () => (await log.read(SYSTEM_STREAM)).at(-1)?.type).toBe('policy.disagreed');
    expect(JSON.parse((await log.read(SYSTEM_STREAM)).at(-1)?.payload ?? '')).toMatchObject({
      policySet: hash,
      tenant: 'acme',
      workflow: id,
      action: 'wrong',
      operation: 'notes.note.read',
      compiled: { permits: [], forbids: [], errors: [] },
      reference: { permits: [], forbids: ['never'], errors: [] },
    });

    const next = await testGateway({ directory: gateway.directory, policies: forbidding('never'), log });
    const isSlow = (): unknown =>
      next.interlock.metrics().find(({ name }) => name === 'interlock_policy_distrusted')?.samples[0]?.value;
    expect(isSlow()).toBe(1);
    expect(await (await next.agent()).run(READ)).toMatchObject({ decision: 'deny' });
    expect(next.judge.counts.agreed).toBe(0);
    write(next, forbidding('changed'));
    await next.reloadPolicies('root');
    expect(isSlow()).toBe(0);
    write(next, forbidding('never'));
    await next.reloadPolicies('root');
    expect(isSlow()).toBe(1);
  });

  test('changes nothing of what is not judged', async () => {
    const gateway = await testGateway({ policies: forbidding('never'), log: createMemoryLog(), judgedShare: 0 });
    const { run } = await gateway.agent();
    blind(gateway);
    expect([await run(READ), await run(READ)]).toMatchObject([{ decision: 'allow' }, { decision: 'allow' }]);
    expect(gateway.judge.counts).toEqual({ agreed: 0, differed: 0, failed: 0, dropped: 0 });
  });

  test('is activated again, not mistaken for the last one activated', async () => {
    const log = createMemoryLog();
    const gateway = await testGateway({ policies: forbidding('never'), log, mayDiffer: true });
    blind(gateway);
    await (await gateway.agent()).run(READ);
    await gateway.judge.idle();
    await expect.poll(async () => (await log.read(SYSTEM_STREAM)).at(-1)?.type).toBe('policy.disagreed');
    await gateway.reloadPolicies('root');
    expect((await log.read(SYSTEM_STREAM)).map(({ type }) => type)).toEqual(['policy.activated', 'policy.disagreed']);
  });
});

describe('policy files', () => {
  const folder = (): string => {
    const directory = newDirectory();
    mkdirSync(join(directory, 'p', 'inner'), { recursive: true });
    for (const name of ['b.cedar', 'a.cedar', join('inner', 'c.cedar'), 'notes.md'])
      writeFileSync(join(directory, 'p', name), name);
    return directory;
  };

  test('are all files below a folder, in the order of their names', () => {
    expect(readPolicies(['p'], folder()).map(({ name }) => name)).toEqual([
      'p/a.cedar',
      'p/b.cedar',
      'p/inner/c.cedar',
    ]);
  });

  test('that are larger than any set are refused before they are read', () => {
    const directory = newDirectory();
    writeFileSync(join(directory, 'p.cedar'), Buffer.alloc(32_000_001, ' '));
    expect(() => readPolicies(['p.cedar'], directory)).toThrowError(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });

  test('that change while they are read are read again, and refused where they go on changing', () => {
    const directory = folder();
    let reads = 0;
    const paths = {
      flatMap: <T>(map: (path: string) => readonly T[]): T[] => {
        reads += 1;
        if (reads <= stopAfter) writeFileSync(join(directory, 'p', 'a.cedar'), 'x'.repeat(reads));
        return ['p'].flatMap((path) => [...map(path)]);
      },
    } as unknown as readonly string[]; // the one member that is used
    let stopAfter = 2;
    expect(readPolicies(paths, directory)[0]?.text).toBe('xx');
    [reads, stopAfter] = [0, 100];
    expect(() => readPolicies(paths, directory)).toThrowError(
      expect.objectContaining({ message: 'the policies change while they are read' }),
    );
  });
});
