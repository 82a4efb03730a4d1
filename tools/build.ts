// Compiles the sources into dist/, as the package ships them, with the files that are read at run time beside them.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, globSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const compiled = spawnSync(process.execPath, [tsc, '--project', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (compiled.status !== 0) process.exit(compiled.status ?? 1);

for (const asset of globSync('{src,connectors}/**/*.{html,css,js,svg,json,yaml,md,proto}', { cwd: root })) {
  cpSync(join(root, asset), join(dist, asset));
}
// What `connector new` writes is kept as it is, under an ending that nobody takes for a source of the package.
for (const source of globSync('src/runtime/new-connector/template/*.ts', { cwd: root })) {
  cpSync(join(root, source), join(dist, `${source}.txt`));
}
chmodSync(join(dist, 'src', 'runtime', 'bin.js'), 0o755);
