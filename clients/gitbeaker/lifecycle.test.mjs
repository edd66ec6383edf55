import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gitlab } from '@gitbeaker/rest';
import { advance, receive, serve, signature } from './serve.mjs';

const mock = await serve();
const api = new Gitlab({ host: mock.url, token: mock.tokens.owner });

// project makes a project of the test's own, with a file in its branch main.
async function project(name) {
  return api.Projects.create({ name, path: name, initializeWithReadme: true, defaultBranch: 'main' });
}

async function mergeRequest(projectId, branch) {
  await api.Commits.create(projectId, branch, `Add ${branch}`, [{ action: 'create', filePath: `${branch}.txt`, content: branch }], {
    startBranch: 'main',
  });
  const made = await api.MergeRequests.create(projectId, branch, 'main', `Add ${branch}`);
  return api.MergeRequests.show(projectId, made.iid);
}

async function statusOf(projectId, iid) {
  const list = await api.ExternalStatusChecks.all(projectId, { mergerequestIId: iid });
  assert.equal(list.length, 1);
  return list[0].status;
}

// refused holds that a call is refused with a status, and what the client makes of the reason.
async function refused(call, status, reason) {
  await assert.rejects(call, (error) => {
    assert.equal(error.cause?.response?.status, status, `${error}`);
    assert.match(String(error.cause.description), reason);
    return true;
  });
}

test('checks are created, paged through, changed and removed', async () => {
  const { id, path_with_namespace: path } = await project('checks.of-a_kind');
  const branch = await api.ProtectedBranches.create(id, 'release');
  for (let i = 0; i < 23; i++) {
    const made = await api.ExternalStatusChecks.create(path, `check ${i}`, `https://checks.example.com/${i}?key=1`);
    assert.equal(made.project_id, id);
    assert.equal(made.hmac, false);
  }
  const all = await api.ExternalStatusChecks.all(path);
  assert.deepEqual(all.map((c) => c.name), Array.from({ length: 23 }, (_, i) => `check ${i}`));
  const second = await api.ExternalStatusChecks.all(path, { page: 2, perPage: 20, showExpanded: true });
  assert.equal(second.data.length, 3);
  assert.deepEqual(
    { total: second.paginationInfo.total, current: second.paginationInfo.current, next: second.paginationInfo.next },
    { total: 23, current: 2, next: null },
  );
  await refused(api.ExternalStatusChecks.create(id, 'check 1', 'https://checks.example.com/1?key=1'), 422, /External url has already been taken.*Name has already been taken/);

  const guarded = await api.ExternalStatusChecks.create(id, 'guarded', 'https://guarded.example.com', {
    sharedSecret: 'sesame',
    protectedBranchIds: [branch.id],
  });
  assert.equal(guarded.hmac, true);
  assert.deepEqual(guarded.protected_branches.map((b) => b.name), ['release']);
  const cleared = await api.ExternalStatusChecks.edit(id, guarded.id, { sharedSecret: '' });
  assert.equal(cleared.hmac, false);
  assert.equal(cleared.protected_branches.length, 1);
  const everywhere = await api.ExternalStatusChecks.edit(id, guarded.id, { name: 'everywhere', protectedBranchIds: [] });
  assert.equal(everywhere.name, 'everywhere');
  assert.deepEqual(everywhere.protected_branches, []);

  await api.ExternalStatusChecks.remove(id, guarded.id);
  await refused(api.ExternalStatusChecks.remove(id, guarded.id), 404, /404 Not found/);
});

test('a status goes from pending to passed, failed and back', async () => {
  const { id } = await project('statuses');
  const service = await receive();
  const check = await api.ExternalStatusChecks.create(id, 'gate', service.url, { sharedSecret: 'sesame' });
  const mr = await mergeRequest(id, 'change');

  const opened = await service.next();
  assert.equal(opened.headers['x-gitlab-signature'], signature('sesame', opened.body));
  assert.equal(opened.payload.object_attributes.action, 'open');
  assert.equal(opened.payload.object_attributes.last_commit.id, mr.sha);
  assert.equal(opened.payload.external_approval_rule.id, check.id);
  assert.equal(await statusOf(id, mr.iid), 'pending');

  const { set } = api.ExternalStatusChecks;
  const respond = (sha, status) => set.call(api.ExternalStatusChecks, id, mr.iid, sha, check.id, { status });
  await refused(respond('0'.repeat(40), 'passed'), 409, new RegExp(`SHA does not match HEAD of source branch: ${mr.sha}`));
  await refused(set.call(api.ExternalStatusChecks, id, mr.iid, mr.sha, check.id), 400, /status is missing/);
  const passed = await respond(mr.sha, 'passed');
  assert.equal(passed.merge_request.iid, mr.iid);
  assert.equal(passed.external_status_check.id, check.id);
  assert.equal(await statusOf(id, mr.iid), 'passed');

  // The client has no method for this one; its users go through the requester.
  const retry = () => api.ExternalStatusChecks.requester.post(`projects/${id}/merge_requests/${mr.iid}/status_checks/${check.id}/retry`);
  await refused(retry(), 422, /External status check must be failed/);
  await respond(mr.sha, 'failed');
  const accepted = await retry();
  assert.equal(accepted.status, 202);
  assert.deepEqual(accepted.body, { message: '202 Accepted' });
  assert.equal(await statusOf(id, mr.iid), 'pending');
  const retried = await service.next();
  assert.equal(retried.headers['x-gitlab-signature'], signature('sesame', retried.body));
  assert.equal('action' in retried.payload.object_attributes, false);

  await advance(mock, '1m50s');
  assert.equal(await statusOf(id, mr.iid), 'pending');
  await advance(mock, '10s');
  assert.equal(await statusOf(id, mr.iid), 'failed');
});

test('a push starts over', async () => {
  const { id } = await project('pushes');
  const service = await receive();
  const check = await api.ExternalStatusChecks.create(id, 'gate', service.url);
  const mr = await mergeRequest(id, 'change');
  await service.next();
  await api.ExternalStatusChecks.set(id, mr.iid, mr.sha, check.id, { status: 'passed' });
  const pushed = await api.Commits.create(id, 'change', 'Add more', [{ action: 'create', filePath: 'more.txt', content: 'more' }]);
  const delivered = await service.next();
  assert.equal(delivered.headers['x-gitlab-signature'], undefined);
  assert.equal(delivered.payload.object_attributes.oldrev, mr.sha);
  assert.equal(delivered.payload.object_attributes.last_commit.id, pushed.id);
  assert.equal(await statusOf(id, mr.iid), 'pending');
});

test('merging waits for the checks', async () => {
  const { id } = await project('merges');
  await api.Projects.edit(id, { onlyAllowMergeIfAllStatusChecksPassed: true });
  const check = await api.ExternalStatusChecks.create(id, 'gate', 'https://gate.example.invalid');
  const mr = await mergeRequest(id, 'change');
  assert.equal(mr.detailed_merge_status, 'status_checks_must_pass');
  await refused(api.MergeRequests.merge(id, mr.iid), 405, /405 Method Not Allowed/);
  await api.ExternalStatusChecks.set(id, mr.iid, mr.sha, check.id, { status: 'passed' });
  const merged = await api.MergeRequests.merge(id, mr.iid);
  assert.equal(merged.state, 'merged');
});

test('a guest sees what GitLab lets guests see', async () => {
  const guest = new Gitlab({ host: mock.url, token: mock.tokens.guest });
  await refused(guest.ExternalStatusChecks.all('flightjs/Flight'), 401, /401 Unauthorized/);
  await refused(guest.ExternalStatusChecks.all(6, { mergerequestIId: 4 }), 403, /403 Forbidden/);
});
