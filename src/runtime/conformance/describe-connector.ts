import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ConformanceFixtures } from '../../connector/conformance/fixtures.ts';
import { runCheck } from '../../connector/conformance/run-check.ts';
import { openSubject, type Subject } from '../../connector/conformance/subject.ts';
import type { AnyConnector } from '../../connector/contract.ts';
import { bundledConnectors } from '../load-connector.ts';
import { ALL_CHECKS } from './all-checks.ts';
import { unknownBypasses } from './check-connector.ts';
import { readDescriptor } from './find-subject.ts';

/** What vitest and Node's own test runner have in common. */
interface Runner {
  readonly describe: (name: string, tests: () => void) => unknown;
  readonly test: (name: string, run: (context: { skip(note?: string): void }) => Promise<void>) => unknown;
}

export interface DescribeConnectorOptions {
  /** The connector's folder, where its last `descriptor.json` is. Default: that of a connector that comes with Interlock, else the working directory. */
  readonly directory?: string | undefined;
}

/**
 * Declares the whole suite of a connector, one test a check, in whichever runner this is: vitest, or `node --test`.
 *
 * @example
 * await describeConnector(connector, fixtures);
 */
export async function describeConnector(
  connector: AnyConnector,
  fixtures: ConformanceFixtures,
  { directory = folderOf(connector) }: DescribeConnectorOptions = {},
): Promise<void> {
  const { describe, test } = await runnerOfThisProcess();
  let subject: Promise<Subject> | undefined;
  const opened = (): Promise<Subject> => {
    subject ??= openSubject({
      connector,
      fixtures,
      baseDirectory: directory,
      lastDescriptor: readDescriptor(directory),
    });
    return subject;
  };
  describe(`${connector.title} keeps what every connector promises`, () => {
    test('bypass: a check is bypassed by its name and with a reason', async () => {
      const [found] = unknownBypasses(await opened());
      if (found !== undefined) throw new Error(found.reasons.join('\n'));
    });
    for (const check of ALL_CHECKS) {
      test(`${check.name}: ${check.rule}`, async (context) => {
        const { status, reasons } = await runCheck(check, await opened());
        if (status === 'failed') throw new Error(reasons.join('\n'));
        if (status === 'bypassed') context.skip(`bypassed: ${reasons.join(' ')}`);
      });
    }
  });
}

function folderOf({ system }: AnyConnector): string {
  const bundled = join(bundledConnectors, system);
  return existsSync(bundled) ? bundled : process.cwd();
}

async function runnerOfThisProcess(): Promise<Runner> {
  const { VITEST, NODE_TEST_CONTEXT } = process.env;
  // Node says so of the files that it tests, also where vitest has started it. The name of the runner is no specifier:
  // only where vitest runs is it there to be imported, and nobody else needs its types.
  const name: string = VITEST === undefined || NODE_TEST_CONTEXT !== undefined ? 'node:test' : 'vitest';
  return import(name);
}
