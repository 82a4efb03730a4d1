// `npm run judges`: puts the vendors' own SDKs beside the connectors. Installs them first where they are missing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const workspace = join(root, 'test', 'judges');
if (!existsSync(join(workspace, 'node_modules', '.package-lock.json'))) {
  console.error("Setting up: installing the vendors' SDKs, once.");
  run('npm', ['ci', '--prefix', workspace, '--no-audit', '--no-fund', '--loglevel=error']);
}
const work = mkdtempSync(join(tmpdir(), 'interlock-judges-'));
const report = join(work, 'report.jsonl');
const config = join(workspace, 'vitest.config.ts');
const { status } = spawnSync('npx', ['vitest', 'run', '--config', config, '--root', root, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, INTERLOCK_JUDGES_REPORT: report },
});
const lines = existsSync(report) ? readFileSync(report, 'utf8').trim().split('\n').map(JSON.parse) : [];
rmSync(work, { recursive: true });
const identical = lines.filter(({ differences }) => differences === 0).length;
for (const { operation, why } of lines.filter(({ differences }) => differences > 0))
  console.log(`differs: ${operation}: ${why.join(' ')}`);
console.log(
  `${lines.length} operations compared, ${identical} identical, ${lines.length - identical} differ and are explained`,
);
process.exitCode = status ?? 1;

function run(command, args) {
  const { status: ended } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (ended !== 0) process.exit(ended ?? 1);
}
