import { z } from 'zod';
import type { ConformanceFixtures } from '../../../src/connector/conformance/fixtures.ts';
import type { SubjectOptions } from '../../../src/connector/conformance/subject.ts';
import type { AnyConnector, AnyOperation, ConnectedSystem, Enricher } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import good from '../../../src/runtime/new-connector/template/conformance.ts';
import tracker from '../../../src/runtime/new-connector/template/index.ts';

export const FIXTURES: ConformanceFixtures = good;
export const GOOD: SubjectOptions = { connector: tracker, fixtures: FIXTURES };

/** A connector that breaks one promise, and the check that must find it. */
export interface Mutant {
  readonly check: string;
  readonly breaks: string;
  readonly options: SubjectOptions;
  /** What the finding says. */
  readonly finds: RegExp;
}

interface Connection {
  readonly connected: ConnectedSystem;
  readonly settings: JsonObject;
}

function connectedAs(change: (connection: Connection) => ConnectedSystem): SubjectOptions {
  const connector: AnyConnector = {
    ...tracker,
    connect: async (settings, environment) =>
      change({ connected: await tracker.connect(settings, environment), settings }),
  };
  return { connector, fixtures: FIXTURES };
}

/** The same connector with one operation changed. */
function operation(name: string, change: (before: AnyOperation, settings: JsonObject) => object): SubjectOptions {
  return connectedAs(({ connected, settings }) => ({
    ...connected,
    operations: connected.operations.map((each) =>
      each.name === `tracker.ticket.${name}` ? ({ ...each, ...change(each, settings) } as AnyOperation) : each,
    ),
  }));
}

type FailureOf = NonNullable<ConnectedSystem['http']>['failureOf'];

function failure(change: (before: FailureOf) => FailureOf): SubjectOptions {
  return connectedAs(({ connected }) => {
    if (connected.http === undefined) throw new Error('it speaks HTTP');
    return { ...connected, http: { ...connected.http, failureOf: change(connected.http.failureOf) } };
  });
}

/** The same connector with something to look up, which the fixtures say is 3. */
function counting(fetch: Enricher['fetch']): SubjectOptions {
  const enricher: Enricher = {
    name: 'openTickets',
    title: 'How many tickets are open.',
    type: 'Long',
    about: 'user',
    ttlMs: 60_000,
    fetch,
    evidence: [{ mark: 'doc', source: 'this file' }],
  };
  const facts = [{ name: 'openTickets', subject: { type: 'user', id: 'ada' }, value: 3 }] as const;
  const { connector } = connectedAs(({ connected }) => ({ ...connected, enrichers: [enricher] }));
  return { connector, fixtures: { ...FIXTURES, facts } };
}

function fixtures(change: Partial<ConformanceFixtures>): SubjectOptions {
  return { connector: tracker, fixtures: { ...FIXTURES, ...change } };
}

const COMMUNICATES = { kind: 'communicate', reversible: 'no', external: true, privileged: false, count: 1 } as const;
const CREATES = { kind: 'create', reversible: 'operation', external: false, privileged: false, count: 1 } as const;

/** Weaker for one domain that no sample has. */
const trusting = ({ notify }: { readonly notify?: string }) => {
  if (notify === undefined) return CREATES;
  return notify.endsWith('@elsewhere.example') ? { ...COMMUNICATES, external: false } : COMMUNICATES;
};

const follows = ({ origin, token }: JsonObject) => ({
  input: z.strictObject({ id: z.string() }),
  execute: async ({ id }: { id: string }) => {
    const headers = { authorization: `Bearer ${String(token)}` };
    const answer = await fetch(new URL(id, `${String(origin)}/tickets/`), { headers });
    return { status: 'succeeded', result: await answer.json() };
  },
});

const carries = (credential: unknown) => ({
  execute: httpExecution<{ id: string }>({
    request: ({ id }) => ({ method: 'GET', path: path`/tickets/${id}`, query: { key: String(credential) } }),
    repeatable: true,
    result: ({ body }) => body,
  }),
});

const sentTwice = httpExecution<{ title: string; notify?: string }>({
  request: ({ title, notify }, { actionId }) => ({
    method: 'POST',
    path: '/tickets',
    body: { title, reference: actionId, ...(notify === undefined ? {} : { notify }) },
  }),
  repeatable: true,
  result: ({ body }) => body,
});

const endless: AnyOperation['execute'] = async (_input, { http, signal }) => {
  for (let cursor: unknown = ''; cursor !== undefined; ) {
    const query = { cursor: String(cursor) };
    const answer = await http.send({ method: 'GET', path: '/tickets', query }, { repeatable: true, signal });
    cursor = answer.ok ? Object(answer.reply.body).next : undefined;
  }
  return { status: 'succeeded', result: { tickets: [] } };
};

let asked = 0;

const [first, ...others] = FIXTURES.samples;

export const MUTANTS: readonly Mutant[] = [
  {
    check: 'schemas',
    breaks: 'takes any field',
    options: operation('get', () => ({ input: z.looseObject({}) })),
    finds: /unknown field/,
  },
  {
    check: 'schemas',
    breaks: 'hands on any field',
    options: operation('get', () => ({ output: z.looseObject({}) })),
    finds: /not stripped/,
  },
  {
    check: 'samples',
    breaks: 'an operation is not tried',
    options: fixtures({ samples: others }),
    finds: /ticket\.get: has no sample/,
  },
  {
    check: 'samples',
    breaks: 'it has more effects than its sample says',
    options: fixtures({ samples: FIXTURES.samples.map((each) => ({ ...each, effects: each.effects.slice(1) })) }),
    finds: /the audit shows \["ticket\.create"\] instead of \[\]/,
  },
  {
    check: 'effects',
    breaks: 'a kind is never shown',
    options: operation('delete', () => ({ effectKinds: ['delete', 'spend'] })),
    finds: /no case shows spend/,
  },
  {
    check: 'effects',
    breaks: 'the case says otherwise',
    options: fixtures({
      effectCases: [{ operation: 'tracker.ticket.delete', input: { id: 'T-1' }, effect: { privileged: false } }],
    }),
    finds: /privileged is true, not false/,
  },
  {
    check: 'no-weaker-effect',
    breaks: 'it trusts one domain',
    options: operation('create', () => ({ effect: trusting })),
    finds: /weaker than every case/,
  },
  {
    check: 'no-weaker-effect',
    breaks: 'it cannot say what an unknown title does',
    options: operation('create', () => ({
      effect: ({ title }: { title: string }) => (title === 'Lamp' ? CREATES : Object(undefined).x.y),
    })),
    finds: /cannot say what this call does/,
  },
  {
    check: 'no-weaker-effect',
    breaks: 'it claims an undo that is not there',
    options: operation('create', () => ({ undo: { none: 'there is none of any kind' } })),
    finds: /an operation takes it back, and names none/,
  },
  {
    check: 'evidence',
    breaks: 'nothing says where it comes from',
    options: operation('get', () => ({ evidence: [] })),
    finds: /no evidence/,
  },
  {
    check: 'redaction',
    breaks: 'the credential is in the address',
    options: operation('get', (_, { token }) => carries(token)),
    finds: /in its address/,
  },
  {
    check: 'redaction',
    breaks: 'the result holds the credential',
    options: operation('get', (_, { token }) => ({
      execute: async (_i: unknown, { http, signal }: Parameters<AnyOperation['execute']>[1]) => {
        await http.send({ method: 'GET', path: '/tickets' }, { repeatable: true, signal });
        return { status: 'succeeded', result: { id: token } };
      },
    })),
    finds: /its result holds a credential/,
  },
  {
    check: 'origin-lock',
    breaks: 'an id is a path, and a redirect is followed',
    options: operation('get', (_, settings) => follows(settings)),
    finds: /calls another host/,
  },
  {
    check: 'pagination',
    breaks: 'it reads all pages',
    options: operation('list', () => ({ execute: endless })),
    finds: /pages that never end/,
  },
  {
    check: 'rate-limits',
    breaks: 'it does not wait',
    options: failure((before) => (reply, call) => {
      const { retryAfterMs: _, ...rest } = before(reply, call) ?? { class: 'refused' as const, detail: '' };
      return reply.status < 300 ? undefined : rest;
    }),
    finds: /instead of 3000/,
  },
  {
    check: 'lost-answers',
    breaks: 'what is at most once is sent again',
    options: operation('create', () => ({ execute: sentTwice })),
    finds: /sent again/,
  },
  {
    check: 'lost-answers',
    breaks: 'a 500 counts as a refusal',
    options: failure(
      (before) => (reply, call) => (reply.status === 500 ? { class: 'refused', detail: 'no' } : before(reply, call)),
    ),
    finds: /failed cleanly/,
  },
  {
    check: 'lost-answers',
    breaks: 'reading back finds nothing',
    options: operation('delete', () => ({ probe: async () => ({ status: 'not-applied' }) })),
    finds: /reading back says that nothing happened/,
  },
  {
    check: 'error-map',
    breaks: 'a status is nothing',
    options: failure((before) => (reply, call) => (reply.status === 418 ? undefined : before(reply, call))),
    finds: /418 with nothing: counts as a success/,
  },
  {
    check: 'error-map',
    breaks: 'a body is a bug',
    options: failure(
      (before) => (reply, call) =>
        reply.status === 404 ? { class: 'refused', detail: Object(reply.body).error.length } : before(reply, call),
    ),
    finds: /throws TypeError/,
  },
  {
    check: 'undo',
    breaks: 'it takes back something else',
    options: operation('create', () => ({
      undo: () => ({ operation: 'tracker.ticket.delete', input: { id: 'T-1' } }),
    })),
    finds: /did not restore what was before/,
  },
  {
    check: 'undo',
    breaks: 'what was done does not read back',
    options: operation('create', () => ({ probe: async () => ({ status: 'not-applied' }) })),
    finds: /not applied right after it was done/,
  },
  {
    check: 'enrichers',
    breaks: 'the second answer is another one',
    options: counting(async () => 3 + asked++),
    finds: /says 4 instead of 3/,
  },
  {
    check: 'enrichers',
    breaks: 'a subject that nobody knows is a bug',
    options: counting(async ({ id }) => (id === 'ada' ? 3 : Object(undefined).x.y)),
    finds: /TypeError/,
  },
  {
    check: 'enrichers',
    breaks: 'looking up does something',
    options: counting(async (_, { http, signal }) => {
      await http.send({ method: 'DELETE', path: '/tickets/T-1' }, { repeatable: false, signal });
      return 3;
    }),
    finds: /has an effect/,
  },
  {
    check: 'gate',
    breaks: 'asking what it does calls the system',
    options: operation('delete', (_, { origin }) => ({
      effect: () => {
        void fetch(String(origin)).catch(() => undefined);
        return { kind: 'delete', reversible: 'no', external: false, privileged: true, count: 1 };
      },
    })),
    finds: /requests were sent/,
  },
];

export const WITHOUT_SIMULATOR: SubjectOptions = {
  connector: { ...tracker, simulate: undefined },
  fixtures: {
    ...FIXTURES,
    samples: first === undefined ? [] : [first],
    settings: { origin: 'https://tracker.example', token: 'a token' },
  },
};
