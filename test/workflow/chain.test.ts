import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActionDecided, NewEvent, StoredEvent } from '../../src/action/event.ts';
import { canonicalJson } from '../../src/lib/canonical-json.ts';
import { digestOf, sha256 } from '../../src/lib/digest.ts';
import { chainEvents, eventHash, genesisHash, ownEvents, parseEvent, verifyChain } from '../../src/workflow/chain.ts';
import { chain, headOf, message, T0 } from './chain-fixture.ts';

const STREAM = { tenant: 'acme', workflow: 'wf_1' };
const OTHER_HASH = sha256('something else');

describe('The chain of a workflow', () => {
  it('hashes the RFC 8785 form of the envelope, whatever its members hold', () => {
    const digest = fc.string({ unit: 'grapheme' }) as fc.Arbitrary<StoredEvent['prev']>;
    const envelope = fc.record({
      v: fc.nat(),
      seq: fc.maxSafeNat(),
      type: fc.string() as fc.Arbitrary<StoredEvent['type']>,
      at: fc.maxSafeNat(),
      prev: digest,
      payloadDigest: digest,
    });
    fc.assert(fc.property(envelope, (event) => eventHash(event) === sha256(canonicalJson(event))));
  });

  it('begins with the hash of the workflow’s name, so that every name has its own beginning', () => {
    const [first] = chain(STREAM, undefined, ['one']);
    expect(first?.prev).toBe(digestOf(STREAM));
    expect(genesisHash({ tenant: 'acme', workflow: 'wf_2' })).not.toBe(genesisHash(STREAM));
    expect(genesisHash({ tenant: 'acm', workflow: 'ewf_1' })).not.toBe(genesisHash(STREAM));
  });

  it('links each event to the one before it and keeps the salted payload as canonical text', () => {
    const events = chain(STREAM, undefined, ['one', 'two']);
    expect(events.map(({ v, seq, at }) => [v, seq, at])).toEqual([
      [1, 1, T0],
      [1, 2, T0],
    ]);
    expect(events[1]?.prev).toBe(events[0]?.hash);
    expect(events[0]?.payload).toBe('{"from":"ses_a","kind":"message","salt":"salt","text":"one","to":"ses_b"}');
    expect(events[0]?.payloadDigest).toBe(sha256(events[0]?.payload ?? ''));
  });

  it('gives equal payloads different digests, so that an erased one cannot be guessed', () => {
    let salts = 0;
    const events = chainEvents({
      stream: STREAM,
      head: undefined,
      events: [message('x'), message('x')],
      now: T0,
      salt: () => `${salts++}`,
    });
    expect(events[0]?.payloadDigest).not.toBe(events[1]?.payloadDigest);
  });

  it('does not let time go back when the clock does', () => {
    const first = chain(STREAM, undefined, ['one'], T0);
    expect(chain(STREAM, headOf(first), ['two'], T0 - 3_600_000)[0]?.at).toBe(T0);
    expect(chain(STREAM, headOf(first), ['two'], T0 + 1)[0]?.at).toBe(T0 + 1);
  });

  const events = chain(STREAM, undefined, ['one', 'two', 'three', 'four']);
  const rehash = (event: StoredEvent): StoredEvent => ({ ...event, hash: eventHash(event) });
  const changed = (seq: number, change: (event: StoredEvent) => StoredEvent) =>
    events.map((event) => (event.seq === seq ? change(event) : event));

  it('verifies as it was made, from the beginning and from a head', () => {
    expect(verifyChain(STREAM, events)).toEqual({ ok: true, head: headOf(events) });
    expect(verifyChain(STREAM, events.slice(2), headOf(events.slice(0, 2)))).toEqual({
      ok: true,
      head: headOf(events),
    });
    expect(verifyChain(STREAM, [])).toEqual({ ok: true, head: undefined });
  });

  it('verifies with a payload erased', () => {
    expect(
      verifyChain(
        STREAM,
        changed(2, (event) => ({ ...event, payload: undefined })),
      ).ok,
    ).toBe(true);
  });

  it.each([
    ['a changed payload', changed(2, (event) => ({ ...event, payload: `${event.payload} ` })), 2, 'payload'],
    [
      'a payload changed with its digest',
      changed(2, (event) => ({ ...event, payload: '{}', payloadDigest: sha256('{}') })),
      2,
      'envelope',
    ],
    [
      'an event rewritten with correct hashes',
      changed(2, (event) => rehash({ ...event, payload: '{}', payloadDigest: sha256('{}') })),
      3,
      'link',
    ],
    ['a changed type', changed(3, (event) => ({ ...event, type: 'workflow.frozen' })), 3, 'envelope'],
    ['a changed time', changed(3, (event) => ({ ...event, at: event.at + 1 })), 3, 'envelope'],
    ['a time that goes back', changed(3, (event) => rehash({ ...event, at: event.at - 1 })), 3, 'time'],
    ['a changed hash', changed(4, (event) => ({ ...event, hash: OTHER_HASH })), 4, 'envelope'],
    ['a changed link', changed(4, (event) => rehash({ ...event, prev: OTHER_HASH })), 4, 'link'],
    ['a removed event', events.filter(({ seq }) => seq !== 2), 2, 'missing'],
    ['a removed beginning', events.slice(1), 1, 'missing'],
    ['a repeated event', [...events, ...events.slice(3)], 5, 'missing'],
    ['two swapped events', events.toSpliced(1, 2, ...events.slice(1, 3).toReversed()), 2, 'missing'],
    [
      'two events with swapped contents',
      events.map(
        (event) =>
          ({ ...(event.seq === 2 ? events[2] : event.seq === 3 ? events[1] : event), seq: event.seq }) as StoredEvent,
      ),
      2,
      'envelope',
    ],
    ['a newer format', changed(4, (event) => rehash({ ...event, v: 2 })), 4, 'version'],
  ])('does not verify with %s, and names the place', (_, broken, seq, kind) => {
    expect(verifyChain(STREAM, broken)).toMatchObject({ ok: false, seq, kind });
  });

  it('does not verify as another workflow', () => {
    expect(verifyChain({ ...STREAM, workflow: 'wf_2' }, events)).toMatchObject({ ok: false, seq: 1, kind: 'link' });
    expect(verifyChain({ ...STREAM, tenant: 'globex' }, events)).toMatchObject({ ok: false, seq: 1, kind: 'link' });
  });
});

describe('A stored event', () => {
  const [stored] = chain(STREAM, undefined, ['one']) as [StoredEvent];

  it('is parsed into what was appended, without its salt', () => {
    const { seq, at, hash } = stored;
    const { payload } = message('one');
    expect(stored.payload).toContain('"salt":"salt"');
    expect(parseEvent(stored)).toEqual({ type: 'message.sent', seq, at, hash, payload });
  });

  it.each([
    ['of a newer format', { v: 2 }, 'LOG_VERSION'],
    ['whose payload was changed', { payload: '{}' }, 'LOG_BROKEN'],
    ['whose payload was erased', { payload: undefined }, 'LOG_BROKEN'],
    ['of a type nobody knows', { type: 'toString' as StoredEvent['type'] }, 'LOG_BROKEN'],
  ])('is refused when it is one %s', (_, change, code) => {
    expect(() => parseEvent({ ...stored, ...change })).toThrowError(expect.objectContaining({ code }));
  });

  it('brings a process’s own events back without reading them: the same as their text does', () => {
    const resources = [{ type: 'Notes::Note' as const, id: 'n1', attributes: undefined, labels: ['hr'] }];
    const events = [
      message('a “quoted” text\u2028'),
      { type: 'workflow.frozen' as const, payload: { by: 'ada', reason: '' } },
      { type: 'quarantine.lifted' as const, payload: { session: undefined, by: 'ada', reason: 'x' } },
      {
        type: 'action.completed' as const,
        payload: {
          ...{ action: 'act_1', status: 'succeeded' as const, labels: [], exposed: true, resources },
          ...{ result: JSON.parse('{"__proto__":{"a":[1,{"b":null}]},"10":1,"9":2}'), source: 'execution' as const },
        },
      },
    ];
    const chained = chainEvents({ stream: STREAM, head: undefined, events, now: T0, salt: () => 'salt' });
    expect(ownEvents(chained, events)).toStrictEqual(chained.map(parseEvent));
  });

  const input = { to: 'ada', amount: 4 };
  const texts = new Map([[input, '{"amount":4,"to":"ada"}']]);
  it.each([
    ['once where it was decided as it was sent', { requested: input, input }, 1],
    ['once where what was decided says the same', { requested: { amount: 4, to: 'ada' }, input }, 1],
    ['beside the one that obligations made of it', { requested: input, input: { to: 'ada', amount: 5 } }, 2],
    ['where nothing was decided on another one, as in a deny', { requested: input }, 1],
    ['where it is empty', { requested: {}, input: {} }, 1],
  ])('has the input %s, and is read with what was requested', (_, inputs, times) => {
    const events = [decided(inputs)];
    const chained = chainEvents({ stream: STREAM, head: undefined, events, texts, now: T0, salt: () => 'salt' });
    expect(chained[0]?.payload?.match(/"(?:input|requested)":/g)).toHaveLength(times);
    const [read] = chained.map(parseEvent);
    expect(read?.payload).toEqual(JSON.parse(canonicalJson(events[0]?.payload as never)));
    expect(ownEvents(chained, events)).toStrictEqual(chained.map(parseEvent));
    expect(verifyChain(STREAM, chained).ok).toBe(true);
  });

  it('is read as it is where it has the input twice, as older ones do', () => {
    const { payload } = decided({ requested: input, input });
    const text = canonicalJson({ ...(payload as object), salt: 'salt' } as never);
    const older = { ...stored, type: 'action.decided' as const, payload: text, payloadDigest: sha256(text) };
    expect(text.match(/"(?:input|requested)":/g)).toHaveLength(2);
    expect(parseEvent(older).payload).toEqual(JSON.parse(canonicalJson(payload as never)));
  });
});

function decided(inputs: Pick<ActionDecided, 'requested' | 'input'>): Extract<NewEvent, { type: 'action.decided' }> {
  const of = { session: 'ses_a', agent: 'scout', onBehalfOf: 'ada', callDigest: OTHER_HASH, policySet: 'sha256:1' };
  const lists = { reasons: [], resources: [], labels: [], approvals: [], consumes: [], resultObligations: [] };
  const action = { action: 'act_1', mode: 'run', operation: 'notes.send', activity: 'tool', seen: 1 } as const;
  return {
    type: 'action.decided',
    payload: { ...of, ...lists, ...action, ...inputs, decision: inputs.input === undefined ? 'deny' : 'allow' },
  };
}
