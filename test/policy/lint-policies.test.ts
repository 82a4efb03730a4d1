import { describe, expect, test } from 'vitest';
import { lintPolicies } from '../../src/policy/lint-policies.ts';
import { catalog } from './catalog.ts';
import { file } from './question.ts';

const lint = (text: string) => lintPolicies({ files: [file(text)], catalog });
const named = (rest: string) => `@id("p") @title("A title.")\n${rest}`;

describe('lintPolicies', () => {
  test.for([
    [
      'a forbid that multiplies',
      'forbid(principal, action, resource) when { context.effect.count * 2 > 3 };',
      'can overflow',
    ],
    [
      'a forbid that adds in its unless',
      'forbid(principal, action, resource) unless { context.effect.count + 1 < 3 };',
      'can overflow',
    ],
    [
      'an obligation on a field of another operation',
      '@unless("redact(input.body)") forbid(principal, action in Action::"desk", resource);',
      'no operation in its scope has input.body',
    ],
    [
      'an obligation on a misspelt field of the result',
      '@unless("mask(result.snn)") forbid(principal, action in Action::"read", resource);',
      'result.snn',
    ],
    [
      'a misspelt field at any depth',
      '@unless("mask(result.**.snn)") forbid(principal, action, resource);',
      'result.**.snn',
    ],
    [
      'an element of what is no list',
      '@unless("mask(result.name[*])") forbid(principal, action == Action::"desk.ticket.get", resource);',
      'result.name[*]',
    ],
  ] as const)('finds %s', async ([, text, problem]) => {
    expect(await lint(named(text))).toEqual([
      expect.objectContaining({ place: 'test.cedar:1', policy: 'p', problem: expect.stringContaining(problem) }),
    ]);
  });

  test.for([
    [
      'a permit that computes: its error can only deny',
      'permit(principal, action, resource) when { context.effect.count * 2 > 3 };',
    ],
    ['a field that one operation in scope has', '@unless("redact(input.body)") forbid(principal, action, resource);'],
    ['a field at any depth', '@unless("mask(result.**.ssn)") forbid(principal, action, resource);'],
    [
      'elements of a list',
      '@unless("mask(input.to[*])") forbid(principal, action == Action::"mail.message.send", resource);',
    ],
    [
      'a group that is empty here',
      '@unless("mask(result.ssn)") forbid(principal, action in Action::"isolate", resource);',
    ],
  ] as const)('has nothing against %s', async ([, text]) => {
    expect(await lint(named(text))).toEqual([]);
  });

  test('names problems of loading too, in the order of the file', async () => {
    const text = `${named('forbid(principal, action, resource) when { context.effect.count * 2 > 3 };')}\n@id("q") permit(principal, action, resource);`;
    expect((await lint(text)).map(({ place, policy }) => [place, policy])).toEqual([
      ['test.cedar:1', 'p'],
      ['test.cedar:3', 'q'],
    ]);
  });
});
