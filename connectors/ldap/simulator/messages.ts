import type * as Ldapts from 'ldapts';
import { ASSERTION, PASSWORD_MODIFY } from '../codec.ts';
import type { SearchFilter } from '../filter.ts';
import type { Values } from '../values.ts';
import { readFilter } from './read-filter.ts';

type Codec = typeof Ldapts;

/** Operations of RFC 4511 §4.2 to §4.12, by the tag of the request. */
const OPERATIONS = {
  96: 'BIND',
  66: 'UNBIND',
  99: 'SEARCH',
  102: 'MODIFY',
  104: 'ADD',
  74: 'DELETE',
  108: 'RENAME',
  80: 'ABANDON',
  119: 'EXTENDED',
} as const;
export type OperationName = (typeof OPERATIONS)[keyof typeof OPERATIONS];

const ENTRY = 0x64;
const REFERENCE = 0x73;
const REFERRAL = 0xa3;
const CONTROLS = 0xa0;

export interface SeenSearch {
  readonly isBaseOnly: boolean;
  readonly filter: SearchFilter;
  readonly attributes: readonly string[];
}

export interface SeenRequest {
  readonly id: number;
  readonly operation: OperationName;
  readonly dn: string;
  readonly search?: SeenSearch;
  readonly attributes?: readonly Values[];
  readonly changes?: readonly (Values & { readonly operation: 'add' | 'delete' | 'replace' })[];
  readonly newRdn?: string;
  readonly newSuperior?: string;
  /** Of who binds, or to be set. */
  readonly password?: string;
  readonly assertion?: SearchFilter | undefined;
  readonly page?: { readonly size: number; readonly cookie: string } | undefined;
}

export interface Envelope {
  readonly id: number;
  readonly tag: number;
}

export function envelopeOf(codec: Codec, frame: Buffer): Envelope & { readonly reader: Ldapts.BerReader } {
  const reader = new codec.BerReader(frame);
  reader.readSequence();
  const id = reader.readInt() ?? 0;
  return { id, tag: reader.peek() ?? 0, reader };
}

export const isEndOf = ({ tag }: Envelope): boolean => tag !== ENTRY && tag !== REFERENCE;

/** Reads a request as a server does. Throws for what is none. */
export function readRequest(codec: Codec, frame: Buffer): SeenRequest {
  const { id, tag, reader } = envelopeOf(codec, frame);
  const operation = Object.entries(OPERATIONS).find(([known]) => Number(known) === tag)?.[1];
  if (operation === undefined) throw new Error(`operation ${tag}`);
  reader.readSequence(tag);
  const end = reader.offset + reader.length;
  const body = bodyOf(codec, { operation, reader, id });
  reader.offset = end;
  return { id, operation, ...body, ...controlsOf(codec, reader) };
}

interface Reading {
  readonly operation: OperationName;
  readonly reader: Ldapts.BerReader;
  readonly id: number;
}

type Body = Omit<SeenRequest, 'id' | 'operation'>;

function bodyOf(codec: Codec, { operation, reader, id: messageId }: Reading): Body {
  switch (operation) {
    case 'BIND': {
      const bind = new codec.BindRequest({ messageId });
      bind.parseMessage(reader);
      return { dn: bind.dn, password: bind.password };
    }
    case 'SEARCH':
      return searchOf(reader);
    case 'ADD': {
      const add = new codec.AddRequest({ messageId, dn: '' });
      add.parseMessage(reader);
      return { dn: add.dn, attributes: add.attributes.map(valuesOf) };
    }
    case 'MODIFY': {
      const modify = new codec.ModifyRequest({ messageId });
      modify.parseMessage(reader);
      const changes = modify.changes.map((each) => ({ operation: each.operation, ...valuesOf(each.modification) }));
      return { dn: modify.dn, changes };
    }
    case 'RENAME': {
      const { dn, newRdn, newSuperior } = renameOf(codec, { reader, messageId });
      return { dn, newRdn, newSuperior };
    }
    case 'DELETE':
      return { dn: reader.buffer.subarray(reader.offset, reader.offset + reader.length).toString('utf8') };
    case 'EXTENDED':
      return extendedOf(codec, reader);
    default:
      return { dn: '' };
  }
}

/** RFC 4511 §4.5.1; limits and dereferencing are passed over. */
function searchOf(reader: Ldapts.BerReader): Body {
  const dn = reader.readString() ?? '';
  const isBaseOnly = reader.readEnumeration() === 0;
  reader.readEnumeration();
  reader.readInt();
  reader.readInt();
  reader.readBoolean();
  const filter = readFilter(reader);
  reader.readSequence();
  const end = reader.offset + reader.length;
  const attributes: string[] = [];
  while (reader.offset < end) attributes.push(reader.readString() ?? '');
  return { dn, search: { isBaseOnly, filter, attributes } };
}

function renameOf(
  codec: Codec,
  { reader, messageId }: { readonly reader: Ldapts.BerReader; readonly messageId: number },
) {
  const rename = new codec.ModifyDNRequest({ messageId });
  rename.parseMessage(reader);
  return rename;
}

function valuesOf({ type, values }: Ldapts.Attribute): Values {
  return { attribute: type, values: values.map(String) };
}

/** RFC 3062; StartTLS is not simulated. */
function extendedOf(codec: Codec, reader: Ldapts.BerReader): Body {
  const oid = reader.readString(0x80);
  const value = reader.readString(0x81, true);
  if (oid !== PASSWORD_MODIFY || value === null) return { dn: '' };
  const inner = new codec.BerReader(value);
  inner.readSequence();
  return { dn: inner.readString(0x80) ?? '', password: inner.readString(0x82) ?? '' };
}

function controlsOf(codec: Codec, reader: Ldapts.BerReader): Pick<SeenRequest, 'assertion' | 'page'> {
  if (reader.peek() !== CONTROLS) return {};
  reader.readSequence(CONTROLS);
  const end = reader.offset + reader.length;
  let found: Pick<SeenRequest, 'assertion' | 'page'> = {};
  while (reader.offset < end) {
    reader.readSequence();
    const oid = reader.readString() ?? '';
    if (reader.peek() === codec.Ber.Boolean) reader.readBoolean();
    const value = new codec.BerReader(reader.readString(codec.Ber.OctetString, true) ?? Buffer.alloc(0));
    if (oid === ASSERTION) found = { ...found, assertion: readFilter(value) };
    if (oid === codec.PagedResultsControl.type && value.readSequence() !== null) {
      const size = value.readInt() ?? 0;
      found = { ...found, page: { size, cookie: value.readString() ?? '' } };
    }
  }
  return found;
}

/** One entry of an answer, and how the answer ends. */
export interface Said {
  readonly code: number;
  readonly message?: string | undefined;
  readonly entries?: readonly { readonly dn: string; readonly attributes: readonly Values[] }[] | undefined;
  readonly referrals?: readonly string[] | undefined;
  /** Of a paged search; empty: it was the last page. */
  readonly cookie?: string | undefined;
}

/** The tag of the answer to a request: one more, but for two. */
const answerTag: Readonly<Partial<Record<OperationName, number>>> = { DELETE: 0x6b };
const tagOf = (operation: OperationName): number =>
  answerTag[operation] ??
  (operation === 'SEARCH' ? 0x65 : Number(Object.entries(OPERATIONS).find(([, name]) => name === operation)?.[0]) + 1);

/** An answer as the bytes of RFC 4511. */
export function writeAnswer(
  codec: Codec,
  { id, operation }: Pick<SeenRequest, 'id' | 'operation'>,
  said: Said,
): Buffer {
  const entries = (said.entries ?? []).map(({ dn, attributes }) =>
    message(codec, id, (writer) => {
      writer.startSequence(ENTRY);
      writer.writeString(dn);
      writer.startSequence();
      for (const { attribute, values } of attributes)
        new codec.Attribute({ type: attribute, values: [...values] }).write(writer);
      writer.endSequence();
      writer.endSequence();
    }),
  );
  const end = message(codec, id, (writer) => {
    writer.startSequence(tagOf(operation));
    writer.writeEnumeration(said.code);
    writer.writeString('');
    writer.writeString(said.message ?? '');
    if (said.referrals !== undefined) {
      writer.startSequence(REFERRAL);
      for (const uri of said.referrals) writer.writeString(uri);
      writer.endSequence();
    }
    writer.endSequence();
    if (said.cookie !== undefined) writeCookie(codec, writer, said.cookie);
  });
  return Buffer.concat([...entries, end]);
}

/** An answer whose inside is anything. */
export function writeGarbage(
  codec: Codec,
  { id, operation }: Pick<SeenRequest, 'id' | 'operation'>,
  inside: string,
): Buffer {
  return message(codec, id, (writer) => writer.writeBuffer(Buffer.from(inside), tagOf(operation)));
}

function message(codec: Codec, id: number, write: (writer: Ldapts.BerWriter) => void): Buffer {
  const writer = new codec.BerWriter();
  writer.startSequence();
  writer.writeInt(id);
  write(writer);
  writer.endSequence();
  return writer.buffer;
}

function writeCookie(codec: Codec, writer: Ldapts.BerWriter, cookie: string): void {
  const value = { size: 0, cookie: Buffer.from(cookie) };
  writer.startSequence(CONTROLS);
  new codec.PagedResultsControl({ value }).write(writer);
  writer.endSequence();
}

/** An answer as it was read. */
export function readAnswer(codec: Codec, frames: readonly Buffer[]): Said {
  const entries: { dn: string; attributes: readonly Values[] }[] = [];
  let said: Said = { code: 0 };
  const parser = new codec.MessageParser();
  parser.on('error', () => undefined);
  parser.on('message', (answer) => {
    if (answer instanceof codec.SearchEntry)
      entries.push({ dn: answer.name, attributes: answer.attributes.map(valuesOf) });
    else {
      const paged = answer.controls?.find((control) => control instanceof codec.PagedResultsControl);
      const cookie = paged instanceof codec.PagedResultsControl ? paged.value?.cookie?.toString('latin1') : undefined;
      said = { code: answer.status, message: answer.errorMessage, ...(cookie === undefined ? {} : { cookie }) };
    }
  });
  for (const frame of frames) parser.read(frame, new Map());
  return { ...said, entries };
}
