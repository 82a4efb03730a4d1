import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { proveEvent } from '../../src/ledger/prove-event.ts';
import { verifyProof } from '../../src/ledger/verify-proof.ts';
import { openLogReader } from '../../src/workflow/sqlite-log/open-log-reader.ts';
import { chain } from '../workflow/chain-fixture.ts';
import { temporaryFolder } from '../workflow/sqlite-log/temporary-folder.ts';
import { openLedger, type Place, stream, tamper, writeHistory } from './log-fixture.ts';

const folder = temporaryFolder();
const place: Place = { file: folder.path('log.sqlite'), directory: folder.path('checkpoints') };
let publicKey: string;

async function prove(id: ReturnType<typeof stream>, seq?: number, { file, directory } = place): Promise<string> {
  const reader = openLogReader({ file });
  try {
    return await proveEvent({ reader, checkpointDirectory: directory, stream: id, seq });
  } finally {
    reader.close();
  }
}

const judge = (text: string) => verifyProof(text, publicKey);

beforeAll(async () => {
  // Ten events a workflow, a checkpoint behind every second one.
  await writeHistory(place);
  publicKey = readFileSync(join(place.directory, 'checkpoint-key.pub.pem'), 'utf8');
});

describe('A proof', () => {
  it.each([1, 2, 5, 10])('of event %i leads to the first head that is signed behind it', async (seq) => {
    const text = await prove(stream('wf_b'), seq);
    expect(JSON.parse(text).links).toHaveLength(seq % 2);
    const { shown } = judge(text);
    expect(shown).toMatchObject({ tenant: 'acme', workflow: 'wf_b', seq, checkpoint: Math.ceil(seq / 2) });
    expect(JSON.parse(shown?.payload ?? '').text).toMatch(new RegExp(`^1 ${Math.ceil(seq / 2) - 1} `));
  });

  it('of a workflow is of its last event under a checkpoint', async () => {
    expect(judge(await prove(stream('wf_a', 'globex'))).shown).toMatchObject({ tenant: 'globex', seq: 10 });
  });

  it('of an erased event is of its digest', async () => {
    const erased = { file: folder.path('erased/log.sqlite'), directory: folder.path('erased/checkpoints') };
    await writeHistory(erased);
    tamper(erased, (database) => database.exec('UPDATE events SET payload = NULL WHERE seq = 2 AND stream = 1'));
    const key = readFileSync(join(erased.directory, 'checkpoint-key.pub.pem'), 'utf8');
    const { shown } = verifyProof(await prove(stream('wf_a'), 2, erased), key);
    expect(shown).toMatchObject({ seq: 2, payload: undefined });
  });

  it.each([
    ['an event that is not there', stream('wf_b'), 11],
    ['a workflow that is not there', stream('wf_z'), 1],
    ['a workflow of another tenant', stream('wf_b', 'globex'), 1],
  ])('of %s is refused', async (_, id, seq) => {
    await expect(prove(id, seq)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('of a log that was changed is refused', async () => {
    const changed = { file: folder.path('changed/log.sqlite'), directory: folder.path('changed/checkpoints') };
    await writeHistory(changed);
    tamper(changed, (database) => database.exec(`UPDATE events SET type = 'x' WHERE seq = 4 AND stream = 1`));
    await expect(prove(stream('wf_a'), 3, changed)).rejects.toMatchObject({ code: 'LOG_BROKEN' });
    expect(verifyProof(await prove(stream('wf_a'), 1, changed), keyOf(changed)).problem).toBeUndefined();
  });

  it.each<[string, (proof: ReturnType<typeof JSON.parse>) => unknown, RegExp]>([
    ['another payload', (proof) => ({ ...proof, event: { ...proof.event, payload: '{}' } }), /payload/],
    ['another time', (proof) => ({ ...proof, event: { ...proof.event, at: 5 } }), /hash/],
    ['another place', (proof) => ({ ...proof, event: { ...proof.event, seq: 4 } }), /hash/],
    ['another workflow', (proof) => ({ ...proof, workflow: 'wf_a' }), /does not lead/],
    ['another tenant', (proof) => ({ ...proof, tenant: 'globex' }), /does not lead/],
    ['no links', (proof) => ({ ...proof, links: [] }), /does not lead/],
    ['another link', (proof) => ({ ...proof, links: [{ ...proof.links[0], at: 5 }] }), /does not lead/],
    ['a link too many', (proof) => ({ ...proof, links: [...proof.links, ...proof.links] }), /does not lead/],
    ['another event in a chain of its own', (proof) => ({ ...proof, event: forged(), links: [] }), /does not lead/],
    ['another head', (proof) => withHead(proof), /not signed/],
    ['another field', (proof) => ({ ...proof, more: 1 }), /no proof/],
    ['no checkpoint', ({ checkpoint: _, ...proof }) => proof, /no proof/],
  ])('with %s shows nothing', async (_, change, problem) => {
    const text = JSON.stringify(change(JSON.parse(await prove(stream('wf_b'), 3))));
    expect(judge(text)).toEqual({ problem: expect.stringMatching(problem) });
  });

  it('shows nothing to who expects another key, and says so of a text that is none', async () => {
    const text = await prove(stream('wf_b'), 3);
    const other = { file: folder.path('other/log.sqlite'), directory: folder.path('other/checkpoints') };
    await (await openLedger(other)).close();
    expect(verifyProof(text, keyOf(other)).problem).toMatch(/not signed/);
    expect(judge(`${text}}`).problem).toMatch(/no proof/);
    expect(() => verifyProof(text, 'no key')).toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});

function keyOf({ directory }: Place): string {
  return readFileSync(join(directory, 'checkpoint-key.pub.pem'), 'utf8');
}

function forged(): object {
  const [, , third] = chain(stream('wf_b'), undefined, ['a', 'b', 'c']);
  return { ...third };
}

/** Names the head that the forged event would lead to, without the key to sign it. */
function withHead(proof: ReturnType<typeof JSON.parse>): unknown {
  const event = forged();
  const heads = [{ tenant: 'acme', workflow: 'wf_b', version: 3, hash: (event as { hash: string }).hash }];
  return { ...proof, event, links: [], checkpoint: { ...proof.checkpoint, heads } };
}
