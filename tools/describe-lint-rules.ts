import { RULES } from '../src/policy/lint/rules.ts';

const INTRODUCTION = `# What \`interlock policy lint\` finds

Loading refuses what is invalid. The linter also says what loads and is a mistake all the same: it evaluates each policy on
everything that requests can be, by the schema, by what operations declare of their inputs, and by what every action has. It
never guesses: what it calls "always" or "never" is so for each operation that the policy covers. What it cannot tell it
leaves alone. Groups of actions (\`Action::"delete"\`) also stand for operations of systems that are not here.

- **\`error\`**: certain to be a mistake; the command ends with exit code 3. **\`warning\`**: may be meant so; 0.
- Each finding has a place (\`file:line\`, and the column of the part where it can be told), the policy, the rule and a remedy.
- \`--json\`: one object a line, with \`place\`, \`policy\`, \`rule\`, \`severity\`, \`problem\` and \`remedy\`, in the order of files
  and lines. Members and names of rules stay.
- A set is linted as it is given: \`nothing-to-forbid\` says nothing of files without any permit.

| rule | severity | finds | example | remedy |
|---|---|---|---|---|
`;

const OUTRO = `
An obligation that is impossible, or misses its path, for some operations only is a warning; for all of them, an error.

This page is generated from [\`rules.ts\`](../src/policy/lint/rules.ts) by \`npm run docs\`.
`;

/** The page `docs/lint.md`: one row a rule. */
export function describeLintRules(): string {
  const rows = Object.entries(RULES).map(
    ([rule, { severity, finds, example, remedy }]) =>
      `| \`${rule}\` | ${severity} | ${cell(finds)} | \`${cell(example)}\` | ${cell(remedy)} |\n`,
  );
  return `${INTRODUCTION}${rows.join('')}${OUTRO}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
