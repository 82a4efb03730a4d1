import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import wiz from '../../../connectors/wiz/index.ts';
import { SEED } from '../../../connectors/wiz/simulator/tenant.ts';
import type { Simulator } from '../../../src/connector/contract.ts';
import { Registry } from '../../../src/connector/registry.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { JsonObject } from '../../../src/lib/json.ts';

let simulator: Simulator;
let registry: Registry;

beforeEach(async () => {
  if (wiz.simulate === undefined) throw new Error('there is no simulator');
  simulator = await wiz.simulate({ port: 0 });
  const environment = { clock: systemClock, baseDirectory: '.', log: () => undefined };
  registry = await Registry.connect([{ system: 'wiz', connector: wiz, settings: simulator.settings }], environment);
});
afterEach(async () => {
  await registry.close();
  await simulator.close();
});

const principal = { tenant: 't', workflow: 'w', session: 's', agent: 'a', onBehalfOf: 'ada' };

function partsOf(document: string, more: JsonObject = {}) {
  const call = { operation: 'wiz.graphql.execute', input: { document, ...more } };
  const { parts = [], effect } = registry.normalise({ call, id: 'x', mode: 'run', principal });
  return { effect, parts: parts.map(({ operation, input }) => [operation, input] as const) };
}

const REJECT = `updateIssue(input: { id: "${SEED.issue}", patch: { status: "REJECTED" } }) { issue { id } }`;
const rejected = ['wiz.issue.update', { id: SEED.issue, patch: { status: 'REJECTED' } }] as const;

describe('a document is judged by what it does', () => {
  test.each([
    ['under another name', `mutation { harmless: ${REJECT} }`],
    ['in a fragment', `mutation { ...f } fragment f on Mutation { ${REJECT} }`],
    [
      'in a fragment of a fragment',
      `mutation { ...g } fragment f on Mutation { ${REJECT} } fragment g on Mutation { ...f }`,
    ],
    ['in an inline fragment', `mutation { ... on Mutation { ... { ${REJECT} } } }`],
    ['with @include that may be false', `mutation M($no: Boolean = false) { ... @include(if: $no) { ${REJECT} } }`],
    ['with @skip', `mutation { ${REJECT.replace(') {', ') @skip(if: true) {')} }`],
    ['beside its type name', `mutation { __typename ${REJECT} }`],
  ])('%s', (_, document) => {
    const { parts, effect } = partsOf(document);
    expect(parts).toEqual([rejected]);
    expect(effect).toMatchObject({ kind: 'isolate', privileged: true });
  });

  test('with what its variables and their defaults are', () => {
    const document = `mutation M($input: UpdateIssueInput!, $status: String = "REJECTED") {
      a: updateIssue(input: $input) { issue { id } }
      b: updateIssue(input: { id: "${SEED.issue}", patch: { status: $status } }) { issue { id } }
    }`;
    const input = { id: 'issue-open-2', patch: { status: 'OPEN' } };
    expect(partsOf(document, { variables: { input } }).parts).toEqual([['wiz.issue.update', input], rejected]);
  });

  test('by the operation that is named, and by no other', () => {
    const document = `query Look { issuesV2 { nodes { id } pageInfo { hasNextPage } } } mutation Hide { ${REJECT} }`;
    expect(partsOf(document, { operationName: 'Hide' }).parts).toEqual([rejected]);
    expect(partsOf(document, { operationName: 'Look' }).effect).toMatchObject({ kind: 'read' });
  });
});

test.each([
  ['a field that is no operation', 'mutation { deleteEverything { id } }'],
  ['a read that is no operation', 'query { users { nodes { id } } }'],
  ['the schema itself', 'query { __schema { types { name } } }'],
  ['a mutation that is written as a query', `query { ${REJECT} }`],
  ['a subscription', 'subscription { issuesV2 { nodes { id } } }'],
  ['two operations without saying which', `query A { issuesV2 { nodes { id } } } mutation B { ${REJECT} }`],
  ['a definition that is none of a document', `mutation { ${REJECT} } type Query { a: Int }`],
  ['a fragment in itself', 'mutation { ...f } fragment f on Mutation { ...f }'],
  ['a fragment that is missing', 'mutation { ...f }'],
  [
    'an argument that the operation does not have',
    `mutation { updateIssue(input: { id: "${SEED.issue}", patch: { owner: "x" } }) { issue { id } } }`,
  ],
  [
    'an argument beside the input',
    `mutation { deleteConnector(input: { id: "${SEED.connector}" }, force: true) { _stub } }`,
  ],
  ['no GraphQL', 'mutation {'],
  ['nothing', 'query { __typename }'],
  ['too deep nesting', `query { issuesV2 ${'{ nodes '.repeat(20)}{ id }${' }'.repeat(20)} }`],
  ['too many parts', `mutation { ${Array.from({ length: 101 }, (_, at) => `a${at}: ${REJECT}`).join(' ')} }`],
])('%s is refused before anything is sent', (_, document) => {
  expect(() => partsOf(document)).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/^(INVALID_INPUT|TOO_LARGE)$/) }),
  );
  expect(simulator.audit()).toEqual([]);
});

test('each field says for itself what came of it', async () => {
  const document = `mutation {
    done: createIssueNote(input: { issueId: "${SEED.issue}", text: "x" }) { issueNote { id } }
    gone: deleteConnector(input: { id: "connector-other" }) { _stub }
  }`;
  const { definition, context } = registry.operation('wiz.graphql.execute');
  const input = definition.input.parse({ document });
  const done = await definition.execute(input, context('il-1', AbortSignal.timeout(10_000)));
  if (done.status !== 'succeeded' || definition.kind === 'read' || definition.batch === undefined)
    throw new Error('it failed');
  const outcomes = definition.batch.outcomes(definition.output.parse(done.result), input);
  expect(outcomes).toEqual([{ status: 'succeeded' }, { status: 'failed', detail: 'connector-other does not exist' }]);
  expect(simulator.audit().map(({ effect }) => effect)).toEqual(['issue.add-note']);
});
