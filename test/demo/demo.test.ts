import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoRun, runDemo } from './run-demo.ts';

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-demo-'));
  folders.push(folder);
  return folder;
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** What falls until the reader is asked, line by line. */
const FALLEN = [
  ['portal', 'servicenow.incident.create', 'allow'],
  ['hr-agent', 'workday.worker.list', 'allow'],
  ['hr-agent', 'workday.worker.get', 'modify'],
  ['identity-agent', 'okta.user.list', 'modify'],
  ['identity-agent', 'okta.group.list', 'allow'],
  ['identity-agent', 'okta.user.create', 'allow'],
  ['service-desk-agent', 'servicenow.incident.create', 'allow'],
  ['service-desk-agent', 'mail.message.send', 'allow'],
  ['service-desk-agent', 'servicenow.incident.search', 'allow'],
  ['service-desk-agent', 'mail.message.send', 'deny'],
  ['service-desk-agent', 'workday.worker.list', 'modify'],
  ['service-desk-agent', 'workday.worker.pay-slips', 'modify'],
  ['service-desk-agent', 'okta.user.list', 'allow'],
  ['service-desk-agent', 'okta.role.assign', 'deny'],
  ['service-desk-agent', 'okta.user.deactivate', 'deny'],
  ['service-desk-agent', 'workday.worker.change-job', 'deny'],
  ['service-desk-agent', 'okta.user.deactivate', 'refused'],
  ['identity-agent', 'okta.group.add-member', 'step_up'],
];
const LAST = 'okta.group.add-member';

/** The decisions that were printed, in their order. */
function decisionsIn(story: string): readonly (readonly string[])[] {
  const line = /^ {2}(\S+) +([a-z]+\.[a-z-]+\.[a-z-]+) +(allow|modify|deny|step_up|defer|refused)\b/gm;
  return [...story.matchAll(line)].map(([, agent = '', operation = '', decision = '']) => [agent, operation, decision]);
}

function effectsOn({ audit }: DemoRun): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(audit).map(([system, entries]) => [system, entries.map(({ effect }) => effect)]),
  );
}

const CASES = [
  { answer: 'approve', end: 'allow', state: 'consumed', okta: ['user.create', 'group.add-member'] },
  { answer: 'deny', end: 'deny', state: 'denied', okta: ['user.create'] },
] as const;

for (const { answer, end, state, okta } of CASES) {
  describe(`the demo, when the reader says ${answer}`, () => {
    let run: DemoRun;
    beforeAll(async () => {
      run = await runDemo(newFolder(), answer);
    });

    test('prints each decision as it falls, and the last one anew after the answer', () => {
      expect(decisionsIn(run.story)).toEqual([...FALLEN, ['identity-agent', LAST, end]]);
    });

    test('prints what the log of its workflow holds', () => {
      const printed = decisionsIn(run.story)
        .filter(([agent, , decision]) => agent !== 'portal' && decision !== 'refused' && decision !== 'step_up')
        .map((line) => line.join(' '));
      const logged = run.workflow.actions.map(({ agent, operation, decision }) =>
        [agent, operation, decision].join(' '),
      );
      expect([...logged].sort()).toEqual([...printed].sort());
      expect(run.approval).toMatchObject({ operation: LAST, agent: 'identity-agent', state });
    });

    test('has three agents or more act on four systems, for a user with a mandate', () => {
      expect(new Set(run.workflow.actions.map(({ agent }) => agent)).size).toBeGreaterThanOrEqual(3);
      expect([...run.workflow.systems].sort()).toEqual(['mail', 'okta', 'servicenow', 'workday']);
      expect(run.workflow).toMatchObject({ onBehalfOf: { id: 'ada.lindqvist' } });
      expect(run.workflow.mandate).toContain('Priya Nair');
    });

    test('leaves nothing in the systems but what was decided', () => {
      expect(effectsOn(run)).toEqual({ servicenow: ['incident.create', 'incident.create'], okta, workday: [] });
      expect(run.outbox.map(({ to }) => to)).toEqual([['security-desk@example.com']]);
    });

    test('leaves a log that verifies', () => {
      expect(run.verdict.findings).toEqual([]);
      expect(run.verdict.events).toBeGreaterThan(FALLEN.length);
    });

    test('has no colours where nobody watches', () => {
      expect(run.story).not.toContain('\u001b');
      expect(Math.max(...run.story.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
    });
  });
}
