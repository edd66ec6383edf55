// The branch rules of a project, and the drawer in which the checks of a rule are changed.
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { accessible, byTest, rules, says, start, texts, until } from './browser.mjs';

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
      await until(page, () => document.querySelector('#alerts').textContent !== '');
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
