import { basename, extname } from 'node:path';
import { parse } from 'yaml';
import { readToolManifest, type ToolManifest } from '../../connectors/mcp/index.ts';
import { proposeManifest } from '../../connectors/mcp/propose-manifest.ts';
import type { EffectKind } from '../../src/action/effect.ts';
import type { OfferedTool } from './read-corpus.ts';

export type Tool = ToolManifest['tools'][string];

export interface SuiteManifest {
  readonly tools: ReadonlyMap<string, Tool>;
  /** Tools of the suite that no manifest classifies: they count as what their names suggest. */
  readonly guessed: readonly string[];
}

/**
 * What the manifests say of a suite's tools: the one that is named like the suite, else all of them together. A tool that
 * none classifies would be refused by a gateway; here it counts as what `propose` suggests.
 */
export async function suiteManifest(
  suite: string,
  offered: readonly OfferedTool[],
  files: readonly string[],
): Promise<SuiteManifest> {
  const own = files.filter((file) => basename(file, extname(file)) === suite);
  const manifests = await Promise.all((own.length > 0 ? own : files).map(readToolManifest));
  const classified = new Map(
    manifests.flatMap(({ tools }) => Object.entries(tools)).filter(([, tool]) => tool.effect !== undefined),
  );
  const guessed = offered.filter(({ name }) => !classified.has(name));
  const tools = new Map(offered.map((tool) => [tool.name, classified.get(tool.name) ?? guess(tool)]));
  return { tools, guessed: guessed.map(({ name }) => name) };
}

function guess({ name, description, params }: OfferedTool): Tool {
  const text = proposeManifest([{ name, ...(description === undefined ? {} : { description }), inputSchema: params }]);
  const proposed = parse(text) as { tools: Record<string, { proposal: { kind: EffectKind } }> }; // as it was made just now
  const kind = proposed.tools[name]?.proposal.kind ?? 'execute';
  const effect = { kind, reversible: 'no' as const };
  return {
    effect,
    labels: ['untrusted'],
    destinations: [],
    arguments: {},
    asked: [],
    repeat: { class: 'at-most-once', evidence: { mark: 'mem', source: 'nothing is known of this tool' } },
  };
}
