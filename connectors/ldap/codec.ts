import type * as Ldapts from 'ldapts';
import type { SearchFilter } from './filter.ts';
import { formatName, formatPart, type Name, type Part, parentOf } from './name.ts';
import type { Values } from './values.ts';

/** The library that writes and reads LDAP's messages; loaded when a directory is first connected. */
export type Codec = typeof Ldapts;

export interface Change extends Values {
  readonly operation: 'add' | 'delete' | 'replace';
}

export interface Search {
  readonly kind: 'search';
  /** The empty name is the server's own entry. */
  readonly base: readonly Part[];
  readonly scope: 'base' | 'sub';
  readonly filter: SearchFilter;
  readonly attributes: readonly string[];
  /** Asks for a page of this many, after the one that ended with `cookie`. */
  readonly page?: { readonly size: number; readonly cookie?: Buffer | undefined } | undefined;
}

/** What changes something: one request each. `assert`: only where the entry still matches (RFC 4528). */
export type Write = { readonly name: Name; readonly assert?: SearchFilter | undefined } & (
  | { readonly kind: 'add'; readonly attributes: readonly Values[] }
  | { readonly kind: 'modify'; readonly changes: readonly Change[] }
  | { readonly kind: 'rename'; readonly to: Name }
  | { readonly kind: 'delete' }
  | { readonly kind: 'password'; readonly password: string; readonly by: 'exop' | 'unicodePwd' }
);

export const ASSERTION = '1.3.6.1.1.12';
export const PASSWORD_MODIFY = '1.3.6.1.4.1.4203.1.11.1';
export const START_TLS = '1.3.6.1.4.1.1466.20037';

/** Values of the settings are sent as they are: the operator's own spelling of who binds. */
export type Request =
  | Search
  | Write
  | { readonly kind: 'bind'; readonly dn: string; readonly password: string }
  | { readonly kind: 'start-tls' };

/** The request as a message, its number given by the connection. */
export function encode(codec: Codec, request: Request, messageId: number): Ldapts.BindRequest | Ldapts.SearchRequest {
  const message = messageOf(codec, request, messageId);
  // Every request has what a connection needs of it; the library exports no common type.
  return message as Ldapts.BindRequest;
}

function messageOf(codec: Codec, request: Request, messageId: number) {
  switch (request.kind) {
    case 'bind':
      return new codec.BindRequest({ messageId, dn: request.dn, password: request.password });
    case 'start-tls':
      return new codec.ExtendedRequest({ messageId, oid: START_TLS });
    case 'search':
      return searchOf(codec, request, messageId);
    default:
      return writeOf(codec, request, messageId);
  }
}

function searchOf(codec: Codec, { base, scope, filter, attributes, page }: Search, messageId: number) {
  const value = page && { size: page.size, ...(page.cookie === undefined ? {} : { cookie: page.cookie }) };
  return new codec.SearchRequest({
    messageId,
    baseDN: formatName(base),
    scope,
    derefAliases: 'never',
    filter: filterOf(codec, filter),
    attributes: [...attributes],
    ...(value === undefined ? {} : { controls: [new codec.PagedResultsControl({ critical: true, value })] }),
  });
}

function writeOf(codec: Codec, write: Write, messageId: number) {
  const dn = formatName(write.name);
  const common = write.assert === undefined ? { messageId } : { messageId, controls: [assertion(codec, write.assert)] };
  switch (write.kind) {
    case 'add':
      return new codec.AddRequest({
        ...common,
        dn,
        attributes: write.attributes.map((each) => attributeOf(codec, each)),
      });
    case 'modify':
      return new codec.ModifyRequest({ ...common, dn, changes: write.changes.map((each) => changeOf(codec, each)) });
    case 'rename': {
      const [newRdn] = write.to;
      const parent = formatName(parentOf(write.to));
      const moves = parent !== formatName(parentOf(write.name));
      const newSuperior = moves ? { newSuperior: parent } : {};
      return new codec.ModifyDNRequest({
        ...common,
        dn,
        newRdn: formatPart(newRdn),
        deleteOldRdn: true,
        ...newSuperior,
      });
    }
    case 'delete':
      return new codec.DeleteRequest({ ...common, dn });
    case 'password':
      return passwordOf(codec, { dn, password: write.password, by: write.by }, messageId);
    default:
      return write satisfies never;
  }
}

interface NewPassword {
  readonly dn: string;
  readonly password: string;
  readonly by: 'exop' | 'unicodePwd';
}

/** RFC 3062, so that the server hashes it as its policy says; Active Directory wants it quoted, in UTF-16. */
function passwordOf(codec: Codec, { dn, password, by }: NewPassword, messageId: number) {
  if (by === 'unicodePwd') {
    const modification = new codec.Attribute({ type: 'unicodePwd', values: [Buffer.from(`"${password}"`, 'utf16le')] });
    return new codec.ModifyRequest({
      messageId,
      dn,
      changes: [new codec.Change({ operation: 'replace', modification })],
    });
  }
  const value = new codec.BerWriter();
  value.startSequence();
  value.writeString(dn, 0x80);
  value.writeString(password, 0x82);
  value.endSequence();
  return new codec.ExtendedRequest({ messageId, oid: PASSWORD_MODIFY, value: value.buffer });
}

function attributeOf(codec: Codec, { attribute, values }: Values): Ldapts.Attribute {
  return new codec.Attribute({ type: attribute, values: [...values] });
}

function changeOf(codec: Codec, { operation, ...values }: Change): Ldapts.Change {
  return new codec.Change({ operation, modification: attributeOf(codec, values) });
}

/** RFC 4528: a critical control whose value is a filter. */
function assertion(codec: Codec, filter: SearchFilter): Ldapts.Control {
  const control = new codec.Control(ASSERTION, { critical: true });
  control.write = (writer) => {
    const value = new codec.BerWriter();
    filterOf(codec, filter).write(value);
    writer.startSequence();
    writer.writeString(ASSERTION);
    writer.writeBoolean(true);
    writer.writeBuffer(value.buffer, codec.Ber.OctetString);
    writer.endSequence();
  };
  return control;
}

/** Made of parts, never of text: there is nothing that a value could end. */
function filterOf(codec: Codec, filter: SearchFilter): Ldapts.Filter {
  if ('all' in filter) return new codec.AndFilter({ filters: filter.all.map((each) => filterOf(codec, each)) });
  if ('any' in filter) return new codec.OrFilter({ filters: filter.any.map((each) => filterOf(codec, each)) });
  if ('not' in filter) return new codec.NotFilter({ filter: filterOf(codec, filter.not) });
  const { attribute, is, value } = filter;
  switch (is) {
    case 'present':
      return new codec.PresenceFilter({ attribute });
    case 'equal':
      return new codec.EqualityFilter({ attribute, value });
    case 'starts':
      return new codec.SubstringFilter({ attribute, initial: value });
    case 'contains':
      return new codec.SubstringFilter({ attribute, any: [value] });
    default:
      return is satisfies never;
  }
}
