import { ERRORS } from '../src/lib/errors.ts';
import { exitOfError } from '../src/surface/cli/exit-code.ts';

const INTRODUCTION = `# Error codes

Every failure has one of these codes, the same on every surface. Branch on the code, never on the text.

- **HTTP**: a call that cannot be governed is answered with \`application/problem+json\` and the status below. A governed
  refusal is a 200 whose answer has \`"decision": "deny"\` and the code.
- **MCP**: a refusal is a tool result with \`isError: true\` that names the code.
- **Library**: an \`InterlockError\` with \`code\`; a refusal is an answer, not an error.
- **CLI**: the code on standard error, and the exit status below. A decision has its own: 2 denied, 4 held.

This page is generated from [\`src/lib/errors.ts\`](../src/lib/errors.ts) by \`npm run docs\`.
`;

/** The page `docs/errors.md`: one section a code, so that each can be linked. */
export function describeErrors(): string {
  const sections = Object.entries(ERRORS).map(([code, { status, title, hint, retryable }]) => {
    const exit = exitOfError(code as keyof typeof ERRORS); // Object.entries forgets the names of the keys
    const facts = [
      `HTTP ${status}`,
      `exit ${exit}`,
      retryable ? 'the same call may succeed later' : 'not worth repeating as it is',
    ];
    return `## ${code}\n\n${literal(title)} ${literal(hint)}\n\n${facts.join(' · ')}\n`;
  });
  return [INTRODUCTION, ...sections].join('\n');
}

/** Markdown reads two underscores as emphasis. */
function literal(text: string): string {
  return text.replaceAll('__', '\\_\\_');
}
