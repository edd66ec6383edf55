// Takes the seven endpoints with the types of openapi-typescript and the client openapi-fetch.
import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { paths } from './made/18.9.js';

const { url, tokens } = JSON.parse(process.env.MOCK ?? '{}') as { url: string; tokens: Record<string, string> };
const client = createClient<paths>({ baseUrl: `${url}/api/v4`, headers: { 'PRIVATE-TOKEN': tokens.maintainer } });
const project = { id: '6' };
const head = '141be9714669a4c1ccaa013c6a7f3e462ff2a40f';

const branches: number[] = [];
for (const name of ['release', 'stable']) {
  const answer = await fetch(`${url}/api/v4/projects/6/protected_branches`, {
    method: 'POST',
    headers: { 'PRIVATE-TOKEN': tokens.maintainer },
    body: new URLSearchParams({ name }),
  });
  branches.push((await answer.json()).id);
}

const created = await client.POST('/projects/{id}/external_status_checks', {
  params: { path: project },
  body: { name: 'Generated', external_url: 'https://checks.example/generated', protected_branch_ids: branches },
});
assert.equal(created.response.status, 201);
assert.equal(created.data?.protected_branches.length, 2);
const check = created.data!.id;

const page = await client.GET('/projects/{id}/external_status_checks', { params: { path: project, query: { per_page: 1 } } });
assert.equal(page.data?.length, 1);
assert.equal(page.response.headers.get('X-Next-Page'), '2');

// In the query, as the contract declares it: openapi-fetch is told once that lists are joined with commas.
const inQuery = createClient<paths>({
  baseUrl: `${url}/api/v4`,
  headers: { 'PRIVATE-TOKEN': tokens.maintainer },
  querySerializer: { array: { style: 'form', explode: false } },
});
const updated = await inQuery.PUT('/projects/{id}/external_status_checks/{check_id}', {
  params: { path: { ...project, check_id: check }, query: { protected_branch_ids: branches } },
  body: { name: 'Renamed' },
});
assert.equal(updated.data?.name, 'Renamed');
assert.equal(updated.data?.protected_branches.length, 2);

const respond = (sha: string) =>
  client.POST('/projects/{id}/merge_requests/{merge_request_iid}/status_check_responses', {
    params: { path: { ...project, merge_request_iid: 4 } },
    body: { external_status_check_id: check, sha, status: 'failed' },
  });
const stale = await respond('141be97');
assert.equal(stale.response.status, 409);
assert.match(JSON.stringify(stale.error), /SHA does not match HEAD/);

const cleared = await client.PUT('/projects/{id}/external_status_checks/{check_id}', {
  params: { path: { ...project, check_id: check } },
  body: { protected_branch_ids: [] },
});
assert.deepEqual(cleared.data?.protected_branches, []);
assert.equal((await respond(head)).data?.external_status_check.id, check);

const statuses = await client.GET('/projects/{id}/merge_requests/{merge_request_iid}/status_checks', {
  params: { path: { ...project, merge_request_iid: '4' } },
});
assert.equal(statuses.data?.at(-1)?.status, 'failed');

const retried = await client.POST('/projects/{id}/merge_requests/{merge_request_iid}/status_checks/{external_status_check_id}/retry', {
  params: { path: { ...project, merge_request_iid: 4, external_status_check_id: check } },
});
assert.equal(retried.response.status, 202);

const deleted = await client.DELETE('/projects/{id}/external_status_checks/{check_id}', {
  params: { path: { ...project, check_id: check } },
});
assert.equal(deleted.response.status, 204);
console.log('openapi-typescript: the seven endpoints answer');
