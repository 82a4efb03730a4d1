import { describe, expect, test } from 'vitest';
import { checkFiles } from '../../src/policy/check-files.ts';
import { generateSchema } from '../../src/policy/generate-schema.ts';
import { RULES } from '../../src/policy/lint/rules.ts';
import { lintChecked, lintPolicies } from '../../src/policy/lint-policies.ts';
import { shopCatalog as catalog } from './lint/shop-catalog.ts';
import { file } from './question.ts';

const groups = new Set(['security', 'finance']);
const schema = generateSchema(catalog);
// Checked in this thread: a new one for each case takes longer than all cases.
const lint = (text: string) => lintChecked({ schema, ...checkFiles(schema.json, [file(text)]) }, { catalog, groups });
const named = (rest: string) => `@id("p") @title("A title.") ${rest}`;
const PERMIT = '@id("all") @title("Everything.") permit(principal, action, resource);';
const ORDER = 'action == Action::"shop.order.place"';
const forbid = (condition: string, action = 'action') => named(`forbid(principal, ${action}, resource) ${condition};`);

/** What is found, by rule: the policy, and what its problem or remedy says. */
const FOUND: readonly (readonly [rule: keyof typeof RULES, text: string, says: RegExp])[] = [
  ['refused', forbid('when { context.nope }'), /nope/],
  ['refused', `@unles("approval(finance)") ${forbid('')}`, /Did you mean @unless\?/],
  [
    'refused',
    named('@unless("mask(result.snn)") forbid(principal, action in Action::"desk", resource);'),
    /result\.snn/,
  ],
  [
    'empty-scope',
    named('forbid(principal, action in Action::"shop", resource in System::"desk");'),
    /no operation fits/,
  ],
  [
    'never-holds',
    forbid('when { context.effect.count > 50 && context.effect.count < 20 }'),
    /count < 20 is never true/,
  ],
  [
    'never-holds',
    forbid('when { context.effect.count > 50 } when { context.effect.count <= 50 }'),
    /count <= 50 is never true/,
  ],
  [
    'never-holds',
    forbid('when { context.effect.kind == "read" && context.effect.kind == "delete" }'),
    /"delete" is never/,
  ],
  ['never-holds', forbid('when { principal in Label::"hr" && !(principal in Label::"hr") }'), /is never false/],
  ['never-holds', forbid('when { context.effect.external } unless { context.effect.external }'), /is never false/],
  ['never-holds', forbid('unless { context.effect.count >= 1 }'), /count >= 1 is never false/],
  ['never-holds', forbid('when { context.effect.kind == "delete" }', ORDER), /is never true/],
  ['never-holds', forbid('when { context.effect.kind like "dele*ion" }'), /is never true/],
  [
    'never-holds',
    forbid('when { context.workflow.did.isEmpty() && context.workflow.did.contains(Action::"desk.ticket.get") }'),
    /is never true/,
  ],
  ['never-holds', forbid('when { context.input.count > 100 }', ORDER), /is never true/],
  [
    'never-holds',
    forbid('when { context.now < datetime("2026-01-01") && context.now > datetime("2027-01-01") }'),
    /is never true/,
  ],
  [
    'never-holds',
    forbid(
      'when { (if context.effect.external then context.effect.count < 1 else context.effect.count > 9 && context.effect.count < 9) }',
    ),
    /is never true/,
  ],
  ['always-holds', forbid('when { context.effect.count > 0 }'), /every request/],
  ['always-holds', forbid('when { context.effect.external || !context.effect.external }'), /every request/],
  ['always-holds', forbid('unless { context.effect.count < 1 }'), /every request/],
  ['idle-part', forbid('when { context.effect.external || context.effect.count < 1 }'), /count < 1 is never true/],
  ['idle-part', forbid('when { context.effect.external && context.effect.count >= 1 }'), /count >= 1 is always true/],
  [
    'idle-part',
    forbid('when { context.effect.external && (context.effect.privileged || context.effect.external) }'),
    /is always true/,
  ],
  [
    'idle-part',
    forbid('when { context.input has speed && context.effect.external }', ORDER),
    /has speed is always true/,
  ],
  ['idle-part', forbid('when { context.effect.external && context.effect.kind like "*" }'), /like "\*" is always true/],
  ['unknown-value', forbid('when { context.effect.kind == "delet" }'), /Did you mean "delete"/],
  [
    'unknown-value',
    forbid('when { context.effect.external || context.effect.reversible == "never" }'),
    /operation, window, no/,
  ],
  ['unknown-value', forbid('when { ["create", "updat"].contains(context.effect.kind) }'), /"updat"/],
  ['unknown-value', forbid('when { context.input.speed == "fats" }', ORDER), /Did you mean "fast"/],
  ['unknown-value', forbid('when { context.input has speed && context.input.speed == "fats" }'), /Did you mean "fast"/],
  ['unknown-value', forbid('when { context.input.item == "Item 1" }', ORDER), /schema accepts/],
  ['unknown-value', forbid('when { context.effect has currency && context.effect.currency == "EURO" }'), /"EURO"/],
  ['unknown-value', named('forbid(principal in AgentId::"two words", action, resource);'), /AgentId::"two words"/],
  [
    'unknown-attribute',
    forbid('when { context.input has bdoy || context.effect.external }', 'action in Action::"mail"'),
    /Did you mean "body"/,
  ],
  [
    'unknown-attribute',
    forbid('when { context.effect has amuont || context.effect.external }'),
    /Did you mean "amount"/,
  ],
  ['can-overflow', forbid('when { context.effect.count * context.effect.count > 100 }'), /can overflow/],
  [
    'can-overflow',
    forbid('when { context.effect.external && context.effect.count * 9007199254740991 > 1 }'),
    /can overflow/,
  ],
  [
    'can-overflow',
    forbid('unless { context.input has most && context.input.most * context.input.most < 9 }', ORDER),
    /can overflow/,
  ],
  [
    'can-fail',
    forbid('when { context.now.toDate().offset(duration("9223372036854775807ms")) > context.now }'),
    /can fail/,
  ],
  [
    'overridden-permit',
    `${named(`permit(principal, ${ORDER}, resource);`)}\n@id("q") @title("No.") forbid(principal, action in Action::"shop", resource);`,
    /q \(test\.cedar:2\) forbids/,
  ],
  [
    'nothing-to-forbid',
    `@id("all") @title("Reads.") permit(principal, action in Action::"read", resource) when { context.effect.kind == "read" };\n${forbid('when { context.effect.kind == "spend" }')}`,
    /no permit/,
  ],
  [
    'shadowed',
    `${PERMIT}\n${forbid('when { context.effect.count > 50 }')}\n@id("q") @title("No.") forbid(principal, action, resource) when { context.effect.count > 20 };`,
    /q \(test\.cedar:3\)/,
  ],
  [
    'shadowed',
    `${PERMIT}\n${forbid('', 'action in Action::"delete"')}\n@id("q") @title("No.") forbid(principal, action in Action::"write", resource);`,
    /q \(/,
  ],
  [
    'shadowed',
    `${PERMIT}\n${named('forbid(principal in Label::"hr", action, resource) when { context.effect.kind == "spend" && context.hasMandate };')}\n@id("q") @title("No.") forbid(principal, action, resource) when { principal in [Label::"hr", Label::"pii"] } unless { context.effect.kind == "read" };`,
    /q \(/,
  ],
  [
    'shadowed',
    `${PERMIT}\n@id("q") @title("Twice.") @unless("approval(finance)") forbid(principal, ${ORDER}, resource);\n@id("p") @title("Twice.") @unless("approval(finance)") forbid(principal, ${ORDER}, resource);`,
    /\(test\.cedar:/,
  ],
  [
    'unreachable-discharge',
    `${PERMIT}\n@unless("approval(finance)") ${forbid('when { context.effect.count > 50 }')}\n@id("q") @title("No.") forbid(principal, action, resource) when { context.effect.count > 20 };`,
    /q \(/,
  ],
  ['obligation-impossible', `@unless("drop(input.count)") ${forbid('', ORDER)}`, /requires it/],
  ['obligation-impossible', `@unless("redact(input.count)") ${forbid('', ORDER)}`, /does not accept/],
  ['obligation-impossible', `@unless("mask(input.count)") ${forbid('', ORDER)}`, /no text/],
  ['obligation-impossible', `@unless("cap(input.note, 5)") ${forbid('', ORDER)}`, /no number/],
  ['obligation-impossible', `@unless("cap(input.count, 0)") ${forbid('', ORDER)}`, /larger/],
  ['obligation-impossible', `@unless("limit(input.note, 5)") ${forbid('', ORDER)}`, /no list/],
  ['obligation-impossible', `@unless("limit(result.total, 5)") ${forbid('', ORDER)}`, /redacted whole/],
  ['obligation-missing-path', `@unless("redact(input.body)") ${forbid('')}`, /changes nothing of .* and 1 more/],
  [
    'obligation-missing-path',
    `@unless("redact(input.body)") ${forbid('when { context.input has count }')}`,
    /changes nothing of shop\.order\.place/,
  ],
  [
    'obligation-idle',
    `@unless("drop(input.note) and mask(input.note)") ${forbid('', ORDER)}`,
    /mask\(input\.note\) adds nothing to drop/,
  ],
  [
    'obligation-idle',
    `@unless("approval(finance, within: 2h) and approval(finance, within: 1h)") ${forbid('')}`,
    /within: 2h\) adds nothing/,
  ],
  ['unknown-fact', `@unless("fact(risk)") ${forbid('')}`, /risk/],
  ['unknown-group', `@unless("approval(securty)") ${forbid('')}`, /Did you mean "security"/],
  [
    'too-complex',
    forbid(
      `when { ${'('.repeat(18)}context.hasMandate${' && context.effect.external) == context.effect.privileged)'.repeat(9)} }`,
    ),
    /too long/,
  ],
];

/** Siblings of the above that nobody should be bothered with. */
const CLEAN: readonly string[] = [
  forbid('when { context.effect.count > 20 && context.effect.count < 50 }'),
  forbid('when { context.effect.kind == "delete" }'),
  forbid('when { context.effect.kind == "delete" }', 'action in Action::"delete"'),
  forbid('when { context.effect.kind == "isolate" && context.effect.external }', 'action in Action::"isolate"'),
  forbid('when { context.effect.kind like "dele*" }'),
  forbid('when { context.effect.count * 2 > 3 }'),
  forbid('when { context.input.count + 1 > 50 }', ORDER),
  forbid('when { context.input has most && context.input.most + 1 > 50 }', ORDER),
  forbid('when { context.effect.count < 1000 && context.effect.count * context.effect.count > 50 }'),
  forbid('when { context.now.offset(duration("1d")).toDate() > datetime("2026-01-01") }'),
  forbid('when { context.workflow.counts.delete + context.effect.count > 20 }'),
  forbid('when { context.input has speed && context.input.speed == "fast" }'),
  forbid('when { context.input.item == "apple" || context.input.item like "*e" }', ORDER),
  forbid('when { context.effect has currency && ["EUR", "USD"].contains(context.effect.currency) }'),
  forbid('when { context.input has body && context.input.body like "*secret*" }'),
  forbid('when { resource is Desk::Ticket && resource has priority && resource.priority > 3 }'),
  forbid('when { context.user has groups && context.user.groups.contains("payroll") }'),
  named('forbid(principal in AgentId::"reader", action, resource);'),
  named('forbid(principal, action in Action::"desk", resource in System::"desk");'),
  named('@unless("mask(result.ssn)") forbid(principal, action in Action::"isolate", resource);'),
  named('@unless("mask(result.**.ssn)") forbid(principal, action, resource);'),
  `@unless("redact(input.note) and drop(input.tags)") ${forbid('', ORDER)}`,
  `@unless("cap(input.count, 10) and limit(input.tags, 3)") ${forbid('', ORDER)}`,
  `@unless("mask(input.to[*])") ${forbid('', 'action == Action::"mail.message.send"')}`,
  `@unless("redact(input.body)") ${forbid('when { context.input has body }')}`,
  `@unless("approval(security) and approval(finance) and delay(5m)") ${forbid('')}`,
  // Policies that look alike and are not.
  `${PERMIT}\n${forbid('when { context.effect.count > 20 }')}\n@id("q") @title("No.") @unless("approval(finance)") forbid(principal, action, resource) when { context.effect.count > 10 };`,
  `${PERMIT}\n@unless("approval(security)") ${forbid('when { context.effect.count > 50 }')}\n@id("q") @title("No.") @unless("approval(finance)") forbid(principal, action, resource) when { context.effect.count > 20 };`,
  `${PERMIT}\n${forbid('', 'action in Action::"delete"')}\n@id("q") @title("No.") forbid(principal, action in Action::"spend", resource) when { context.hasMandate };`,
  `${named('permit(principal, action in Action::"desk", resource);')}\n@id("q") @title("No.") @unless("approval(finance)") forbid(principal, action, resource);`,
  `${named('permit(principal, action in Action::"read", resource) when { context.effect.kind == "read" };')}\n@id("q") @title("No.") forbid(principal in Label::"hr", action, resource);`,
];

describe('lintPolicies', () => {
  test.for(FOUND)('%s: %s', ([rule, text, says]) => {
    const found = lint(text);
    expect(found.map((each) => each.rule)).toEqual([rule]);
    expect(found.map(({ problem, remedy }) => `${problem}\n${remedy}`).join('\n')).toMatch(says);
    expect(found[0]?.policy).toBe('p');
  });

  test('has a case for each of its rules', () => {
    expect(new Set(FOUND.map(([rule]) => rule))).toEqual(new Set(Object.keys(RULES)));
  });

  test.for(CLEAN)('has nothing against %s', (text) => {
    expect(lint(text)).toEqual([]);
  });

  test('shows the line and the column of the part', () => {
    const text = `// A comment.\n${named('forbid(principal, action, resource)')}\nwhen {\n  context.effect.external ||\n  (context.effect.kind\n    == "delet")\n};`;
    expect(lint(text).map(({ place }) => place)).toEqual(['test.cedar:5:4']);
  });

  test('is sure only where all operations are concerned', () => {
    const severities = (condition: string) =>
      lint(`@unless("redact(input.note)") ${forbid(condition)}`).map(({ rule, severity }) => [rule, severity]);
    expect(severities('when { context.input has body }')).toEqual([['obligation-missing-path', 'error']]);
    expect(severities('when { context.hasMandate }')).toEqual([['obligation-missing-path', 'warning']]);
  });

  test('names problems of loading too, in the order of the file', async () => {
    const text = `${forbid('when { context.effect.count < 1 }')}\n@id("q") permit(principal, action, resource);`;
    const found = await lintPolicies({ files: [file(text)], catalog });
    expect(found.map(({ place, policy, rule }) => [place, policy, rule])).toEqual([
      ['test.cedar:1:72', 'p', 'never-holds'],
      ['test.cedar:2', 'q', 'refused'],
    ]);
  });
});
