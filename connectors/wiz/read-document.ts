import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import { InterlockError } from '../../src/lib/errors.ts';
import type { JsonObject } from '../../src/lib/json.ts';

/** Characters, nesting and fields of a document that somebody else wrote. */
const CHARACTERS = 20_000;
const TOKENS = 5_000;
const DEPTH = 15;
const FIELDS = 500;

/** One top-level field of the operation that would run. */
export interface TopField {
  readonly type: 'query' | 'mutation';
  readonly name: string;
  /** Under which it stands in the answer. */
  readonly key: string;
  readonly args: JsonObject;
}

interface Asked {
  readonly document: string;
  readonly variables: JsonObject;
  readonly operationName?: string | undefined;
}

/**
 * What a document does: the fields that the operation of that name asks Query or Mutation for, fragments opened, and
 * those under @skip or @include taken as asked for. Throws INVALID_INPUT for what cannot be told, subscriptions included.
 */
export function readDocument({ document, variables, operationName }: Asked): readonly TopField[] {
  const parsed = parsedDocument(document);
  const operation = chosen(parsed, operationName);
  if (operation.operation === 'subscription') throw refuse('subscriptions are not governed');
  const type = operation.operation === 'mutation' ? 'mutation' : 'query';
  const fields = topFields(parsed, operation.selectionSet, new Set());
  const given = withDefaults(operation, variables);
  return fields
    .filter(({ name }) => name.value !== '__typename')
    .map((field) => ({
      type,
      name: field.name.value,
      key: field.alias?.value ?? field.name.value,
      args: argumentsOf(field, given),
    }));
}

function parsedDocument(document: string): DocumentNode {
  if (document.length > CHARACTERS) throw refuse(`the document has more than ${CHARACTERS} characters`);
  let parsed: DocumentNode;
  try {
    parsed = parse(document, { maxTokens: TOKENS, noLocation: true });
  } catch (cause) {
    throw refuse(`the document cannot be read: ${cause instanceof Error ? cause.message : ''}`.slice(0, 300));
  }
  let depth = 0;
  let fields = 0;
  visit(parsed, {
    SelectionSet: {
      enter: () => {
        depth += 1;
        if (depth > DEPTH) throw refuse(`the document is nested deeper than ${DEPTH}`);
      },
      leave: () => {
        depth -= 1;
      },
    },
    Field: () => {
      fields += 1;
      if (fields > FIELDS) throw refuse(`the document has more than ${FIELDS} fields`);
    },
  });
  return parsed;
}

function chosen({ definitions }: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operations = definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  const other = definitions.find(
    (each) => each.kind !== Kind.OPERATION_DEFINITION && each.kind !== Kind.FRAGMENT_DEFINITION,
  );
  if (other !== undefined) throw refuse('only operations and fragments are taken');
  const found = name === undefined ? operations : operations.filter((each) => each.name?.value === name);
  const [operation, ...more] = found;
  if (operation === undefined || more.length > 0) throw refuse('name the one operation of the document that is to run');
  return operation;
}

function topFields(
  document: DocumentNode,
  { selections }: SelectionSetNode,
  opened: ReadonlySet<string>,
): readonly FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return topFields(document, selection.selectionSet, opened);
    const name = selection.name.value;
    const fragment = document.definitions.find(
      (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === name,
    );
    if (fragment?.kind !== Kind.FRAGMENT_DEFINITION || opened.has(name))
      throw refuse(`the fragment ${name} is missing, or in itself`);
    return topFields(document, fragment.selectionSet, new Set([...opened, name]));
  });
}

/** What the server would take for the variables. One that is neither given nor has a default is left out of arguments. */
function withDefaults({ variableDefinitions = [] }: OperationDefinitionNode, variables: JsonObject): JsonObject {
  const defaults = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)] as const],
  );
  return { ...(Object.fromEntries(defaults) as JsonObject), ...variables }; // constants of a document are JSON
}

function argumentsOf({ arguments: given = [] }: FieldNode, variables: JsonObject): JsonObject {
  const values = given.flatMap(({ name, value }) => {
    const read: unknown = valueFromASTUntyped(value, variables);
    return read === undefined ? [] : [[name.value, read] as const];
  });
  return Object.fromEntries(values) as JsonObject; // constants and variables, all JSON
}

function refuse(why: string): InterlockError {
  return new InterlockError('INVALID_INPUT', why);
}
