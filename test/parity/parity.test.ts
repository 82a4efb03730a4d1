import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GOVERNED, REFUSED } from './calls.ts';
import { SURFACES, type Surface, type Told } from './surfaces.ts';
import { KEYS, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const WRITE = { operation: 'notes.note.write', inputText: '{"id":"n2","text":"x"}' };
const OTHER_WRITE = { operation: 'notes.note.write', inputText: '{"id":"n2","text":"y"}' };
const ASK = { operation: 'notes.note.send', inputText: '{"id":"n1","to":"x@partner.example"}' };

/** The same for every surface that agrees: without what is drawn anew for each workflow. */
function comparable(told: Told): object {
  const { id: _, digest: _d, workflow: _w, approval, ...rest } = told as Exclude<Told, { code: string }>;
  return { ...rest, ...(approval === undefined ? {} : { groups: approval.groups }) };
}

async function onEach(ask: (surface: Surface) => Promise<Told>): Promise<Told[]> {
  const answers: Told[] = [];
  for (const surface of SURFACES) answers.push(await ask(surface));
  return answers;
}

describe('every surface gives the same answer to', () => {
  test.each(GOVERNED)('$title', async ({ calls, answer, effects }) => {
    const answers = await onEach(async (surface) => {
      const bearer = await world.agent();
      const before = world.system.effects.length;
      let last: Told | undefined;
      for (const call of calls) last = await surface.run(world, bearer, call);
      expect(last, surface.name).toMatchObject(answer);
      expect(world.system.effects.length - before, surface.name).toBe(effects);
      return last ?? { code: 'nothing was asked' };
    });
    const [first, ...others] = answers.map(comparable);
    for (const other of others) expect(other).toEqual(first);
  });
});

describe('every surface refuses, and changes nothing:', () => {
  let bearer: string;
  beforeAll(async () => {
    bearer = await world.agent();
  });

  test.each(REFUSED)('$title: $code', async ({ call, beside, code, codes, isOnlyText = false }) => {
    const before = await world.changes();
    for (const surface of SURFACES) {
      if (isOnlyText && surface.name === 'library') continue;
      const { code: told } = await surface.run(world, bearer, call, beside);
      expect([surface.name, told]).toEqual([surface.name, codes?.[surface.name] ?? code]);
    }
    expect(await world.changes()).toBe(before);
  });
});

describe('on every surface', () => {
  /** Sends the call through each surface with a credential of this kind; nothing may change by it. */
  async function refused(bearer: string, ask: (surface: Surface, bearer: string) => Promise<Told>): Promise<unknown[]> {
    const before = await world.changes();
    const codes = (await onEach((surface) => ask(surface, bearer))).map(({ code }) => code);
    expect(await world.changes()).toBe(before);
    return codes;
  }
  const thrice = (code: string): string[] => SURFACES.map(() => code);
  const run = (surface: Surface, bearer: string) => surface.run(world, bearer, WRITE);

  test.each([
    ['nobody’s credential', async () => 'ilk_nobody'],
    ['a token with another workflow in it', async () => swapped(await world.agent(), await world.agent(), 1)],
    ['a token with another secret', async () => swapped(await world.agent(), await world.agent(), 3)],
    ['a revoked token', async () => revoked(await world.agent())],
  ])('%s gets nowhere', async (_title, make) => {
    expect(await refused(await make(), run)).toEqual(thrice('UNAUTHENTICATED'));
  });

  test('an action of another workflow, of another tenant or of nobody is not there', async () => {
    const owner = await world.agent();
    await SURFACES[0]?.run(world, owner, { ...WRITE, id: 'mine' });
    const opener = await world.interlock.authenticate(KEYS.foreigner);
    const { id } = await world.interlock.open(opener, { onBehalfOf: { id: 'eve' } });
    const { token: foreign } = await world.interlock.openSession(opener, id, { agent: 'spy' });
    const stranger = await world.agent();
    for (const bearer of [stranger, foreign]) {
      expect(await refused(bearer, (surface, token) => surface.look(world, token, 'mine'))).toEqual(
        thrice('NOT_FOUND'),
      );
    }
    expect(await refused(owner, (surface, token) => surface.look(world, token, 'nothing'))).toEqual(
      thrice('NOT_FOUND'),
    );
  });

  test('an id that was used for another call is refused, whichever surface used it', async () => {
    for (const first of SURFACES) {
      const bearer = await world.agent();
      const done = await first.run(world, bearer, { ...WRITE, id: 'once' });
      const codes = await refused(bearer, (surface, token) =>
        surface.run(world, token, { ...OTHER_WRITE, id: 'once' }),
      );
      expect(codes).toEqual(thrice('ACTION_ID_REUSED'));
      const before = await world.changes();
      for (const again of await onEach((surface) => surface.run(world, bearer, { ...WRITE, id: 'once' })))
        expect(comparable(again)).toEqual(comparable(done));
      expect(await world.changes()).toBe(before);
    }
  });

  test('an approval is for the call that was shown: changed arguments are refused, a new id asks anew', async () => {
    const changed = { ...ASK, inputText: '{"id":"n1","to":"evil@partner.example"}' };
    for (const surface of SURFACES) {
      const bearer = await world.agent();
      const held = await surface.run(world, bearer, { ...ASK, id: 'ask' });
      await approve(held);
      expect(await surface.look(world, bearer, 'ask', 30_000)).toMatchObject({ outcome: { status: 'succeeded' } });
      const before = await world.changes();
      expect(await surface.run(world, bearer, { ...changed, id: 'ask' })).toMatchObject({ code: 'ACTION_ID_REUSED' });
      expect(await world.changes()).toBe(before);
      const effects = world.system.effects.length;
      for (const call of [{ ...ASK, id: 'ask-2' }, changed])
        expect(await surface.run(world, bearer, call)).toMatchObject({ decision: 'step_up', state: 'held' });
      expect(world.system.effects.length).toBe(effects);
    }
  });
});

async function approve(held: Told): Promise<void> {
  const approver = await world.interlock.authenticate(KEYS.approver);
  for (const id of approvalsOf(held))
    await world.interlock.answerApproval(approver, id, { answer: 'approve', reason: 'ok' });
}

function approvalsOf(told: Told): readonly string[] {
  return ('approval' in told && told.approval?.ids) || [];
}

/** The first token with one part (workflow, session or secret) of the second. */
function swapped(token: string, other: string, part: number): string {
  return token
    .split('.')
    .with(part, other.split('.')[part] ?? '')
    .join('.');
}

async function revoked(bearer: string): Promise<string> {
  const caller = await world.interlock.authenticate(bearer);
  const opener = await world.interlock.authenticate(KEYS.opener);
  if (caller.kind !== 'agent') throw new Error('this is not an agent’s token');
  await world.interlock.revokeSession(opener, caller.principal.workflow, caller.principal.session, 'test');
  return bearer;
}

/** The id of an approval that somebody waits for. */
async function pendingApproval(): Promise<string> {
  const answer = await SURFACES[0]?.run(world, await world.agent(), ASK);
  return answer === undefined ? '' : (approvalsOf(answer)[0] ?? '');
}

/** What happened, once what was begun before has ended: the outcome of an action comes after its effect. */
async function settled(): Promise<number> {
  const opener = await world.interlock.authenticate(KEYS.opener);
  const executing = async (): Promise<number> =>
    (await world.interlock.workflows(opener)).reduce((sum, { open, held }) => sum + open - held, 0);
  await expect.poll(executing).toBe(0);
  return world.changes();
}

describe('an approval, through the library and over HTTP,', () => {
  const library = async (bearer: string, id: string): Promise<string> => {
    const caller = await world.interlock.authenticate(bearer);
    const answered = world.interlock.answerApproval(caller, id, { answer: 'approve', reason: 'ok' });
    return answered.then(
      () => 'answered',
      (thrown) => String(thrown.code),
    );
  };
  const http = async (bearer: string, id: string): Promise<string> => {
    const response = await fetch(`${world.url}/v1/approvals/${id}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify({ answer: 'approve', reason: 'ok' }),
    });
    const body: { readonly code?: string } = JSON.parse(await response.text());
    return response.ok ? 'answered' : String(body.code);
  };

  test.each([
    ['library', 'http', library, http],
    ['http', 'library', http, library],
  ] as const)('that was given by %s is not given again by %s', async (_first, _second, give, again) => {
    const id = await pendingApproval();
    const effects = world.system.effects.length;
    expect(await give(KEYS.approver, id)).toBe('answered');
    await expect.poll(() => world.system.effects.length).toBe(effects + 1);
    expect(await again(KEYS.approver, id)).toBe('APPROVAL_ANSWERED');
    expect(world.system.effects.length).toBe(effects + 1);
  });

  test.each([
    ['to nothing', KEYS.approver, 'apr_none', 'NOT_FOUND'],
    ['by another tenant', KEYS.foreigner, undefined, 'NOT_FOUND'],
    ['by an operator without the right', KEYS.opener, undefined, 'FORBIDDEN'],
  ])('%s is refused alike, and changes nothing', async (_title, bearer, unknown, code) => {
    const id = unknown ?? (await pendingApproval());
    const before = await settled();
    expect([await library(bearer, id), await http(bearer, id)]).toEqual([code, code]);
    expect(await world.changes()).toBe(before);
  });
});
