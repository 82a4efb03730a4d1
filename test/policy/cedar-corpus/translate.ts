/** `node translate.ts DIR`: every case of the corpus as one line of exact JSON on standard output. The only process with wasm in it. */
import { freshCedar } from '../../../src/policy/cedar-wasm/fresh-cedar.ts';
import { stringifyExactJson } from '../../../src/policy/exact-json.ts';
import { corpusCases } from './corpus-cases.ts';
import { translateCase } from './translate-case.ts';

const [directory = ''] = process.argv.slice(2);
const cedar = freshCedar();
for (const one of corpusCases(directory)) process.stdout.write(`${stringifyExactJson(translateCase(cedar, one))}\n`);
