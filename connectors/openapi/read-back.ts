import type { Probe, ProbeResult } from '../../src/connector/contract.ts';
import type { HttpResult } from '../../src/connector/http/http-client.ts';
import { argumentValues } from '../../src/connector/intake/argument-values.ts';
import { asInterlockError } from '../../src/lib/errors.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import type { ReadBack } from './api-manifest.ts';
import { type FurtherCall, showsValue } from './further-call.ts';
import { requestOf } from './request-of.ts';

/** Asks the API whether a call took effect, as its manifest says. Whatever is not plain leaves the outcome unknown. */
export function readBackProbe(
  { described, inputOf, shows }: FurtherCall & Pick<ReadBack, 'shows'>,
  prefix: string,
): Probe<JsonObject> {
  return async (input, { http, signal }) => {
    const asked = inputOf({ input });
    if (asked === undefined) return undetermined('the call does not have what the read-back needs');
    try {
      const call = requestOf(described, prefix, asked);
      return judge(shows, input, await http.send(call, { repeatable: true, reads: true, signal }));
    } catch (thrown) {
      return undetermined(asInterlockError(thrown).message);
    }
  };
}

function judge(shows: ReadBack['shows'], input: JsonObject, answer: HttpResult): ProbeResult {
  const isGone = !answer.ok && (answer.reply?.status === 404 || answer.reply?.status === 410);
  if ('gone' in shows && (answer.ok || isGone)) return settled(isGone);
  if ('found' in shows && (answer.ok || isGone)) return settled(answer.ok);
  if (!answer.ok) return undetermined(answer.detail);
  if (!('field' in shows)) return undetermined('the answer is neither there nor gone');
  const expected = 'from' in shows ? argumentValues({ input }, shows.from)[0] : shows.equals;
  const isShown = showsValue(answer.reply.body, shows.field, expected);
  return isShown === undefined ? undetermined(`the answer does not show ${shows.field}`) : settled(isShown);
}

function settled(isApplied: boolean): ProbeResult {
  return { status: isApplied ? 'applied' : 'not-applied' };
}

function undetermined(detail: string): ProbeResult {
  return { status: 'undetermined', detail };
}
