import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { TracedAction } from '../../../src/action/provenance.ts';
import { genesisHash, parseEvent } from '../../../src/workflow/chain.ts';
import { FoldedView } from '../../../src/workflow/view.ts';
import { isErased, nameOf, readStreams } from '../../golden/golden-log.ts';
import { broughtBack, foldAll, wholeState } from './snapshot-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'interlock-snapshots-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const golden = ['v1', 'v2', 'v3'].flatMap((format) => {
  const file = join(folder, `${format}.sqlite`);
  cpSync(join(import.meta.dirname, '../../golden', format, 'log.sqlite'), file);
  const whole = readStreams(file).filter(({ events }) => !events.some(isErased));
  return whole.map(({ id, events }) => [`${format}: ${nameOf(id)}`, { id, events }] as const);
});

/** Asks where values come from, so that all that arrived is taken in. */
const ASK: TracedAction = {
  operation: 'mail.message.send',
  input: { to: 'ann@x.org' },
  effect: { kind: 'communicate' },
};

describe('a view that was written down and brought back', () => {
  test.each(golden)('is what it was, and folds on as it would have: %s', async (_, { id, events }) => {
    const all = foldAll(id, events);
    for (const asks of [false, true]) {
      const view = new FoldedView(id, genesisHash(id));
      for (const [index, event] of events.entries()) {
        view.apply(parseEvent(event), event.payload?.length);
        if (asks) view.provenance.trace(ASK);
        const again = await broughtBack(view);
        expect(wholeState(again)).toEqual(wholeState(view));
        foldAll(id, events.slice(index + 1), again);
        for (const each of [again, all]) each.provenance.trace(ASK);
        expect(wholeState(again)).toEqual(wholeState(all));
      }
    }
  });
});
