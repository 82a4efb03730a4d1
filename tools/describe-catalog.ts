import { bundledConnectors, loadConnector } from '../src/runtime/load-connector.ts';
import type { DescribedConnector } from './describe-connectors.ts';
import { cell } from './operation-table.ts';

const INTRODUCTION = `# The catalog

Every System of Record that comes with Interlock, and everything that can be done in it. What an operation does follows from
its arguments: ⚑ privileged, ✉ leaves the organisation, ¤ an amount of money, the number of things touched where it is not
one; → what reading exposes to. Evidence: **spec** the vendor's published description, **sdk** its SDK, **rec** a recording,
**doc** its documentation, **3rd** somebody's report, **mem** unverified memory. Judged by: who stands beside the simulated
system and says whether the call is what the vendor expects.

\`interlock connector describe NAME --json\` has the same for machines, with all schemas; so has \`descriptor.json\` beside
each connector.
`;

const OUTRO = `
This page is generated from the connectors by \`npm run docs\`.
`;

/** All systems × operations × effect × evidence, and the totals. */
export async function describeCatalog(
  described: readonly DescribedConnector[],
  others: readonly string[],
): Promise<string> {
  const sections = described.map(sectionOf).join('\n');
  return `${INTRODUCTION}\n${totals(described, others)}\n${await takenIn(others)}\n${sections}${OUTRO}`;
}

function totals(described: readonly DescribedConnector[], others: readonly string[]): string {
  const operations = described.flatMap(({ descriptor }) => descriptor.operations);
  const writes = operations.filter(({ kind }) => kind === 'write');
  const alone = operations.filter(({ judgedBy }) => judgedBy.includes('none'));
  const remembered = operations.filter(({ evidence }) => evidence.every((mark) => mark === 'mem'));
  const row = ({ descriptor, folder }: DescribedConnector): string => {
    const own = descriptor.operations;
    const count = (holds: (each: (typeof own)[number]) => boolean): number => own.filter(holds).length;
    const cells = [
      `[${descriptor.title}](../connectors/${folder}/README.md)`,
      own.length,
      count(({ kind }) => kind === 'read'),
      count(({ kind }) => kind === 'write'),
      count(({ undo }) => undo === 'operation'),
      count(({ kind, readBack }) => kind === 'write' && readBack),
      count(({ judgedBy }) => !judgedBy.includes('none')),
    ];
    return `| ${cells.join(' | ')} |`;
  };
  return [
    `**${described.length + others.length} systems; ${operations.length} operations** in ${described.length} of them:` +
      ` ${operations.length - writes.length} reads and ${writes.length} writes.` +
      ` ${operations.length - alone.length} have an independent judge; nothing but a simulated system stands behind ${alone.length}.` +
      ` ${remembered.length} rest on memory alone and say "unverified".`,
    '',
    '| system | operations | reads | writes | with an undo | read back | judged independently |',
    '|---|---|---|---|---|---|---|',
    ...described.map(row),
    '',
  ].join('\n');
}

/** Systems whose operations are somebody else's list, which must be classified and accepted before anything runs. */
async function takenIn(others: readonly string[]): Promise<string> {
  if (others.length === 0) return '';
  const titles = await Promise.all(others.map(async (name) => (await loadConnector(name, bundledConnectors)).title));
  const links = others.map((name, at) => `[${titles[at]}](../connectors/${name}/README.md)`);
  return `Operations that come from elsewhere (a server's list of tools, a description of an API) are classified and accepted before they run: ${links.join(', ')}.\n`;
}

function sectionOf({ descriptor, rows }: DescribedConnector): string {
  return [
    `## ${descriptor.title}`,
    '',
    '| operation | effect, by its arguments | reversible | repeat | evidence | judged by |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      ({ name, effect, reversible, repeat, evidence, judgedBy }) =>
        `| \`${descriptor.system}.${name}\` | ${[effect, reversible, repeat, evidence, judgedBy].map(cell).join(' | ')} |`,
    ),
    '',
  ].join('\n');
}
