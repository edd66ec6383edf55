// The page of a merge request: the widget, the box of merge checks, and what the workbench adds.
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { accessible, answers, byTest, held, mergeRequest, says, spins, start, texts, until } from './browser.mjs';

const mock = await start();
const { open, close, api, respond, world } = mock;
const list = '**/merge_requests/4/status_checks?*';
const checks = (...statuses) => statuses.map((status, i) => ({ id: i + 1, name: `Check ${i + 1}`, external_url: `https://c.example/${i + 1}`, status }));
const title = (page) => page.locator('#widget-title');
const counts = (page) => page.locator('#widget-counts');
const icon = (page) => page.locator('#widget-icon');

// shown opens the page with an answer of the API in place of the mock's.
async function shown(body, { status = 200, headers = {} } = {}) {
  const page = await open('/');
  await page.route(list, (route) => route.fulfill({ status, headers: { 'Poll-Interval': '10000', ...headers }, contentType: 'application/json', body: JSON.stringify(body) }));
  await page.goto(mock.origin + mergeRequest);
  return page;
}

for (const [statuses, words, second, kind] of [
  [['passed', 'passed'], 'Status checks all passed', '', 'Success'],
  [['passed', 'pending', 'pending'], 'Status checks', '2 pending', 'Pending'],
  [['passed', 'failed'], 'Status checks', '1 failed', 'Warning'],
  [['failed', 'pending', 'passed', 'strange'], 'Status checks', '2 failed, 1 pending', 'Warning'],
  [[], 'Status checks', '', 'Success'],
]) {
  test(`the widget with ${statuses.join(', ') || 'nothing'}`, async () => {
    const page = await shown(checks(...statuses));
    await until(page, (text) => document.querySelector('#widget-title').textContent === text, words);
    assert.equal(await counts(page).innerText(), second);
    assert.equal(await icon(page).getAttribute('aria-label'), kind);
    await close(page);
  });
}

test('the rows: order, texts, tooltip', async () => {
  const page = await shown(checks('failed', 'pending', 'passed', 'strange'));
  const toggle = byTest(page, 'toggle-button');
  await toggle.waitFor();
  assert.equal(await toggle.getAttribute('aria-expanded'), 'false');
  assert.equal(await toggle.getAttribute('title'), 'Expand status checks');
  await toggle.click();
  assert.equal(await toggle.getAttribute('aria-expanded'), 'true');
  assert.equal(await toggle.getAttribute('title'), 'Collapse status checks');
  const rows = byTest(page, 'extension-list-item');
  const read = (await texts(rows)).map((t) => t.replace(/\s+/g, ' ').trim());
  assert.match(read[0], /^Check 3: https:\/\/c.example\/3 Status Check ID: 3/);
  assert.deepEqual(read.map((t) => t.slice(0, 7)), ['Check 3', 'Check 2', 'Check 1', 'Check 4']);
  assert.deepEqual(await rows.locator('.icon').evaluateAll((all) => all.map((i) => i.getAttribute('aria-label'))), ['Success', 'Pending', 'Failed', 'Failed']);
  assert.equal(await rows.first().getAttribute('title'), 'URL parameters are hidden for security reasons. For details of URL parameters, see the configuration for the status check service.');
  assert.equal(await byTest(page, 'retry-check').count(), 2, 'failed rows alone can be retried');
  await accessible(page, 'the widget');
  await toggle.click();
  assert.equal(await rows.first().isVisible(), false);
  await close(page);
});

test('names are text', async () => {
  const page = await shown([{ id: 1, name: '<a class="test" data-test">Foo', external_url: '<b>', status: 'passed' }]);
  await byTest(page, 'toggle-button').click();
  assert.match(await byTest(page, 'extension-list-item').innerText(), /<a class="test" data-test">Foo: <b>/);
  await close(page);
});

test('loading, and the information', async () => {
  const page = await open('/');
  let release;
  await page.route(list, async (route) => {
    await new Promise((resolve) => (release = resolve));
    await route.continue();
  });
  await page.goto(mock.origin + mergeRequest);
  await says(title(page), 'Status checks are being fetched');
  assert.equal(await icon(page).getAttribute('aria-label'), 'Loading');
  assert.equal(await byTest(page, 'toggle-button').isVisible(), false);
  await page.getByRole('button', { name: 'What is status check?' }).click();
  await says(page.locator('#what'), 'Status checks are API calls to external systems that request the status of an external requirement.');
  while (!release) await page.waitForTimeout(20);
  release();
  await says(counts(page), '1 pending');
  await close(page);
});

test('a load error, and retrying it', async () => {
  const page = await shown({ message: '500' }, { status: 500 });
  await says(title(page), 'Failed to load status checks');
  assert.equal(await icon(page).getAttribute('aria-label'), 'Failed');
  assert.equal(await byTest(page, 'toggle-button').isVisible(), false);
  await page.unroute(list);
  await byTest(page, 'extension-actions-button').click();
  await says(counts(page), '1 pending');
  assert.equal(await title(page).innerText(), 'Status checks', 'the error is cleared');
  assert.equal(await byTest(page, 'extension-actions-button').isVisible(), false);
  await close(page);
});

test('polling: by Poll-Interval, until nothing is pending', async () => {
  const page = await open('/');
  let asked = 0;
  await page.route(list, (route) => {
    asked++;
    return route.fulfill({ contentType: 'application/json', headers: { 'Poll-Interval': '100' }, body: JSON.stringify(checks(asked < 3 ? 'pending' : 'failed')) });
  });
  await page.goto(mock.origin + mergeRequest);
  await says(counts(page), '1 failed');
  await page.waitForTimeout(500);
  assert.equal(asked, 3);
  await close(page);
});

for (const [why, headers, status] of [['without the header', { 'Poll-Interval': '' }, 200], ['where it is -1', { 'Poll-Interval': '-1' }, 200], ['after an error', { 'Poll-Interval': '50' }, 500]]) {
  test(`no polling ${why}`, async () => {
    let asked = 0;
    const page = await open('/');
    await page.route(list, (route) => {
      asked++;
      return route.fulfill({ status, headers, contentType: 'application/json', body: JSON.stringify(status === 200 ? checks('pending') : {}) });
    });
    await page.goto(mock.origin + mergeRequest);
    await until(page, () => !document.querySelector('#widget-title').textContent.includes('being fetched'));
    await page.waitForTimeout(400);
    assert.equal(asked, 1);
    await close(page);
  });
}

test('a failed check is retried', async () => {
  const root = await world();
  await respond(2, 'failed', root);
  const page = await open(mergeRequest, { world: root });
  await says(counts(page), '1 failed, 1 pending');
  await byTest(page, 'toggle-button').click();
  const answered = page.waitForResponse((r) => r.url().endsWith('/retry'));
  await page.getByRole('button', { name: 'Retry Service 1' }).click();
  assert.equal((await answered).status(), 202);
  await until(page, () => document.querySelector('#widget-counts').textContent === '2 pending');
  assert.equal(await byTest(page, 'retry-check').count(), 0);
  assert.equal(await byTest(page, 'alert').count(), 0);
  await close(page);
});

for (const [status, message] of [[422, ''], [403, '403 Forbidden'], [500, 'Something broke']]) {
  test(`retrying is answered with ${status}`, async () => {
    const root = await world();
    await respond(2, 'failed', root);
    const page = await open(mergeRequest, { world: root });
    await answers(page, 'POST', '**/retry', status, { message: message || 'External status check must be failed' });
    await byTest(page, 'toggle-button').click();
    await byTest(page, 'retry-check').click();
    if (message) await says(byTest(page, 'alert'), message);
    await byTest(page, 'retry-check').and(page.locator(':enabled')).waitFor();
    await says(counts(page), '1 failed, 1 pending');
    if (!message) assert.equal(await byTest(page, 'alert').count(), 0);
    await close(page);
  });
}

test('who may not retry sees no button', async () => {
  const root = await world();
  await respond(2, 'failed', root);
  const page = await open('/', { world: root });
  await page.locator('#person').selectOption({ label: 'Robin Reporter (@reporter)' });
  await page.getByRole('button', { name: 'Switch' }).click();
  await page.goto(mock.origin + root + mergeRequest);
  await byTest(page, 'toggle-button').click();
  await byTest(page, 'extension-list-item').first().waitFor();
  assert.equal(await byTest(page, 'retry-check').count(), 0);
  await close(page);
});

test('no widget where no check applies', async () => {
  const root = await world();
  for (const id of [1, 2]) await api('DELETE', `projects/6/external_status_checks/${id}`, undefined, root);
  const page = await open(mergeRequest, { world: root });
  await byTest(page, 'merge-words').waitFor();
  assert.equal(await byTest(page, 'info-status-checks').count(), 0);
  await close(page);
});

const words = (page) => byTest(page, 'merge-words');

test('the merge checks box', async () => {
  const root = await world();
  await api('PUT', 'projects/6', { only_allow_merge_if_all_status_checks_passed: true }, root);
  const page = await open(mergeRequest, { world: root });
  await says(words(page), 'Merge blocked: 1 check failed');
  assert.deepEqual((await texts(byTest(page, 'merge-check'))).map((t) => t.trim().replace(/^\S\s+/, '')), ['Status checks must pass.']);
  const toggle = byTest(page, 'merge-checks-toggle');
  assert.equal(await toggle.getAttribute('title'), 'Expand merge checks');
  await page.waitForResponse((r) => r.url().endsWith('/api/graphql')).catch(() => {});
  await toggle.click();
  assert.equal(await toggle.getAttribute('title'), 'Collapse merge checks');
  await says(byTest(page, 'merge-checks-full'), 'Merge request must be open.');
  const statuses = await byTest(page, 'merge-check').evaluateAll((all) => all.map((li) => li.dataset.status));
  assert.equal(statuses[0], 'FAILED');
  assert.ok(statuses.slice(1).every((s) => s === 'SUCCESS'));
  assert.equal(await byTest(page, 'merge-button').isVisible(), false);
  await accessible(page, 'the merge box');
  await close(page);
});

test('ready to merge, and merged', async () => {
  const root = await world();
  const page = await open(mergeRequest, { world: root });
  await says(words(page), 'Ready to merge!');
  await byTest(page, 'merge-button').click();
  await says(words(page), 'Merged');
  assert.equal(await byTest(page, 'state').innerText(), 'merged');
  await close(page);
});

test('ready to merge by others', async () => {
  const page = await open('/');
  await page.locator('#person').selectOption({ label: 'Dana Developer (@developer)' });
  await page.getByRole('button', { name: 'Switch' }).click();
  await page.goto(mock.origin + mergeRequest);
  await says(words(page), 'Ready to merge by members who can write to the target branch.');
  assert.equal(await byTest(page, 'merge-button').isVisible(), false);
  await close(page);
});

test('auto-merge merges when the last check passes', async () => {
  const root = await world();
  await api('PUT', 'projects/6', { only_allow_merge_if_all_status_checks_passed: true }, root);
  const page = await open(mergeRequest, { world: root });
  await byTest(page, 'auto-merge-button').click();
  await says(byTest(page, 'auto-merge'), 'Auto-merge is set');
  await respond(1, 'passed', root);
  await page.reload();
  await says(words(page), 'Merged');
  await close(page);
});

test('the workbench lets things happen', async () => {
  const root = await world();
  const page = await open(mergeRequest, { world: root });
  const press = async (name, said) => {
    await page.getByRole('button', { name, exact: true }).click();
    await says(byTest(page, 'alert'), said);
  };
  const head = await byTest(page, 'head').innerText();
  await press('Push a commit', 'Done: Push a commit.');
  assert.notEqual(await byTest(page, 'head').innerText(), head);
  await press('Edit', 'Done: Edit.');
  await press('Approve', 'Done: Approve.');
  await press('Unapprove', 'Done: Unapprove.');
  await press('failed for Compliance Tool', 'Compliance Tool: failed.');
  await press('pending for Service 1', 'Service 1: pending.');
  await says(counts(page), '1 failed, 1 pending');
  await press('Time out now', 'Done: Time out now.');
  await says(counts(page), '2 failed');
  await press('Close', 'Done: Close.');
  assert.equal(await byTest(page, 'state').innerText(), 'closed');
  await press('Reopen', 'Done: Reopen.');
  await page.getByTestId('workbench').getByRole('button', { name: 'Merge', exact: true }).click();
  await says(words(page), 'Merged');
  await close(page);
});

test('what GitLab refuses is said', async () => {
  const root = await world();
  await api('PUT', 'projects/6', { only_allow_merge_if_all_status_checks_passed: true }, root);
  const page = await open(mergeRequest, { world: root });
  await page.getByTestId('workbench').getByRole('button', { name: 'Merge', exact: true }).click();
  await says(byTest(page, 'alert'), 'GitLab refuses to merge merge request !4');
  await close(page);
});

test('older releases', async () => {
  for (const version of ['14.5', '15.5', '16.0']) {
    const root = await world({ version });
    const page = await open(mergeRequest, { world: root });
    await until(page, () => !document.querySelector('#widget-title').textContent.includes('being fetched'));
    assert.equal(await byTest(page, 'merge-check').count(), 0);
    await close(page);
  }
});

test('a later load changes the icon alone', async () => {
  const page = await open('/');
  let asked = 0;
  let release;
  await page.route(list, async (route) => {
    if (++asked === 2) await new Promise((resolve) => (release = resolve));
    return route.fulfill({ contentType: 'application/json', headers: { 'Poll-Interval': '100' }, body: JSON.stringify(checks(asked < 2 ? 'pending' : 'passed')) });
  });
  await page.goto(mock.origin + mergeRequest);
  await until(page, () => document.querySelector('#widget-icon').getAttribute('aria-label') === 'Loading' && document.querySelector('#widget-counts').textContent === '1 pending');
  assert.equal(await title(page).innerText(), 'Status checks');
  assert.equal(await byTest(page, 'toggle-button').isVisible(), true);
  while (!release) await page.waitForTimeout(20);
  release();
  await says(title(page), 'Status checks all passed');
  assert.equal(await icon(page).getAttribute('aria-label'), 'Success');
  await close(page);
});

test('retrying a load error takes its time, and may fail again', async () => {
  const page = await shown({ message: '500' }, { status: 500 });
  const again = byTest(page, 'extension-actions-button');
  await again.waitFor();
  const release = await held(page, 'GET', list);
  await again.click();
  await spins(again);
  release();
  await again.and(page.locator(':enabled')).waitFor();
  assert.equal(await title(page).innerText(), 'Failed to load status checks');
  await page.unroute(list);
  await page.route(list, (route) => route.abort());
  await again.click();
  await again.and(page.locator(':enabled')).waitFor();
  assert.equal(await title(page).innerText(), 'Failed to load status checks', 'also if nobody answers');
  await close(page);
});

test('a load error comes after something was shown', async () => {
  const page = await open('/');
  let asked = 0;
  await page.route(list, (route) => route.fulfill({ status: ++asked === 1 ? 200 : 500, contentType: 'application/json', headers: { 'Poll-Interval': '100' }, body: JSON.stringify(checks('pending')) }));
  await page.goto(mock.origin + mergeRequest);
  await says(title(page), 'Failed to load status checks');
  assert.equal(await counts(page).innerText(), '');
  assert.equal(await byTest(page, 'toggle-button').isVisible(), false);
  await page.waitForTimeout(400);
  assert.equal(asked, 2, 'an error ends polling');
  await close(page);
});

test('a retry is under way', async () => {
  const root = await world();
  await respond(2, 'failed', root);
  const page = await open(mergeRequest, { world: root });
  await byTest(page, 'toggle-button').click();
  const release = await held(page, 'POST', '**/retry');
  await byTest(page, 'retry-check').click();
  await spins(byTest(page, 'retry-check'));
  assert.equal(await icon(page).getAttribute('aria-label'), 'Loading');
  release();
  await until(page, () => document.querySelector('#widget-counts').textContent === '2 pending');
  await close(page);
});

test('a retry that nobody answers', async () => {
  const root = await world();
  await respond(2, 'failed', root);
  const page = await open(mergeRequest, { world: root });
  await page.route('**/retry', (route) => route.abort());
  await byTest(page, 'toggle-button').click();
  await byTest(page, 'retry-check').click();
  await says(byTest(page, 'alert'), 'There was no answer.');
  await byTest(page, 'retry-check').and(page.locator(':enabled')).waitFor();
  await close(page);
});

test('a retry of what has failed no more fetches the list once', async () => {
  const root = await world();
  await respond(2, 'failed', root);
  const page = await open(mergeRequest, { world: root });
  await byTest(page, 'toggle-button').click();
  await byTest(page, 'retry-check').waitFor();
  await respond(2, 'passed', root);
  const answered = page.waitForResponse((r) => r.url().endsWith('/retry'));
  await byTest(page, 'retry-check').click();
  assert.equal((await answered).status(), 422);
  await says(counts(page), '1 pending');
  assert.equal(await byTest(page, 'extension-list-item').count(), 2, 'the rows are there');
  assert.equal(await byTest(page, 'alert').count(), 0);
  await close(page);
});

// merging changes what GraphQL says of the merge request.
async function merging(page, change) {
  await page.route('**/api/graphql', async (route) => {
    const answer = await route.fetch();
    const data = await answer.json();
    change(data[0].data.project.mergeRequest, data[1].data.project.mergeRequest);
    return route.fulfill({ response: answer, json: data });
  });
}

test('the merge checks box while GitLab computes, and the order of its rows', async () => {
  const page = await open('/');
  await merging(page, (mr, checked) => {
    mr.detailedMergeStatus = 'CHECKING';
    checked.mergeabilityChecks = [['NOT_OPEN', 'SUCCESS'], ['STATUS_CHECKS_MUST_PASS', 'FAILED'], ['DRAFT_STATUS', 'CHECKING'], ['CONFLICT', 'WARNING'], ['NOT_APPROVED', 'INACTIVE']].map(([identifier, status]) => ({ identifier, status }));
  });
  await page.goto(mock.origin + mergeRequest);
  await says(words(page), 'Checking if merge request can be merged...');
  assert.equal(await byTest(page, 'merge-button').isVisible(), false);
  const statuses = () => byTest(page, 'merge-check').evaluateAll((all) => all.map((li) => li.dataset.status));
  assert.deepEqual(await statuses(), ['CHECKING', 'FAILED']);
  await byTest(page, 'merge-checks-toggle').click();
  assert.deepEqual(await statuses(), ['CHECKING', 'FAILED', 'WARNING', 'SUCCESS']);
  await close(page);
});

test('several checks block the merge', async () => {
  const root = await world();
  await api('PUT', 'projects/6', { only_allow_merge_if_all_status_checks_passed: true }, root);
  const page = await open('/', { world: root });
  await merging(page, (mr, checked) => {
    mr.detailedMergeStatus = 'DRAFT_STATUS';
    for (const c of checked.mergeabilityChecks) if (c.identifier === 'DRAFT_STATUS') c.status = 'FAILED';
  });
  await page.goto(mock.origin + root + mergeRequest);
  await says(words(page), 'Merge blocked: 2 checks failed');
  await says(byTest(page, 'merge-checks-full'), 'Merge request must not be draft.');
  await says(byTest(page, 'merge-checks-full'), 'Status checks must pass.');
  await close(page);
});

test('a merge that GitLab refuses, or does not answer', async () => {
  const root = await world();
  const page = await open(mergeRequest, { world: root });
  await answers(page, 'PUT', '**/merge', 405, { message: '405 Method Not Allowed' });
  const release = await held(page, 'PUT', '**/merge');
  await byTest(page, 'merge-button').click();
  await spins(byTest(page, 'merge-button'));
  release();
  await says(byTest(page, 'alert'), '405 Method Not Allowed');
  await page.unroute('**/merge');
  await page.route('**/merge', (route) => route.abort());
  await byTest(page, 'merge-button').click();
  await says(byTest(page, 'alert'), 'There was no answer.');
  assert.equal(await byTest(page, 'state').innerText(), 'opened');
  await close(page);
});
