interface Rule {
  readonly severity: 'error' | 'warning';
  /** What it finds, for people. */
  readonly finds: string;
  readonly example: string;
  readonly remedy: string;
}

/** Every rule of the linter, in the order of its page. Names stay: scripts know them. */
export const RULES = {
  refused: {
    severity: 'error',
    finds: 'what no set can load with: syntax, names, types, annotations, obligations that no operation can have',
    example: 'context.input.recipent',
    remedy: 'Correct this place.',
  },
  'empty-scope': {
    severity: 'error',
    finds: 'a head that no operation fits',
    example: 'forbid (principal, action in Action::"mail", resource in System::"desk");',
    remedy: 'Name actions and resources that go together.',
  },
  'never-holds': {
    severity: 'error',
    finds: 'a policy whose conditions no request meets',
    example: 'when { context.effect.count > 50 && context.effect.count < 20 }',
    remedy: 'Correct the condition, or remove the policy: it decides nothing.',
  },
  'always-holds': {
    severity: 'warning',
    finds: 'conditions that every request in scope meets',
    example: 'when { context.effect.count > 0 }',
    remedy: 'Leave the conditions out, or say what was meant.',
  },
  'idle-part': {
    severity: 'warning',
    finds: 'a part of a condition that is always true, or always false, where it is asked',
    example: 'when { context.effect.external || context.effect.count < 1 }',
    remedy: 'Leave this part out, or say what was meant.',
  },
  'unknown-value': {
    severity: 'error',
    finds: 'a value that nothing ever has',
    example: 'when { context.effect.kind == "delet" }',
    remedy: 'Use a value that can occur.',
  },
  'unknown-attribute': {
    severity: 'warning',
    finds: '`has` of what nothing in scope has, which is false without a word',
    example: 'when { context.input has recipent || context.effect.external }',
    remedy: 'Correct the name, or leave this part out.',
  },
  'can-overflow': {
    severity: 'warning',
    finds: 'arithmetic that can leave 64 bits: an error, and an error denies every action in scope',
    example: 'when { context.effect.count * context.effect.count > 100 }',
    remedy: 'Compare with context.remaining or with a constant, or check the size of the values before.',
  },
  'can-fail': {
    severity: 'warning',
    finds: 'anything else that can be an error',
    example: 'when { context.now.offset(duration("9223372036854775807ms")) > context.now }',
    remedy: 'Check with `has` before, and call functions on values that are written there.',
  },
  'overridden-permit': {
    severity: 'error',
    finds: 'a permit of what a forbid that nothing discharges always denies',
    example: 'permit (principal, action in Action::"delete", resource); forbid (principal, action, resource);',
    remedy: 'Remove the permit, or narrow the forbid.',
  },
  'nothing-to-forbid': {
    severity: 'warning',
    finds: 'a forbid of what no permit of the set permits',
    example: 'forbid (principal, action in Action::"execute", resource) where no permit covers "execute"',
    remedy: 'Remove it, or keep it as a guard against permits to come.',
  },
  shadowed: {
    severity: 'warning',
    finds: 'a policy that only decides what another one decides in the same way',
    example: 'forbid … when { context.effect.count > 50 }; forbid … when { context.effect.count > 20 };',
    remedy: 'Remove the narrower policy, or correct the wider one.',
  },
  'unreachable-discharge': {
    severity: 'error',
    finds: '@unless on a forbid whose every case a forbid without @unless denies anyway',
    example: '@unless("approval(security)") forbid … count > 50; forbid … count > 20;',
    remedy: 'Narrow the forbid without @unless, or remove the one with it.',
  },
  'obligation-impossible': {
    severity: 'error',
    finds: 'an obligation that what stands at its path does not allow, so that the action is denied instead',
    example: '@unless("drop(input.id)") where the operation requires it',
    remedy: 'Use an obligation that leaves an input which the operation accepts.',
  },
  'obligation-missing-path': {
    severity: 'warning',
    finds:
      'a transformation at a path that only some operations in scope have; for the others the forbid is lifted unchanged',
    example: '@unless("redact(input.body)") forbid (principal, action, resource);',
    remedy: 'Name the actions that have the path, and forbid the others without @unless.',
  },
  'obligation-idle': {
    severity: 'warning',
    finds: 'an obligation beside a stricter one at the same path, or on the same question',
    example: '@unless("drop(input.note) and mask(input.note)")',
    remedy: 'Keep the stricter one.',
  },
  'unknown-fact': {
    severity: 'warning',
    finds: 'a fact that nothing here provides: the action waits for it, and is denied',
    example: '@unless("fact(risk)")',
    remedy: 'Name a fact that something provides.',
  },
  'unknown-group': {
    severity: 'warning',
    finds: 'an approval by a group that no key of the configuration is in',
    example: '@unless("approval(securty)")',
    remedy: 'Correct the name, or give a key the group.',
  },
  'too-complex': {
    severity: 'warning',
    finds: 'a policy that was not looked into, or not compared with all others, because that would take too long',
    example: 'conditions that compare conditions with conditions, many times over',
    remedy: 'Split the policy into several.',
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type LintRule = keyof typeof RULES;
