import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '../../../src/action/event.ts';
import { LogStore } from '../../../src/workflow/sqlite-log/log-store.ts';
import { chain, headOf, NOTHING_OPEN, textOf } from '../chain-fixture.ts';
import { temporaryFolder } from './temporary-folder.ts';

const STREAM = { tenant: 'acme', workflow: 'wf_1' };
const OTHER = { tenant: 'acme', workflow: 'wf_2' };
const THIRD = { tenant: 'acme', workflow: 'wf_3' };
const folder = temporaryFolder();
let files = 0;

function group(stream: typeof STREAM, events: readonly StoredEvent[], expected = (events[0]?.seq ?? 1) - 1) {
  const head = headOf(events);
  if (head === undefined) throw new Error('A group has events.');
  return { stream, expected, events, head, summary: NOTHING_OPEN };
}

describe('The database of the log', () => {
  const one = chain(STREAM, undefined, ['one']);
  const two = chain(STREAM, headOf(one), ['two']);
  const three = chain(STREAM, headOf(two), ['three']);

  it.each([
    ['follow a version it has not', group(STREAM, three)],
    ['claim to be the first of a stream that has some', group(STREAM, chain(STREAM, undefined, ['other']))],
    ['are there already', group(STREAM, one, 1)],
  ])('takes nothing of a batch with events that %s, whatever the main thread believes', (_, wrong) => {
    const store = new LogStore({ file: folder.path(`${files++}/log.sqlite`), synchronous: 'off' });
    store.commit([group(STREAM, one)]);
    expect(() => store.commit([group(OTHER, chain(OTHER, undefined, ['innocent'])), wrong])).toThrow();
    expect(store.read(STREAM, 0).map(textOf)).toEqual(['one']);
    expect(store.read(OTHER, 0)).toEqual([]);
    store.commit([group(STREAM, two)]);
    expect(store.head(STREAM)).toEqual(headOf(two));
    // What was taken back left no row behind that another stream could be taken for.
    for (const stream of [THIRD, OTHER]) store.commit([group(stream, chain(stream, undefined, [stream.workflow]))]);
    for (const stream of [THIRD, OTHER]) expect(store.read(stream, 0).map(textOf)).toEqual([stream.workflow]);
    store.close();
  });
});
