// A client that sets the status of an external status check, tested with jest and gitbeaker.
import { Gitlab as Client } from '@gitbeaker/rest';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { start } from 'statuschecks';

let gitlab;
beforeEach(async () => {
  gitlab = await start();
});
afterEach(() => gitlab.stop());

test('a pending check fails after two minutes', async () => {
  const client = new Client({ host: gitlab.url, token: gitlab.tokens.developer });
  const { sha } = await client.MergeRequests.show(6, 4);
  await client.ExternalStatusChecks.set(6, 4, sha, 1, { status: 'pending' });
  await gitlab.advance('2m1s');
  const [check] = await client.ExternalStatusChecks.all(6, { mergerequestIId: 4 });
  expect(check.status).toBe('failed');
});
