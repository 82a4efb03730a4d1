import { expect, test } from 'vitest';
import { Registry } from '../../src/connector/registry.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { loadPolicySet } from '../../src/policy/load-policy-set.ts';
import { parsePolicyCases } from '../../src/policy/policy-case.ts';
import { decideCase } from '../../src/runtime/decide-case.ts';
import { PERMIT_ALL } from '../support/test-gateway.ts';
import { filesConnector, Sources } from './files-connector.ts';

const POLICIES = `${PERMIT_ALL}
@id("known") @title("Who asks must be known.") @unless("fact(filesUserRisk, maxAge: 5m)") forbid(principal, action, resource);
@id("secret") @title("No secrets.") forbid(principal, action, resource)
when { context.facts has filesSecrets && context.facts.filesSecrets.value > 0 && context.facts.filesSecrets.ageMs < 60000 };`;

const CASES = `
- name: who is known opens what is clean
  action: { operation: files.file.open, input: { id: a } }
  facts: { filesUserRisk: { value: low, ago: 5m }, filesSecrets: { value: 0 } }
  expect: { decision: allow }
  but:
    - when: what is known is too old
      facts: { filesUserRisk: { value: low, ago: 6m } }
      expect: { decision: deny, policies: [known] }
    - when: nothing is known
      facts: {}
      expect: { decision: deny, policies: [known] }
    - when: the file has secrets
      facts: { filesUserRisk: { value: low }, filesSecrets: { value: 2, ago: 59s } }
      expect: { decision: deny, policies: [secret] }
    - when: it had secrets a minute ago
      facts: { filesUserRisk: { value: low }, filesSecrets: { value: 2, ago: 60s } }
      expect: { decision: allow }
`;

const registry = await Registry.connect([{ system: 'files', connector: filesConnector(new Sources()), settings: {} }], {
  clock: systemClock,
  baseDirectory: '.',
  log: () => undefined,
});
const { catalog } = registry;
const policySet = await loadPolicySet({ files: [{ name: 'p.cedar', text: POLICIES }], catalog });

test.each(parsePolicyCases('cases.yaml', CASES))('$name', async (question) => {
  const { decision } = await decideCase({ registry, catalog, policySet, now: 1_000_000_000 }, question);
  const { policies } = question.expect;
  expect({ decision: decision.decision, policies: policies && decision.reasons.map(({ policy }) => policy) }).toEqual({
    decision: question.expect.decision,
    policies,
  });
});

test('a case of a fact that nothing provides is no case', async () => {
  const [question] = parsePolicyCases('cases.yaml', CASES.replaceAll('filesSecrets', 'filesSecret'));
  if (question === undefined) throw new Error('there is no case');
  await expect(decideCase({ registry, catalog, policySet, now: 1_000_000_000 }, question)).rejects.toMatchObject({
    code: 'POLICY_INVALID',
  });
});

test('a policy on a fact that nothing provides does not load', async () => {
  const text = POLICIES.replaceAll('filesSecrets', 'filesSecret');
  await expect(loadPolicySet({ files: [{ name: 'p.cedar', text }], catalog })).rejects.toMatchObject({
    code: 'POLICY_INVALID',
  });
});
