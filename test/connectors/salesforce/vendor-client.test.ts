import { Connection } from 'jsforce';
import { expect, onTestFinished, test } from 'vitest';
import { SEED } from '../../../connectors/salesforce/simulator/seed.ts';
import { simulateOrg } from '../../../connectors/salesforce/simulator/simulate-salesforce.ts';

/** jsforce as it comes, with its own transport. */
async function plainJsforce(): Promise<Connection> {
  const simulator = await simulateOrg({ port: 0 });
  onTestFinished(() => simulator.close());
  const { origin, clientId = '', clientSecret = '' } = simulator.settings;
  const form = { grant_type: 'client_credentials', client_id: String(clientId), client_secret: String(clientSecret) };
  const answer = await fetch(`${origin}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: accessToken } = (await answer.json()) as { access_token: string }; // the simulator's own form
  return new Connection({ instanceUrl: String(origin), accessToken, version: '67.0' });
}

test("the vendor's client writes, finds and reads records of the simulated org", async () => {
  const jsforce = await plainJsforce();
  const made = await jsforce.sobject('Account').create({ Name: "O'Hara" });
  expect(made).toMatchObject({ success: true });
  const [found] = await jsforce.sobject('Account').find({ Name: "O'Hara" }, ['Id', 'Name']);
  expect(found).toMatchObject({ Id: made.id, Name: "O'Hara" });
  await expect(jsforce.sobject('Account').create({ Industry: 'None' })).rejects.toThrow('Required fields are missing');
});

test("the vendor's client walks every page of a result", async () => {
  const jsforce = await plainJsforce();
  const all = await jsforce.query('SELECT Id, Subject FROM Task').execute({ autoFetch: true, maxFetch: 100 });
  expect(all).toMatchObject({ totalSize: 25, records: { length: 25 } });
  expect(jsforce.limitInfo.apiUsage?.limit).toBe(15_000);
});

test("the vendor's client restores over SOAP, and is told why it cannot", async () => {
  const jsforce = await plainJsforce();
  expect(await jsforce.soap.undelete([SEED.deleted.contact])).toMatchObject([{ success: true }]);
  expect(await jsforce.soap.undelete([SEED.deleted.contact])).toMatchObject([{ success: false }]);
  jsforce.accessToken = 'another';
  await expect(jsforce.soap.undelete([SEED.deleted.other])).rejects.toThrow('INVALID_SESSION_ID');
});

test("the vendor's client runs a bulk job to its end", async () => {
  const jsforce = await plainJsforce();
  const job = jsforce.bulk2.createJob({ object: 'Account', operation: 'insert', lineEnding: 'LF' });
  await job.open();
  await job.uploadData('"Name"\n"One"\n"Two"');
  await job.close();
  await job.poll(1, 5_000);
  expect(await job.check()).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 2, numberRecordsFailed: 0 });
});
