// Prints `PASSED FAILED` from vitest's report; names on standard error what was skipped. A run that failed without a
// failed test (a file that does not load, an error outside a test, no report at all) counts as one failure.
import { existsSync, readFileSync } from 'node:fs';

const [, , report, status] = process.argv;
const { testResults = [] } = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
const having = (wanted) => tests.filter((test) => test.status === wanted);

for (const wanted of ['pending', 'skipped', 'todo']) {
  for (const { fullName } of having(wanted)) console.error(`not run: ${fullName}`);
}
const passed = having('passed').length;
const failed = having('failed').length;
const isUnexplained = failed === 0 && (status !== '0' || passed === 0);
console.log(`${passed} ${failed + (isUnexplained ? 1 : 0)}`);
