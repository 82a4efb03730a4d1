import { XMLParser } from 'fast-xml-parser';
import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import { isJsonObject } from '../../../src/lib/json.ts';
import { findById, objectNamed, type Row, tableOf } from './org.ts';
import { createRow, deleteRow, type Place } from './rows.ts';

const parser = new XMLParser({ removeNSPrefix: true, ignoreAttributes: true, parseTagValue: false });

type Element = Readonly<Record<string, unknown>>;
type Method = (place: Place, args: Element) => string;

const METHODS: Readonly<Record<string, Method>> = {
  undelete: (place, { ids }) =>
    listOf(ids)
      .map((id) => undelete(place, id))
      .join(''),
  emptyRecycleBin: ({ org, world }, { ids }) =>
    listOf(ids)
      .map((id) => {
        const entry = org.bin.get(id);
        if (entry === undefined) return refusal('INVALID_ID_FIELD', 'it is not in the recycle bin');
        org.bin.delete(id);
        world.audit(`${entry.object}.purge`, id);
        return granted(id);
      })
      .join(''),
  merge: (place, { mergeRequests }) => merge(place, isJsonObject(mergeRequests) ? mergeRequests : {}),
  convertLead: (place, { leadConverts }) => convert(place, isJsonObject(leadConverts) ? leadConverts : {}),
  resetPassword: ({ org, world }, { userId }) => {
    if (!tableOf(org, 'User').has(String(userId))) throw new Error('INVALID_ID_FIELD');
    world.audit('User.reset-password', String(userId));
    return '<result><password>s1mulated-New-Pass</password></result>';
  },
};

/** The partner API: the token stands in the header of the envelope. */
export function answerSoap(place: Place, text: string, isToken: (token: string) => boolean): SimulatorResponse {
  const envelope = Object(parser.parse(text))['Envelope'] ?? {};
  const [method = '', args] = Object.entries(Object(envelope['Body'])).find(([name]) => name in METHODS) ?? [];
  if (!isToken(String(envelope['Header']?.['SessionHeader']?.['sessionId'] ?? '')))
    return fault('INVALID_SESSION_ID', 'Invalid Session ID found in SessionHeader');
  const answer = METHODS[method];
  if (answer === undefined) return fault('UNKNOWN_EXCEPTION', 'no such operation');
  try {
    return reply(`<${method}Response>${answer(place, isJsonObject(args) ? args : {})}</${method}Response>`);
  } catch (error) {
    return fault(error instanceof Error ? error.message : 'UNKNOWN_EXCEPTION', 'refused');
  }
}

function listOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}

function undelete({ org, world }: Place, id: string): string {
  const entry = org.bin.get(id);
  if (entry === undefined) return refusal('UNDELETE_FAILED', 'Entity is not in the recycle bin');
  org.bin.delete(id);
  tableOf(org, entry.object).set(id, entry.row);
  world.audit(`${entry.object}.undelete`, id);
  return granted(id);
}

function merge(place: Place, { masterRecord, recordToMergeIds }: Element): string {
  const master = isJsonObject(masterRecord) ? masterRecord : {};
  const object = objectNamed(String(master['type'])) ?? '';
  const masterId = String(master['Id']);
  const merged = listOf(recordToMergeIds);
  const known = [masterId, ...merged].every((id) => findById(place.org, id)?.object === object);
  if (!known || merged.includes(masterId)) return refusal('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  place.world.audit(`${object}.merge`, masterId);
  for (const id of merged) deleteRow(place, object, id);
  return `<result><id>${masterId}</id>${merged.map((id) => `<mergedRecordIds>${id}</mergedRecordIds>`).join('')}<success>true</success></result>`;
}

function convert(place: Place, wanted: Element): string {
  const leadId = String(wanted['leadId']);
  const lead = tableOf(place.org, 'Lead').get(leadId);
  if (lead === undefined || lead['IsConverted'] === true)
    return refusal('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
  place.world.audit('Lead.convert', leadId);
  const made = (object: string, row: Row) => String(Object(createRow(place, object, row).body)['id']);
  const accountId = String(wanted['accountId'] ?? made('Account', { Name: lead['Company'] ?? '' }));
  const contactId = String(
    wanted['contactId'] ?? made('Contact', { LastName: lead['LastName'] ?? '', AccountId: accountId }),
  );
  const without = wanted['doNotCreateOpportunity'] === 'true';
  const opportunityId = without ? null : made('Opportunity', { Name: lead['Company'] ?? '', StageName: 'Prospecting' });
  Object.assign(lead, {
    IsConverted: true,
    ConvertedAccountId: accountId,
    ConvertedContactId: contactId,
    ConvertedOpportunityId: opportunityId,
  });
  const opportunity = opportunityId === null ? '' : `<opportunityId>${opportunityId}</opportunityId>`;
  return `<result><accountId>${accountId}</accountId><contactId>${contactId}</contactId><leadId>${leadId}</leadId>${opportunity}<success>true</success></result>`;
}

const granted = (id: string) => `<result><id>${id}</id><success>true</success></result>`;
const refusal = (code: string, message: string) =>
  `<result><errors><message>${message}</message><statusCode>${code}</statusCode></errors><success>false</success></result>`;

function reply(content: string, status = 200): SimulatorResponse {
  const body = `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com" xmlns:sf="urn:fault.partner.soap.sforce.com"><soapenv:Body>${content}</soapenv:Body></soapenv:Envelope>`;
  return { status, headers: { 'content-type': 'text/xml;charset=UTF-8' }, body };
}

/** A fault comes with status 500. */
export function fault(code: string, message: string): SimulatorResponse {
  return reply(
    `<soapenv:Fault><faultcode>sf:${code}</faultcode><faultstring>${code}: ${message}</faultstring></soapenv:Fault>`,
    500,
  );
}
