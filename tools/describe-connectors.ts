import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConnectorDescriptor, descriptorOf } from '../src/connector/conformance/descriptor.ts';
import { incompatibilities } from '../src/connector/conformance/incompatibilities.ts';
import type { Subject } from '../src/connector/conformance/subject.ts';
import { findSubject } from '../src/runtime/conformance/find-subject.ts';
import { bundledConnectors } from '../src/runtime/load-connector.ts';
import { describeCatalog } from './describe-catalog.ts';
import { type OperationRow, operationRow } from './operation-row.ts';
import { BEGIN, END, factTable, operationTable, withTable } from './operation-table.ts';

/** One connector with all that pages say of it. */
export interface DescribedConnector {
  readonly folder: string;
  readonly subject: Subject;
  readonly descriptor: ConnectorDescriptor;
  readonly rows: readonly OperationRow[];
}

export interface ConnectorPages {
  /** Text by path from the root. */
  readonly pages: Readonly<Record<string, string>>;
  /** What the new descriptors take away from whoever relied on those that are there. */
  readonly breaking: readonly string[];
}

/** The descriptor and the table of every connector that has fixtures, and the catalog of all. */
export async function describeConnectors(): Promise<ConnectorPages> {
  const folders = readdirSync(bundledConnectors)
    .filter((name) => existsSync(join(bundledConnectors, name, 'index.ts')))
    .sort();
  const withFixtures = folders.filter((name) => existsSync(join(bundledConnectors, name, 'conformance.ts')));
  const described: DescribedConnector[] = [];
  for (const folder of withFixtures) described.push(await describeOne(folder));
  const pages = Object.assign({}, ...described.map(pagesOf)) as Record<string, string>; // each is one of path and text
  const others = folders.filter((name) => !withFixtures.includes(name));
  pages['docs/catalog.md'] = await describeCatalog(described, others);
  const breaking = described.flatMap(({ subject: { lastDescriptor }, descriptor }) =>
    lastDescriptor === undefined ? [] : incompatibilities(lastDescriptor, descriptor),
  );
  return { pages, breaking };
}

async function describeOne(folder: string): Promise<DescribedConnector> {
  const subject = await findSubject(folder, { baseDirectory: bundledConnectors });
  const rows: OperationRow[] = [];
  for (const operation of subject.operations) rows.push(await operationRow(operation, subject));
  return { folder, subject, descriptor: descriptorOf(subject), rows };
}

function pagesOf({ folder, descriptor, rows }: DescribedConnector): Readonly<Record<string, string>> {
  const readme = join(bundledConnectors, folder, 'README.md');
  const page = existsSync(readme) ? readFileSync(readme, 'utf8') : `# ${descriptor.title}\n\n${BEGIN}\n${END}\n`;
  return {
    [`connectors/${folder}/descriptor.json`]: `${JSON.stringify(descriptor, undefined, 2)}\n`,
    [`connectors/${folder}/README.md`]: withTable(page, operationTable(rows) + factTable(descriptor.facts)),
  };
}
