import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnyConnector } from '../../src/connector/contract.ts';
import { Registry } from '../../src/connector/registry.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { differences } from './differences.ts';
import { type Recorded, type Recorder, type Reply, startRecorder } from './recorder.ts';

/** The same thing asked of the connector and of the vendor's SDK. */
export interface Pair<S> {
  readonly operation: string;
  readonly input: JsonObject;
  readonly call: (sdk: S) => unknown;
  /** What the recorder answers to either side; several where one side asks more than once. */
  readonly replies?: readonly Reply[];
  /** Which of our requests is meant, where there are several, from 0; default: the last. */
  readonly at?: number;
  /** Where the two differ and why that is right: the beginning of each difference, and a sentence. */
  readonly differs?: Readonly<Record<string, string>>;
}

export interface Judged<S> {
  readonly connector: AnyConnector;
  readonly settings: (origin: string) => JsonObject;
  readonly sdk: (origin: string) => S;
  /** The header that carries the credential. */
  readonly credential?: string;
  /** Requests of either side that are for a token, and no part of an operation. */
  readonly isToken?: (request: Recorded) => boolean;
  /** Where the two differ in every call, as `differs` of a pair; told once, and counted for none. */
  readonly everywhere?: Readonly<Record<string, string>>;
  readonly pairs: readonly Pair<S>[];
}

const require = createRequire(import.meta.url);

/** A package of this workspace. Its types are not there on a machine that has not installed it, so callers say what they use. */
export function loadSdk(name: string): unknown {
  return require(name);
}

/** Sends every pair both ways and compares what came over the wire. */
export function judgeConnector<S>({
  connector,
  settings,
  sdk,
  credential = 'authorization',
  pairs,
  ...asked
}: Judged<S>) {
  describe(`${connector.title} sends what the vendor's own SDK sends`, () => {
    let recorder: Recorder;
    let registry: Registry;
    let client: S;
    beforeAll(async () => {
      recorder = await startRecorder();
      const environment = { clock: systemClock, baseDirectory: '.', log: () => undefined };
      const instance = { system: connector.system, connector, settings: settings(recorder.origin) };
      registry = await Registry.connect([instance], environment);
      client = sdk(recorder.origin);
    });
    afterAll(async () => {
      await registry.close();
      await recorder.close();
    });

    const { isToken = () => false, everywhere = {} } = asked;
    const sent = async (replies: readonly Reply[], send: () => unknown): Promise<readonly Recorded[]> => {
      recorder.requests.length = 0;
      recorder.reply(...replies);
      // Whatever either side makes of the answer, it is what was sent that counts.
      await Promise.resolve()
        .then(send)
        .catch(() => undefined);
      return recorder.requests.filter((request) => !isToken(request));
    };

    for (const [difference, why] of Object.entries(everywhere)) console.log(`everywhere: ${difference}: ${why}`);

    test.each(pairs)('$operation', async ({ operation, input, call, replies = [{ body: {} }], at, differs = {} }) => {
      const { definition, context } = registry.operation(operation);
      const execute = () =>
        definition.execute(definition.input.parse(input), context('il-0', AbortSignal.timeout(20_000)));
      const ours = (await sent(replies, execute)).at(at ?? -1);
      const theirs = (await sent(replies, () => call(client))).at(-1);
      if (ours === undefined || theirs === undefined)
        throw new Error(`nothing was sent by ${ours === undefined ? 'the connector' : 'the SDK'}`);
      const found = differences(ours, theirs, credential).filter(
        (difference) => !Object.keys(everywhere).some((known) => difference.startsWith(known)),
      );
      const unexplained = found.filter(
        (difference) => !Object.keys(differs).some((known) => difference.startsWith(known)),
      );
      const unused = Object.keys(differs).filter((known) => !found.some((difference) => difference.startsWith(known)));
      report({ connector: connector.system, operation, differences: found.length, why: Object.values(differs) });
      expect({ unexplained, unused }).toEqual({ unexplained: [], unused: [] });
    });
  });
}

/** For the summary of `npm run judges`. */
function report(line: JsonObject | { readonly why: readonly string[] }): void {
  const file = process.env['INTERLOCK_JUDGES_REPORT'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(line)}\n`);
}
