import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';

/** What is accepted, and where its entry stands: `tools` and the tool's name, say. */
export interface Acceptance {
  readonly section: string;
  readonly name: string;
  readonly pin: string;
}

/** Writes a pin into a manifest, YAML or JSON, keeping everything else of the file, its comments too. */
export async function writePin(manifestFile: string, acceptance: Acceptance): Promise<void> {
  const content = await readFile(manifestFile, 'utf8');
  const pinned = manifestFile.endsWith('.json') ? pinnedJson(content, acceptance) : pinnedYaml(content, acceptance);
  await replaceFile(manifestFile, pinned);
}

function pinnedYaml(content: string, { section, name, pin }: Acceptance): string {
  const document = parseDocument(content);
  document.setIn([section, name, 'pin'], pin);
  return document.toString({ lineWidth: 0 });
}

function pinnedJson(content: string, { section, name, pin }: Acceptance): string {
  const manifest = JSON.parse(content);
  manifest[section][name].pin = pin;
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** A reader sees the old file or the new one, never half of it. */
async function replaceFile(file: string, content: string): Promise<void> {
  const beside = `${file}.${randomUUID()}.new`;
  await writeFile(beside, content, { flag: 'wx' });
  await rename(beside, file);
}
