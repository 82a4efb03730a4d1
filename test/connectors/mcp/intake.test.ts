import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import mcp from '../../../connectors/mcp/index.ts';
import { environment, governedMcp, obedientSettings } from './governed-mcp.ts';

const PLACE = { ...environment(), system: 'test' };

test('what a server offers is proposed unclassified, also beside a tool that cannot be used', async () => {
  const { settings, offer } = await obedientSettings([{ name: 'note' }]);
  offer([{ name: 'note' }, { name: 'huge', description: 'x'.repeat(100_000) }]);
  const text = (await mcp.intake?.propose(mcp.settings.parse(settings), PLACE)) ?? '';
  expect(text).toContain('note:');
  expect(text).not.toContain('huge:');
  expect(text).not.toMatch(/^ {4}effect:/m);
});

test('an accepted tool runs when the connector is loaded again, and an unknown one cannot be accepted', async () => {
  const { settings, offer, manifestFile } = await obedientSettings([{ name: 'note' }]);
  offer([{ name: 'note', description: 'Other words.' }]);
  expect((await governedMcp(settings)).refused).toEqual(['test.tool.note']);
  const parsed = mcp.settings.parse(settings);
  const pin = await mcp.intake?.accept(parsed, PLACE, 'note');
  expect(readFileSync(manifestFile, 'utf8')).toContain(pin);
  expect((await governedMcp(settings)).refused).toEqual([]);
  await expect(mcp.intake?.accept(parsed, PLACE, 'other')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(mcp.intake?.accept({ ...parsed, manifest: undefined }, PLACE, 'note')).rejects.toMatchObject({
    code: 'OPERATION_UNCLASSIFIED',
  });
});
