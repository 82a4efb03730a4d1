import { z } from 'zod';
import { type ManifestEntry, manifestEntry } from '../../src/connector/intake/manifest-entry.ts';
import { readManifest } from '../../src/connector/intake/read-manifest.ts';

/** The tool manifest: turns a server's list of tools into governed operations. */
export const toolManifest = z.strictObject({
  /** Folders that relative paths may start from: `**` rules are tried from each of them too. Default: the server's own folder. */
  roots: z.array(z.string().min(1)).max(20).default([]),
  /** Without a name of its own an operation is `tool.<the tool's name in kebab case>`. */
  tools: z.record(z.string().min(1).max(128), manifestEntry),
});

export type ToolManifest = z.output<typeof toolManifest>;
export type ManifestTool = ManifestEntry;

/** Reads a tool manifest, YAML or JSON. Throws CONNECTOR_INVALID with the place that is wrong. */
export function readToolManifest(file: string): Promise<ToolManifest> {
  return readManifest(file, toolManifest);
}
