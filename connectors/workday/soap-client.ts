import type { Failure } from '../../src/connector/contract.ts';
import { createHttpClient } from '../../src/connector/http/create-http-client.ts';
import type { HttpCall, HttpReply, HttpResult } from '../../src/connector/http/http-client.ts';
import { path } from '../../src/connector/http/path.ts';
import { retryAfterFrom } from '../../src/connector/http/rate-limit-hint.ts';
import { createRedactor } from '../../src/connector/http/redact.ts';
import type { Clock } from '../../src/lib/clock.ts';
import type { WorkdaySettings } from './settings.ts';
import { type Element, envelopeOf } from './soap-envelope.ts';
import { all, at, readXml, textOf } from './soap-reply.ts';

/** Sends one request of a web service; never twice, because what starts a process starts two. */
export type SendSoap = (request: Element, signal: AbortSignal) => Promise<HttpResult>;

/**
 * Workday's Staffing web service. It has a client of its own in the same runtime: the credential is an integration user's
 * and stands in the envelope, and a bearer token beside it would be a second one. Undefined where no such user is given.
 */
export function createStaffingService(settings: WorkdaySettings, clock: Clock): SendSoap | undefined {
  const { origin, tenant, soapUsername, soapPassword, soapVersion } = settings;
  if (soapUsername === undefined || soapPassword === undefined) return undefined;
  const user = { username: `${soapUsername}@${tenant}`, password: soapPassword };
  const redacted = createRedactor([soapPassword]);
  const http = createHttpClient({
    origin,
    authentication: { headers: async () => ({}), refused: () => false },
    failureOf: (reply) => soapFailureOf(reply, clock),
    clock,
  });
  return async (request, signal) => {
    const call: HttpCall = {
      method: 'POST',
      path: path`/ccx/service/${tenant}/Staffing/${soapVersion}`,
      headers: { 'content-type': 'text/xml; charset=utf-8', accept: 'text/xml' },
      text: envelopeOf(request, soapVersion, user),
    };
    const result = await http.send(call, { repeatable: false, signal });
    return result.ok ? result : { ...result, detail: redacted(result.detail) };
  };
}

const LONGEST_DETAIL = 800;

/**
 * Reads every answer. A fault comes with a status of its own [spec: Validation_Fault, Processing_Fault]; that
 * `…validationError` and `…authenticationError` are its codes is [3rd]. A processing fault may come after some work was done.
 */
export function soapFailureOf({ status, headers, body }: HttpReply, clock: Clock): Failure | undefined {
  const soap = at(readXml(body), 'Envelope', 'Body');
  const fault = at(soap, 'Fault');
  if (fault === undefined) {
    if (status >= 200 && status < 300) return undefined;
    const detail = `Workday answered ${status} without a fault.`;
    if (status === 401) return { class: 'credential', detail };
    if (status === 429) return { class: 'rate-limited', detail, retryAfterMs: retryAfterFrom(headers, clock) };
    const refused = status >= 400 && status < 500 && status !== 408;
    return { class: refused ? 'refused' : 'ambiguous', detail };
  }
  const code = textOf(at(fault, 'faultcode'));
  const validation = at(fault, 'detail', 'Validation_Fault');
  const words = all(validation, 'Validation_Error').map((error) => textOf(at(error, 'Message')));
  const processing = textOf(at(fault, 'detail', 'Processing_Fault', 'Detail_Message'));
  const detail = [textOf(at(fault, 'faultstring')), ...words, processing].filter((text) => text !== '').join(' ');
  const shown = `${code}: ${detail}`.slice(0, LONGEST_DETAIL);
  if (code.endsWith('.authenticationError')) return { class: 'credential', detail: shown };
  const refused = validation !== undefined || code.endsWith('.validationError');
  return { class: refused ? 'refused' : 'ambiguous', detail: shown };
}
