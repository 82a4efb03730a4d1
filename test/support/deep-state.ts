import { Session } from 'node:inspector';

/**
 * Everything that an object is made of, `#private` fields included, as plain data to compare: what a class keeps to itself
 * cannot be forgotten by whoever copies it without this showing it. `leaveOut` names private fields that are derived.
 */
export function deepState(value: unknown, leaveOut: ReadonlySet<string> = new Set()): unknown {
  const session = new Session();
  session.connect();
  try {
    return stateOf(value, { session, leaveOut });
  } finally {
    session.disconnect();
  }
}

interface Walk {
  readonly session: Session;
  readonly leaveOut: ReadonlySet<string>;
}

function stateOf(value: unknown, walk: Walk): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => stateOf(item, walk));
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer).toString('base64');
  const own = Object.entries(value).filter(([, member]) => member !== undefined);
  const members = Object.fromEntries(own.sort(byName).map(([name, member]) => [name, stateOf(member, walk)]));
  if (Object.getPrototypeOf(value) === Object.prototype) return members;
  const entries = value instanceof Map || value instanceof Set ? [...value].map((entry) => stateOf(entry, walk)) : [];
  const hidden = privateFields(value, walk).map(([name, member]) => [name, stateOf(member, walk)]);
  return { kind: value.constructor.name, members, entries, hidden };
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

const PLAIN: ReadonlySet<unknown> = new Set([Map, Set]);

/** Only a debugger sees them; it hands them over through a global. */
function privateFields(value: object, { session, leaveOut }: Walk): readonly (readonly [string, unknown])[] {
  if (PLAIN.has(value.constructor)) return [];
  const scope = globalThis as { deepStateOf?: unknown };
  scope.deepStateOf = value;
  const { objectId } = asked<{ readonly objectId: string }>(session, 'Runtime.evaluate', {
    expression: 'globalThis.deepStateOf',
  });
  const fields = properties(session, objectId).filter(({ name }) => !leaveOut.has(`${value.constructor.name}${name}`));
  const found = fields.map(({ name, value: remote }) => {
    const argument = remote.objectId === undefined ? { value: remote.value } : { objectId: remote.objectId };
    const functionDeclaration = 'function (given) { globalThis.deepStateOf = given; }';
    asked(session, 'Runtime.callFunctionOn', { objectId, functionDeclaration, arguments: [argument] });
    return [name, scope.deepStateOf] as const;
  });
  delete scope.deepStateOf;
  return found;
}

interface Remote {
  readonly objectId?: string;
  readonly value?: unknown;
}

function properties(session: Session, objectId: string): readonly { readonly name: string; readonly value: Remote }[] {
  let found: readonly { readonly name: string; readonly value: Remote }[] = [];
  session.post('Runtime.getProperties', { objectId, ownProperties: true }, (error, answer) => {
    if (error !== null) throw error;
    // Newer than the types of the protocol.
    found = (answer as unknown as { privateProperties?: typeof found }).privateProperties ?? [];
  });
  return found;
}

/** In the same thread, the answer is there when the question has been put. */
function asked<T extends Remote>(session: Session, method: string, question: object): T {
  let found: T | undefined;
  session.post(method, question, (error, answer) => {
    if (error !== null) throw error;
    found = (answer as { readonly result: T }).result; // as the protocol says
  });
  if (found === undefined) throw new Error(`the debugger does not answer ${method}`);
  return found;
}
