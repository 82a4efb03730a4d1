import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';

export const ROOT = resolve(import.meta.dirname, '../..');

/** The configuration that comes with Interlock, with its data in `folder`, on a free port. Answers the file. */
export function demoConfig(folder: string, companions = [join(ROOT, 'demo/onboarding.mjs')]): string {
  const config = parse(readFileSync(join(ROOT, 'interlock.yaml'), 'utf8'));
  const { mail } = config.connectors;
  const file = join(folder, 'interlock.yaml');
  writeFileSync(
    file,
    stringify({
      ...config,
      data: join(folder, 'data'),
      listen: { port: 0 },
      policies: config.policies.map((path: string) => join(ROOT, path)),
      connectors: {
        ...config.connectors,
        mail: { ...mail, settings: { ...mail.settings, cwd: ROOT, manifest: join(ROOT, mail.settings.manifest) } },
      },
      dev: { ...config.dev, companions },
    }),
  );
  return file;
}
