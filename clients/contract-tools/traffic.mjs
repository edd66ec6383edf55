// What is sent through a tool that watches requests and answers: right traffic, which it has to let pass, and wrong
// requests and answers, which it has to refuse.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';

const head = '141be9714669a4c1ccaa013c6a7f3e462ff2a40f';
const token = { 'PRIVATE-TOKEN': 'glpat-maintainer' };
// With this header, upstream answers instead of the mock, and wrongly.
const wrongly = { 'X-Wrongly': '1' };

/** Starts the mock of a release and something before it that can answer wrongly, and returns the URL and a stop. */
export async function upstream(release) {
  const ready = `made/ready-${process.pid}.json`;
  const version = release === 'all' ? [] : ['--gitlab-version', release];
  if (release === '14.0') version.push('--feature', 'ff_external_status_checks=on');
  const mock = spawn('made/statuschecks', ['serve', '--listen', '127.0.0.1:0', '--ready-file', ready, ...version], {
    stdio: 'ignore',
  });
  const { url } = await eventually('the mock', () => JSON.parse(readFileSync(ready, 'utf8')));
  const server = createServer((request, response) => forward(url, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    mock.kill();
    await once(mock, 'exit');
    rmSync(ready, { force: true });
  };
  return { url: `http://127.0.0.1:${server.address().port}/api/v4`, stop };
}

async function forward(url, request, response) {
  if (request.headers['x-wrongly']) {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('[{"id":"one"}]');
    return;
  }
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = { ...request.headers };
  for (const name of ['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding']) {
    delete headers[name];
  }
  const body = ['GET', 'HEAD'].includes(request.method) ? undefined : Buffer.concat(chunks);
  const answer = await fetch(url + request.url, { method: request.method, headers, body });
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}

export async function eventually(what, read) {
  for (let tries = 0; tries < 600; tries++) {
    try {
      return await read();
    } catch {
      await wait(100);
    }
  }
  throw new Error(`${what} did not get ready`);
}

/** Sends everything. Whether an answer tells of a violation is for the tool to say, by violation(response, text). */
export async function traffic(base, contract, violation) {
  const send = async (method, path, body, headers = {}) => {
    const type = body && { 'Content-Type': 'application/json' };
    const request = { method, headers: { ...token, ...type, ...headers }, body: body && JSON.stringify(body) };
    const response = await fetch(base + path, request);
    const text = await response.text();
    const found = violation(response, text);
    return { status: response.status, headers: response.headers, text, found };
  };
  const right = async (expected, ...request) => {
    const answer = await send(...request);
    const what = `${request[0]} ${request[1]}: ${answer.status} ${answer.text}`;
    assert.ok(!answer.found, `a violation where there is none: ${what}`);
    assert.equal(answer.status, expected, what);
    return answer.text && JSON.parse(answer.text);
  };
  const wrong = async (...request) => {
    const answer = await send(...request);
    assert.ok(answer.found, `no violation: ${request[0]} ${request[1]}: ${answer.status} ${answer.text}`);
  };
  await rightTraffic(right, contract);
  const checks = '/projects/6/external_status_checks';
  await wrong('GET', `${checks}?per_page=many`);
  await wrong('POST', checks, { name: 'No address' });
  await wrong('POST', checks, { name: 'Wrong', external_url: 'https://checks.example/wrong', protected_branch_ids: {} });
  await wrong('PUT', `${checks}/first`, { name: 'No number' });
  await wrong('GET', checks, undefined, wrongly);
}

async function rightTraffic(right, contract) {
  const checks = '/projects/6/external_status_checks';
  const request = '/projects/6/merge_requests/4';
  const branches = [];
  for (const name of ['proxied-1', 'proxied-2']) {
    branches.push((await right(201, 'POST', '/projects/6/protected_branches', { name })).id);
  }
  const body = { name: 'Proxied', external_url: 'https://checks.example/proxied', protected_branch_ids: branches };
  const check = await right(201, 'POST', checks, body);
  assert.equal(check.protected_branches.length, 2);
  await right(422, 'POST', checks, body);
  assert.equal((await right(200, 'GET', `${checks}?per_page=1&page=2`)).length, 1);
  await right(200, 'GET', checks);
  const renamed = { name: 'Renamed', protected_branch_ids: [] };
  assert.equal((await right(200, 'PUT', `${checks}/${check.id}`, renamed)).name, 'Renamed');

  const respond = `${request}/status_check_responses`;
  const hasStatus = 'status' in contract.components.schemas.CreateStatusCheckResponseBody.properties;
  const hasRetry = Object.keys(contract.paths).some((path) => path.endsWith('/retry'));
  const answer = { external_status_check_id: check.id, sha: head, ...(hasStatus && { status: 'failed' }) };
  await right(409, 'POST', respond, { ...answer, sha: '141be97' });
  await right(201, 'POST', respond, answer);
  assert.equal((await right(200, 'GET', `${request}/status_checks`)).at(-1).id, check.id);
  if (hasRetry) {
    await right(202, 'POST', `${request}/status_checks/${check.id}/retry`);
  }
  await right(404, 'GET', '/projects/404/external_status_checks');
  await right(404, 'PUT', `${checks}/404`, { name: 'None' });
  await right(204, 'DELETE', `${checks}/${check.id}`);
}
