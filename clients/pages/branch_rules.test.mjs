// The branch rules of a project, and the drawer in which the checks of a rule are changed.
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { accessible, answers, byTest, held, rules, says, spins, start, texts, until } from './browser.mjs';

const mock = await start();
const { open, close, api, world } = mock;
const rule = (name = 'main') => `${rules}/branch_rules?branch=${encodeURIComponent(name)}`;
const toast = (page) => byTest(page, 'toast').last();
const rows = (page) => page.locator('#rows li');

async function drawer(page, button = byTest(page, 'add-btn')) {
  await button.click();
  await page.locator('#drawer[open]').waitFor();
  return byTest(page, 'status-checks-drawer');
}

test('the list of rules', async () => {
  const page = await open(rules);
  const shown = (await texts(byTest(page, 'branch-rule'))).map((t) => t.replace(/\s+/g, ' '));
  assert.match(shown[0], /^All branches 1 status check/);
  assert.ok(shown.some((t) => /^main default 1 status check/.test(t)), shown.join('\n'));
  await page.getByRole('link', { name: 'View details of main' }).click();
  await says(page.locator('h1'), 'Branch rule details');
  await close(page);
});

test('all protected branches take none', async () => {
  const page = await open(rule('All protected branches'));
  await says(rows(page), 'No status checks have been added.');
  assert.equal(await byTest(page, 'add-btn').count(), 0);
  await close(page);
});

test('the drawer: messages of its own', async () => {
  const page = await open(rule());
  const box = await drawer(page);
  await says(box, 'Add status check');
  await says(box, 'Examples: QA, Security, Performance.');
  await says(box, 'Invoke an external API as part of the pipeline process.');
  assert.equal(await byTest(page, 'api-url-input').getAttribute('placeholder'), 'https://api.gitlab.com');
  await byTest(page, 'service-name-input').fill('  ');
  await byTest(page, 'save-btn').click();
  assert.deepEqual(await texts(box.locator('.invalid:visible')), ['Please provide a name.', 'Please provide a valid URL.']);
  assert.equal(await page.getByLabel('HMAC Shared Secret').count(), 0, '18.9 has none');
  await accessible(page, 'the drawer');
  await byTest(page, 'cancel-btn').click();
  assert.equal(await page.locator('#drawer[open]').count(), 0);
  await close(page);
});

test('a check of a rule is added, changed and deleted', async () => {
  const root = await world();
  const page = await open(rule(), { world: root });
  await says(rows(page), 'Compliance Tool');
  await drawer(page);
  await byTest(page, 'service-name-input').fill('QA');
  await byTest(page, 'api-url-input').fill('https://qa.example');
  await byTest(page, 'save-btn').click();
  await says(toast(page), 'Status check created');
  await until(page, () => document.querySelectorAll('#rows li').length === 2);

  const edit = page.getByRole('button', { name: 'Edit QA' });
  const box = await drawer(page, edit);
  await says(box, 'Edit status check');
  let asked = 0;
  page.on('request', (r) => r.method() === 'POST' && asked++);
  await byTest(page, 'save-btn').click();
  await says(toast(page), 'No changes were made to the status check.');
  assert.equal(asked, 0);
  await drawer(page, edit);
  await byTest(page, 'service-name-input').fill('QA 2');
  await byTest(page, 'save-btn').click();
  await says(toast(page), 'Status check updated');

  await page.getByRole('button', { name: 'Delete QA 2' }).click();
  await says(page.locator('#statusChecksDeleteModal'), 'You are about to delete the QA 2 status check.');
  await byTest(page, 'confirm-delete').click();
  await says(toast(page), 'Status check deleted');
  await until(page, () => document.querySelectorAll('#rows li').length === 1);
  await close(page);
});

test('what the server says', async () => {
  const page = await open(rule());
  await says(rows(page), 'Compliance Tool');
  const box = await drawer(page);
  await byTest(page, 'service-name-input').fill('Compliance Tool');
  await byTest(page, 'api-url-input').fill('https://checks.example/compliance-tool');
  await byTest(page, 'save-btn').click();
  await says(page.locator('#name-problem'), 'Name already exists.');
  await says(page.locator('#url-problem'), 'External API is already in use.');
  assert.equal(await box.isVisible(), true);
  await close(page);
});

for (const kind of ['create', 'update', 'delete']) {
  test(`the server cannot ${kind}`, async () => {
    const page = await open(rule());
    const edit = page.getByRole('button', { name: 'Edit Compliance Tool' });
    await edit.waitFor();
    await page.route('**/api/graphql', (route) => route.fulfill({ status: 500, contentType: 'application/json', body: '{}' }));
    const text = `Unable to ${kind} status check. Please try again.`;
    if (kind === 'delete') {
      await page.getByRole('button', { name: 'Delete Compliance Tool' }).click();
      await byTest(page, 'confirm-delete').click();
      await says(byTest(page, 'alert'), text);
      assert.equal(await page.locator('#statusChecksDeleteModal[open]').count(), 0);
      assert.equal(await rows(page).count(), 1, 'the row stays');
      await page.getByRole('button', { name: 'Dismiss' }).click();
    } else {
      const box = await drawer(page, kind === 'update' ? edit : undefined);
      await byTest(page, 'service-name-input').fill('x');
      await byTest(page, 'api-url-input').fill('https://x.example');
      await byTest(page, 'save-btn').click();
      await says(box, text);
      await box.getByRole('button', { name: 'Dismiss' }).click();
      assert.equal((await box.innerText()).includes(text), false);
    }
    await close(page);
  });
}

test('a secret in newer releases', async () => {
  const root = await world({ version: '19.4' });
  const page = await open(rule(), { world: root });
  await drawer(page, page.getByRole('button', { name: 'Edit Compliance Tool' }));
  assert.equal(await byTest(page, 'shared-secret-input').isDisabled(), true);
  await byTest(page, 'service-name-input').fill('Renamed');
  await byTest(page, 'save-btn').click();
  await says(toast(page), 'Status check updated');
  const [check] = await api('GET', 'projects/6/external_status_checks', undefined, root);
  assert.deepEqual([check.name, check.hmac], ['Renamed', true], 'a new name leaves the secret as it is');
  await drawer(page, page.getByRole('button', { name: 'Edit Renamed' }));
  await byTest(page, 'override-hmac').click();
  await byTest(page, 'save-btn').click();
  await says(page.locator('#secret-problem'), 'Please provide a shared secret.');
  await byTest(page, 'shared-secret-input').fill('new');
  await byTest(page, 'save-btn').click();
  await until(page, () => !document.querySelector('#drawer').open);
  await close(page);
});

test('older releases', async () => {
  for (const [version, page404, adds, edits] of [['15.0', true], ['16.0', false, 0, false], ['16.11', false, 1, false], ['17.0', false, 1, true]]) {
    const root = await world({ version });
    const page = await open(rule(), { world: root });
    if (page404) {
      await says(page.locator('h1'), '404: Page not found');
      await close(page);
      continue;
    }
    await says(rows(page), 'Compliance Tool');
    await page.waitForLoadState('networkidle');
    assert.equal(await byTest(page, 'add-btn').count(), adds, version);
    assert.equal(await byTest(page, 'edit-btn').first().isVisible(), edits, version);
    await close(page);
  }
});

test('more than one check, and none', async () => {
  const root = await world();
  const { id } = await api('POST', 'projects/6/protected_branches', { name: 'release/*' }, root);
  const { protected_branches: [main] } = (await api('GET', 'projects/6/external_status_checks', undefined, root))[0];
  await api('POST', 'projects/6/external_status_checks', { name: 'QA', external_url: 'https://qa.example', protected_branch_ids: [main.id] }, root);
  const page = await open(rules, { world: root });
  const shown = (await texts(byTest(page, 'branch-rule'))).map((t) => t.replace(/\s+/g, ' '));
  assert.ok(shown.some((t) => /^main default 2 status checks/.test(t)), shown.join('\n'));
  assert.ok(shown.some((t) => t.startsWith('release/* View details')), shown.join('\n'));
  await page.goto(mock.origin + root + rule('release/*'));
  await says(rows(page), 'No status checks have been added.');
  assert.equal(await byTest(page, 'count').innerText(), '0');
  await api('POST', 'projects/6/external_status_checks', { name: 'Released', external_url: 'https://released.example', protected_branch_ids: [id] }, root);
  await page.reload();
  await says(rows(page), 'Released');
  await says(rows(page), 'https://released.example');
  assert.equal(await page.getByRole('button', { name: 'Delete Released' }).getAttribute('title'), 'Delete');
  await close(page);
});

test('a check of all branches', async () => {
  const root = await world();
  const page = await open(rule('All branches'), { world: root });
  await drawer(page);
  await byTest(page, 'service-name-input').fill('Everywhere');
  await byTest(page, 'api-url-input').fill('https://everywhere.example');
  await byTest(page, 'save-btn').click();
  await says(toast(page), 'Status check created');
  const made = (await api('GET', 'projects/6/external_status_checks', undefined, root)).find((c) => c.name === 'Everywhere');
  assert.deepEqual(made.protected_branches, []);
  await close(page);
});

test('the checks of a rule cannot be fetched', async () => {
  for (const [status, body] of [[500, {}], [200, [{ errors: [{ message: 'no' }] }]]]) {
    const page = await open('/');
    await answers(page, 'POST', '**/api/graphql', status, body);
    await page.goto(mock.origin + rule());
    await says(byTest(page, 'alert'), 'An error occurred fetching the status checks.');
    await close(page);
  }
});

test('the server refuses for another reason', async () => {
  const page = await open(rule());
  await says(rows(page), 'Compliance Tool');
  await byTest(page, 'edit-btn').first().waitFor();
  const box = await drawer(page);
  await byTest(page, 'service-name-input').fill('x');
  await byTest(page, 'api-url-input').fill('ftp://x.example');
  await byTest(page, 'save-btn').click();
  assert.deepEqual(await texts(box.locator('.invalid:visible')), ['Please provide a valid URL.']);
  await byTest(page, 'api-url-input').fill('https://x.example');
  await answers(page, 'POST', '**/api/graphql', 200, [{ data: { branchRuleExternalStatusCheckCreate: { externalStatusCheck: null, errors: ['External url is blocked: URI is invalid'] } } }]);
  await byTest(page, 'save-btn').click();
  await says(box, 'External url is blocked: URI is invalid');
  await page.unroute('**/api/graphql');
  await answers(page, 'POST', '**/api/graphql', 200, [{ data: { branchRuleExternalStatusCheckCreate: null }, errors: [{ message: 'no permission' }] }]);
  await byTest(page, 'save-btn').click();
  await says(box, 'Unable to create status check. Please try again.');
  await close(page);
});

test('buttons of a rule show that something is under way', async () => {
  const root = await world();
  const page = await open(rule(), { world: root });
  await byTest(page, 'edit-btn').first().waitFor();
  const saved = await held(page, 'POST', '**/api/graphql');
  await drawer(page);
  await byTest(page, 'service-name-input').fill('QA');
  await byTest(page, 'api-url-input').fill('https://qa.example');
  await byTest(page, 'save-btn').click();
  await spins(byTest(page, 'save-btn'));
  saved();
  await until(page, () => document.querySelectorAll('#rows li').length === 2);
  await page.unroute('**/api/graphql');
  const deleted = await held(page, 'POST', '**/api/graphql');
  await page.getByRole('button', { name: 'Delete QA' }).click();
  await byTest(page, 'confirm-delete').click();
  await spins(byTest(page, 'confirm-delete'));
  deleted();
  await says(toast(page), 'Status check deleted');
  await close(page);
});
