import { describe, expect, onTestFinished, test } from 'vitest';
import { ids } from '../../../connectors/workday/inputs.ts';
import { workdaySettings } from '../../../connectors/workday/settings.ts';
import { SIMULATED_SOAP_USER } from '../../../connectors/workday/simulator/token-endpoint.ts';
import { soapFailureOf } from '../../../connectors/workday/soap-client.ts';
import { elements, envelopeOf } from '../../../connectors/workday/soap-envelope.ts';
import { at, readXml, textOf } from '../../../connectors/workday/soap-reply.ts';
import { createSimulator, type SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { caller, handleOf, movableClock, simulatedTenant } from './tenant.ts';

const TERMINATE = { workerId: ids.luis, endDate: '2026-05-31', reasonId: ids.any };
const END_CONTRACT = { workerId: ids.omar, endDate: '2026-05-31', reasonId: ids.any };
const SOAP = 'POST /ccx/service';

describe('work ends by a business process', () => {
  test.each([
    ['workday.worker.terminate', TERMINATE, 'worker.terminate'],
    ['workday.worker.end-contract', END_CONTRACT, 'worker.end-contract'],
  ])('%s is accepted, waits for its approver, and has ended when its event has', async (operation, input, effect) => {
    const { maker, checker, effects } = await simulatedTenant();
    const handle = handleOf(await maker.run(operation, input));
    expect(await maker.probe(operation, input, { handle })).toEqual({ status: 'running' });
    expect(effects()).toEqual([effect]);
    const steps = await checker.run('workday.event-step.list', { eventId: handle['eventId'] ?? '' });
    const stepId = JSON.stringify(steps).match(/"id":"([0-9a-f]{32})"/)?.[1] ?? '';
    await checker.run('workday.event-step.approve', { stepId, comment: 'fine' });
    expect(await maker.probe(operation, input, { handle })).toEqual({ status: 'applied', result: handle });
    expect(effects()).toEqual([effect, 'event-step.approve', 'worker.leave']);
  });

  test('with autoComplete nobody is asked, and the effect says so', async () => {
    const { maker, effects } = await simulatedTenant();
    const input = { ...TERMINATE, businessProcess: { autoComplete: true } };
    await maker.run('workday.worker.terminate', input);
    expect(effects()).toEqual(['worker.terminate', 'approvals.skip', 'worker.leave']);
    const { definition } = maker.registry.operation('workday.worker.terminate');
    if (definition.kind !== 'write') throw new Error('a write');
    expect(definition.effect(definition.input.parse(input))).toMatchObject({ kind: 'privilege', privileged: true });
    expect(definition.effect(definition.input.parse(TERMINATE))).toMatchObject({ kind: 'delete', privileged: true });
  });

  test.each([
    ['workday.worker.terminate', { ...TERMINATE, workerId: ids.omar }],
    ['workday.worker.end-contract', { ...END_CONTRACT, workerId: ids.luis }],
    ['workday.worker.terminate', { ...TERMINATE, workerId: ids.any }],
  ])('%s of somebody else is refused with the fault’s own words', async (operation, input) => {
    const { maker, effects } = await simulatedTenant();
    expect(await maker.run(operation, input)).toMatchObject({
      status: 'failed',
      code: 'EXECUTION_FAILED',
      detail: expect.stringContaining('is not a valid ID value'),
    });
    expect(effects()).toEqual([]);
  });

  test('a lost answer is never sent again, and the mark on an event settles it for this action only', async () => {
    const after = await simulatedTenant();
    after.simulator.fail({ when: 'after', answer: 'reset', call: SOAP });
    expect(await after.maker.run('workday.worker.terminate', TERMINATE)).toMatchObject({ status: 'unknown' });
    expect(await after.maker.probe('workday.worker.terminate', TERMINATE)).toEqual({ status: 'running' });
    expect(await after.maker.probe('workday.worker.terminate', TERMINATE, { actionId: 'act-2' })).toMatchObject({
      status: 'undetermined',
    });
    expect(after.effects()).toEqual(['worker.terminate']);
    const before = await simulatedTenant();
    before.simulator.fail({ when: 'before', answer: 'reset', call: SOAP });
    expect(await before.maker.run('workday.worker.terminate', TERMINATE)).toMatchObject({ status: 'unknown' });
    expect(await before.maker.probe('workday.worker.terminate', TERMINATE)).toEqual({ status: 'not-applied' });
  });

  test('without an integration user the operations are not there, and half of one is refused', async () => {
    const { simulator } = await simulatedTenant();
    const { soapUsername: _user, soapPassword: _password, ...rest } = simulator.settings;
    const without = await caller(rest, movableClock());
    expect(() => without.registry.operation('workday.worker.terminate')).toThrow();
    expect(workdaySettings.safeParse({ ...rest, soapUsername: 'isu' }).success).toBe(false);
    expect(workdaySettings.safeParse({ ...rest, soapUsername: 'isu@tenant', soapPassword: 'x' }).success).toBe(false);
  });

  test('a wrong password is refused and shown nowhere', async () => {
    const { simulator, effects } = await simulatedTenant();
    const soapPassword = 'a password that is not the one';
    const other = await caller({ ...simulator.settings, soapPassword }, movableClock());
    const result = await other.run('workday.worker.terminate', TERMINATE);
    expect(result).toMatchObject({ status: 'failed', code: 'CREDENTIAL_REFUSED' });
    expect(JSON.stringify(result)).not.toContain(soapPassword);
    expect(effects()).toEqual([]);
  });
});

/** A Staffing service that answers as told. */
async function answering(answer: (body: string) => SimulatorResponse) {
  const requests: { readonly body: string; readonly authorization: string | undefined }[] = [];
  const simulator = await createSimulator({
    options: { port: 0 },
    settings: (origin) => ({
      origin,
      tenant: 'gms_lab',
      grant: 'client-credentials',
      clientId: 'a',
      clientSecret: 'b',
    }),
    handle: (request) => {
      const body = String(request.body);
      requests.push({ body, authorization: request.headers['authorization'] });
      return answer(body);
    },
  });
  onTestFinished(() => simulator.close());
  const settings: JsonObject = { ...simulator.settings, ...SIMULATED_SOAP_USER };
  return { requests, ...(await caller(settings, movableClock())) };
}

const xml = (body: string, status = 200): SimulatorResponse => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body,
});
const answer = (inside: string, before = '') =>
  `${before}<E:Envelope xmlns:E="x"><E:Body><wd:Terminate_Employee_Event_Response>${inside}</wd:Terminate_Employee_Event_Response></E:Body></E:Envelope>`;
const reference = (id: string) => `<wd:Event_Reference><wd:ID wd:type="WID">${id}</wd:ID></wd:Event_Reference>`;

describe('an answer is read without trusting it', () => {
  test('an event by its Workday ID is taken, and by no other id', async () => {
    const { run, requests } = await answering(() => xml(answer(reference(ids.any))));
    expect(await run('workday.worker.terminate', TERMINATE)).toMatchObject({ handle: { eventId: ids.any } });
    expect(requests[0]?.authorization).toBeUndefined();
    const other = await answering(() => xml(answer(reference(ids.any).replace('WID', 'Background_Check_ID'))));
    expect(await other.run('workday.worker.terminate', TERMINATE)).toMatchObject({ status: 'unknown' });
  });

  test.each([
    ['names a file', `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>`, '&x;'],
    ['has an entity of its own', `<!DOCTYPE a [<!ENTITY x "${ids.any}">]>`, '&x;'],
    [
      'laughs a billion times',
      `<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>`,
      '&c;',
    ],
    ['has an entity that nobody declared', '', '&x;'],
  ])('one that %s settles nothing', async (_what, before, id) => {
    const { run } = await answering(() => xml(answer(reference(id), before)));
    const result = await run('workday.worker.terminate', TERMINATE);
    expect(result).toMatchObject({ status: 'unknown', code: 'RESPONSE_UNEXPECTED' });
    expect(JSON.stringify(result)).not.toMatch(/root:|haha/);
  });

  test.each(['<a>'.repeat(5_000), `${'<a>'.repeat(200)}x${'</a>'.repeat(200)}`, '{"not":"xml"}', ''])(
    'what is unclosed, too deep or no XML is no answer: %#',
    (text) => {
      expect(at(readXml(text), 'Envelope', 'Body')).toBeUndefined();
    },
  );

  test('a password that comes back in a fault is redacted', async () => {
    const { run } = await answering((body) =>
      xml(
        `<E:Envelope><E:Body><E:Fault><faultcode>E:Client.x</faultcode><faultstring>${body.match(/Text">([^<]*)</)?.[1]}</faultstring></E:Fault></E:Body></E:Envelope>`,
        500,
      ),
    );
    const result = await run('workday.worker.terminate', TERMINATE);
    expect(result).toMatchObject({ status: 'unknown', detail: expect.stringContaining('[redacted]') });
    expect(JSON.stringify(result)).not.toContain(SIMULATED_SOAP_USER.soapPassword);
  });
});

const fault = (code: string, detail: string) =>
  `<E:Envelope><E:Body><E:Fault><faultcode>E:${code}</faultcode><faultstring>words</faultstring><detail>${detail}</detail></E:Fault></E:Body></E:Envelope>`;

test.each([
  [
    500,
    fault(
      'Client.validationError',
      '<wd:Validation_Fault><wd:Validation_Error><wd:Message>m</wd:Message></wd:Validation_Error></wd:Validation_Fault>',
    ),
    'refused',
  ],
  [200, fault('Client.validationError', '<wd:Validation_Fault/>'), 'refused'],
  [500, fault('Client.authenticationError', ''), 'credential'],
  [
    500,
    fault(
      'Server.processingError',
      '<wd:Processing_Fault><wd:Detail_Message>m</wd:Detail_Message></wd:Processing_Fault>',
    ),
    'ambiguous',
  ],
  [500, fault('Server', ''), 'ambiguous'],
  [500, '', 'ambiguous'],
  [503, '<html>', 'ambiguous'],
  [404, '<html>', 'refused'],
  [401, '', 'credential'],
  [429, '', 'rate-limited'],
  [408, '', 'ambiguous'],
])('status %s with %s is %s', (status, body, expected) => {
  expect(soapFailureOf({ status, headers: {}, body }, systemClock)?.class).toBe(expected);
});

describe('a request is written', () => {
  const user = { username: 'isu@gms_lab', password: `p<&>"'` };

  test.each([
    `</wd:Comment><wd:Auto_Complete>true</wd:Auto_Complete>`,
    'a & b < c',
    ']]>',
    '<!DOCTYPE x>',
    '\u0000\ud800x',
  ])('and %j in it stays text', (comment) => {
    const text = envelopeOf({ name: 'Request', content: elements({ Comment: comment }) }, 'v44.0', user);
    expect(text).not.toContain('<wd:Auto_Complete>');
    const read = readXml(text);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML cannot carry it
    const carried = comment.toWellFormed().replace(/\u0000/g, '');
    expect(textOf(at(read, 'Envelope', 'Body', 'Request', 'Comment'))).toBe(carried);
    expect(textOf(at(read, 'Envelope', 'Header', 'Security', 'UsernameToken', 'Password'))).toBe(user.password);
  });

  test('with the elements of the description, in its order, and the mark of the action', async () => {
    const { run, requests } = await answering(() => xml(answer(reference(ids.any))));
    await run('workday.worker.terminate', {
      ...TERMINATE,
      lastDayOfWork: '2026-05-29',
      closePosition: true,
      businessProcess: { runNow: true },
      skipSteps: ['edit-service-dates', 'request-one-time-payment'],
    });
    const names = [...(requests[0]?.body.split('<soapenv:Body>')[1] ?? '').matchAll(/<wd:(\w+)/g)].map(
      ([, name]) => name,
    );
    expect(names).toEqual([
      'Terminate_Employee_Request',
      'Business_Process_Parameters',
      'Run_Now',
      'Comment_Data',
      'Comment',
      'Terminate_Employee_Data',
      'Employee_Reference',
      'ID',
      'Termination_Date',
      'Terminate_Event_Data',
      'Last_Day_of_Work',
      'Primary_Reason_Reference',
      'ID',
      'Close_Position',
      'Request_One_Time_Payment_Sub_Process',
      'Business_Sub_Process_Parameters',
      'Skip',
      'Edit_Service_Dates_Sub_Process',
      'Business_Sub_Process_Parameters',
      'Skip',
    ]);
    expect(requests[0]?.body).toContain('[interlock act-1]');
  });
});
