import type { SimulatorResponse, SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { at, readXml, textOf, type Xml } from '../soap-reply.ts';
import { startProcess } from './process.ts';
import { correlationIn } from './service.ts';
import type { Tenant } from './tenant.ts';
import { SIMULATED_SOAP_USER, SIMULATED_TENANT } from './token-endpoint.ts';

interface Ending {
  readonly type: string;
  readonly request: string;
  readonly data: string;
  readonly worker: string;
  readonly date: string;
  readonly response: string;
  readonly effect: string;
  readonly contingent: boolean;
}

const ENDINGS: readonly Ending[] = [
  {
    type: 'Terminate Employee',
    request: 'Terminate_Employee_Request',
    data: 'Terminate_Employee_Data',
    worker: 'Employee_Reference',
    date: 'Termination_Date',
    response: 'Terminate_Employee_Event_Response',
    effect: 'worker.terminate',
    contingent: false,
  },
  {
    type: 'End Contingent Worker Contract',
    request: 'End_Contingent_Worker_Contract_Request',
    data: 'End_Contingent_Worker_Contract_Data',
    worker: 'Contingent_Worker_Reference',
    date: 'Contract_End_Date',
    response: 'End_Contingent_Worker_Contract_Response',
    effect: 'worker.end-contract',
    contingent: true,
  },
];

/** `POST /ccx/service/{tenant}/Staffing/{version}`: SOAP 1.1 with a UsernameToken. */
export function answerStaffing(tenant: Tenant, request: SimulatorRequest, world: SimulatorWorld): SimulatorResponse {
  const envelope = at(readXml(request.body), 'Envelope');
  const token = at(envelope, 'Header', 'Security', 'UsernameToken');
  const isUser =
    textOf(at(token, 'Username')) === `${SIMULATED_SOAP_USER.soapUsername}@${SIMULATED_TENANT}` &&
    textOf(at(token, 'Password')) === SIMULATED_SOAP_USER.soapPassword;
  if (!isUser) return fault('Client.authenticationError', 'invalid username or password');
  const ending = ENDINGS.find(({ request: name }) => at(envelope, 'Body', name) !== undefined);
  if (ending === undefined) return processingFault('The operation is not known.');
  return end(tenant, { ending, asked: at(envelope, 'Body', ending.request) }, world);
}

function end(
  tenant: Tenant,
  { ending, asked }: { readonly ending: Ending; readonly asked: Xml | undefined },
  world: SimulatorWorld,
): SimulatorResponse {
  const data = at(asked, ending.data);
  const workerId = textOf(at(data, ending.worker, 'ID'));
  const effective = textOf(at(data, ending.date));
  const worker = tenant.workers.get(workerId);
  if (worker === undefined || worker.contingent !== ending.contingent)
    return validationFault(`Invalid ID value. '${workerId}' is not a valid ID value for type = 'WID'`, ending);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(effective)) return validationFault(`${ending.date} is required.`, ending);
  const pending = [...tenant.processes.values()].some(
    (each) => each.workerId === workerId && each.type === ending.type && each.status === 'In Progress',
  );
  if (pending || worker.leaves !== undefined)
    return validationFault('There are other pending actions for the worker that conflict with this one.', ending);
  const parameters = at(asked, 'Business_Process_Parameters');
  const comment = textOf(at(parameters, 'Comment_Data', 'Comment'));
  world.audit(ending.effect, workerId, correlationIn(comment));
  const started = startProcess(tenant, world, {
    type: ending.type,
    workerId,
    initiator: SIMULATED_SOAP_USER.soapUsername,
    effective,
    comment,
    skipApprovals: textOf(at(parameters, 'Auto_Complete')) === 'true',
    onEnd: (status, now) => {
      if (status === 'Denied') return;
      worker.leaves = effective;
      now.audit('worker.leave', workerId);
    },
  });
  const reference = `<wd:Event_Reference><wd:ID wd:type="WID">${started.id}</wd:ID></wd:Event_Reference>`;
  return soap(200, `<wd:${ending.response} wd:version="v44.0">${reference}</wd:${ending.response}>`);
}

function soap(status: number, content: string): SimulatorResponse {
  const body = `<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:wd="urn:com.workday/bsvc"><SOAP-ENV:Body>${content}</SOAP-ENV:Body></SOAP-ENV:Envelope>`;
  return { status, headers: { 'content-type': 'text/xml;charset=UTF-8' }, body };
}

function fault(code: string, message: string, detail = ''): SimulatorResponse {
  const words = `<faultcode>SOAP-ENV:${code}</faultcode><faultstring>${message}</faultstring>`;
  return soap(500, `<SOAP-ENV:Fault>${words}${detail === '' ? '' : `<detail>${detail}</detail>`}</SOAP-ENV:Fault>`);
}

function validationFault(message: string, { request, data }: Ending): SimulatorResponse {
  const words = `<wd:Message>${message}</wd:Message><wd:Detail_Message>${message}</wd:Detail_Message>`;
  const error = `<wd:Validation_Error>${words}<wd:Xpath>/bsvc:${request}[1]/bsvc:${data}[1]</wd:Xpath></wd:Validation_Error>`;
  const detail = `<wd:Validation_Fault>${error}</wd:Validation_Fault>`;
  return fault('Client.validationError', 'Validation error occurred.', detail);
}

function processingFault(message: string): SimulatorResponse {
  const detail = `<wd:Processing_Fault><wd:Detail_Message>${message}</wd:Detail_Message></wd:Processing_Fault>`;
  return fault('Server.processingError', 'Processing error occurred.', detail);
}
