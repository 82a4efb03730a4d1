import { z } from 'zod';

/**
 * The id of a record, 18 characters. The form of 15 is refused: one record must have one name, or a policy about it
 * could be walked around.
 */
export const recordId = z.string().regex(/^[a-zA-Z0-9]{18}$/, 'an id has 18 letters and digits');

/** `Account`, `Invoice__c`, `ns__Invoice__c`: never a dot, a slash or a reference. */
const NAME = /^[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+|__[A-Za-z0-9]+)*$/;

export const objectName = z.string().max(80).regex(NAME, 'an object is named as Account or Invoice__c');
export const customObject = objectName.regex(/__c$/, 'a custom object ends in __c');
export const fieldName = z.string().max(80).regex(NAME, 'a field is named as Name or Amount__c, without dots');

/** A value of a field as REST has it. */
export const fieldValue = z.union([z.string().max(131_072), z.number(), z.boolean(), z.null()]);
export type FieldValue = z.output<typeof fieldValue>;
export type Fields = Readonly<Record<string, FieldValue>>;

/** What a record is called in a body beside its fields. */
const RESERVED: ReadonlySet<string> = new Set(['id', 'attributes', 'type']);

/** Fields to be written; the record itself is named beside them, and nowhere else. */
export const writtenFields = z
  .record(fieldName, fieldValue)
  .refine((fields) => Object.keys(fields).length > 0, 'at least one field is written')
  .refine((fields) => Object.keys(fields).length <= 200, 'at most 200 fields are written')
  .refine(
    (fields) => !Object.keys(fields).some((name) => RESERVED.has(name.toLowerCase())),
    'Id, type and attributes are no fields to be written',
  )
  .refine(
    (fields) => new Set(Object.keys(fields).map((name) => name.toLowerCase())).size === Object.keys(fields).length,
    'a field is written once',
  );

/** Fields to be read. */
export const readFields = z.array(fieldName).min(1).max(100);

/** A record as it is answered: its id and the fields that were asked for. */
export const recordOutput = z.object({ id: z.string(), fields: z.record(z.string(), fieldValue) });

/** Names in Salesforce are case-insensitive; every comparison of them goes through here. */
export function lowerCase(name: string): string {
  return name.toLowerCase();
}
