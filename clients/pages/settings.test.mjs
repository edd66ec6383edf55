// The list of status checks in the settings of a project, and its dialogs: each message and state.
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { accessible, answers, byTest, held, rules, says, settings, spins, start, texts, until } from './browser.mjs';

const mock = await start();
const { open, close, api, world } = mock;
const rows = (page) => page.locator('#rows tr');
const list = '**/external_status_checks?*';

async function dialog(page) {
  await page.getByRole('button', { name: 'Add status check' }).click();
  await page.locator('#check-dialog[open]').waitFor();
  return page.locator('#check-dialog');
}

test('the list', async () => {
  const page = await open(settings);
  await byTest(page, 'edit-btn').first().waitFor();
  assert.deepEqual(await texts(page.getByTestId('status-checks-table').locator('th')), ['Service name', 'API', 'Target branches', 'HMAC enabled', 'Actions']);
  const cells = await texts(rows(page).nth(0).locator('td'));
  assert.deepEqual(cells.slice(0, 3), ['Compliance Tool', 'https://checks.example/compliance-tool', 'main']);
  assert.equal(await rows(page).nth(0).getByRole('img', { name: 'Shared secret' }).count(), 1);
  assert.equal((await texts(rows(page).nth(1).locator('td')))[2], 'All branches');
  assert.equal(await rows(page).nth(1).getByRole('img').count(), 0);
  assert.equal(await byTest(page, 'count').innerText(), '2');
  assert.equal(await byTest(page, 'edit-btn').first().getAttribute('title'), 'Edit');
  assert.equal(await byTest(page, 'delete-btn').first().getAttribute('title'), 'Delete');
  await says(page.locator('main'), 'Check for a status response in merge requests. Learn more');
  await close(page);
});

test('no checks', async () => {
  const root = await world();
  for (const id of [1, 2]) await api('DELETE', `projects/6/external_status_checks/${id}`, undefined, root);
  const page = await open(settings, { world: root });
  await says(rows(page), 'No status checks are defined yet.');
  await close(page);
});

test('the list cannot be fetched', async () => {
  const page = await open('/');
  await answers(page, 'GET', list, 500, { message: '500' });
  await page.goto(mock.origin + settings);
  await says(byTest(page, 'alert'), 'An error occurred fetching the status checks.');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  assert.equal(await byTest(page, 'alert').count(), 0);
  await close(page);
});

test('nothing is checked before the first submit', async () => {
  const page = await open(settings);
  const box = await dialog(page);
  assert.equal(await box.getByRole('heading').innerText(), 'Add status check');
  await byTest(page, 'name').fill('x');
  await byTest(page, 'name').fill('');
  assert.equal(await box.locator('.invalid:visible').count(), 0);
  let asked = 0;
  page.on('request', (r) => r.method() === 'POST' && asked++);
  await byTest(page, 'save-btn').click();
  assert.deepEqual(await texts(box.locator('.invalid:visible')), ['Please provide a name.', 'Please provide a valid URL.']);
  assert.equal(asked, 0);
  await byTest(page, 'name').fill(' ');
  await byTest(page, 'url').fill('ftp://foo.com');
  assert.deepEqual(await texts(box.locator('.invalid:visible')), ['Please provide a valid URL.']);
  await byTest(page, 'url').fill('http://foo.com');
  assert.equal(await box.locator('.invalid:visible').count(), 0);
  await accessible(page, 'the dialog');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#check-dialog[open]').count(), 0);
  await close(page);
});

test('the fields', async () => {
  const page = await open(settings);
  const box = await dialog(page);
  for (const text of ['Examples: QA, Security.', 'Invoke an external API as part of the pipeline.', 'Apply this status check to all branches or a specific protected branch.', 'Provide a shared secret. This secret is used to authenticate requests for a status check using HMAC.']) {
    assert.ok((await box.innerText()).includes(text), text);
  }
  assert.equal(await byTest(page, 'url').getAttribute('placeholder'), 'https://api.gitlab.com/');
  assert.equal(await page.getByLabel('HMAC Shared Secret').getAttribute('type'), 'password');
  assert.equal(await byTest(page, 'override-hmac').isVisible(), false);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await close(page);
});

test('a check is added, changed and deleted', async () => {
  const root = await world();
  const page = await open(settings, { world: root });
  const box = await dialog(page);
  const sent = page.waitForRequest((r) => r.method() === 'POST');
  await byTest(page, 'name').fill('QA');
  await byTest(page, 'url').fill('https://qa.example/');
  await page.keyboard.press('Enter');
  assert.deepEqual((await sent).postDataJSON(), { name: 'QA', external_url: 'https://qa.example/', protected_branch_ids: [], shared_secret: '' });
  await rows(page).nth(2).waitFor();
  assert.equal(await page.locator('#check-dialog[open]').count(), 0);
  assert.equal(await byTest(page, 'count').innerText(), '3');

  await byTest(page, 'edit-btn').nth(2).click();
  assert.equal(await box.getByRole('heading').innerText(), 'Update status check');
  assert.equal(await byTest(page, 'save-btn').innerText(), 'Update status check');
  await byTest(page, 'name').fill('QA 2');
  await byTest(page, 'save-btn').click();
  await says(rows(page).nth(2), 'QA 2');

  await byTest(page, 'delete-btn').nth(2).click();
  const removal = page.locator('#status-checks-delete-modal');
  await says(removal, 'Delete status check?');
  await says(removal, 'You are about to delete the QA 2 status check.');
  await accessible(page, 'the delete dialog');
  await page.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await rows(page).count(), 3);
  await byTest(page, 'delete-btn').nth(2).click();
  await byTest(page, 'confirm-delete').click();
  await until(page, () => document.querySelectorAll('#rows tr').length === 2);
  await close(page);
});

test('what the server says of name and URL', async () => {
  const page = await open(settings);
  const box = await dialog(page);
  await byTest(page, 'name').fill('Compliance Tool');
  await byTest(page, 'url').fill('https://checks.example/compliance-tool');
  await byTest(page, 'save-btn').click();
  const name = page.locator('#name-problem');
  await says(name, 'Name is already taken.');
  await says(page.locator('#url-problem'), 'The specified external API is already in use by another status check.');
  await byTest(page, 'name').fill('Another');
  assert.equal(await name.innerText(), 'Name is already taken.', 'it stays until the next answer');
  await byTest(page, 'save-btn').click();
  await until(page, () => document.querySelector('#name-problem').hidden);
  await says(page.locator('#url-problem'), 'The specified external API is already in use');
  assert.equal(await box.isVisible(), true);
  await close(page);
});

for (const [what, status, body, text] of [
  ['a blocked URL', 400, { message: ['External url is blocked: localhost'] }, 'External url is blocked: localhost'],
  ['a blank name', 400, { message: ["Name can't be blank"] }, "Name can't be blank"],
  ['a foreign branch', 400, { message: ['all protected branches must exist'] }, 'all protected branches must exist'],
  ['401', 401, { message: '401 Unauthorized' }, '401 Unauthorized'],
  ['403', 403, { message: '403 Forbidden' }, '403 Forbidden'],
  ['404', 404, { message: '404 Not found' }, '404 Not found'],
  ['500', 500, { message: '500 Internal Server Error' }, '500 Internal Server Error'],
  ['another shape', 400, { error: 'external_url is invalid' }, 'external_url is invalid'],
]) {
  test(`the server refuses: ${what}`, async () => {
    const page = await open(settings);
    await answers(page, 'POST', '**/external_status_checks', status, body);
    const box = await dialog(page);
    await byTest(page, 'name').fill('x');
    await byTest(page, 'url').fill('https://x.example');
    await byTest(page, 'save-btn').click();
    await says(page.locator('#form-alert'), text);
    assert.equal(await box.isVisible(), true);
    await close(page);
  });
}

test('a blank name, as the server itself refuses it', async () => {
  const page = await open(settings);
  await dialog(page);
  await byTest(page, 'name').fill(' ');
  await byTest(page, 'url').fill('https://blank.example');
  await byTest(page, 'save-btn').click();
  await page.locator('#form-alert:visible').waitFor();
  assert.match(await page.locator('#form-alert').innerText(), /Name/);
  await close(page);
});

test('a check cannot be deleted', async () => {
  const page = await open(settings);
  await answers(page, 'DELETE', '**/external_status_checks/*', 500, {});
  await byTest(page, 'delete-btn').first().click();
  await byTest(page, 'confirm-delete').click();
  await says(byTest(page, 'alert'), 'An error occurred deleting the Compliance Tool status check.');
  assert.equal(await page.locator('#status-checks-delete-modal[open]').count(), 0);
  assert.equal(await rows(page).count(), 2);
  await close(page);
});

test('the secret: kept, overwritten, too long', async () => {
  const root = await world();
  const page = await open(settings, { world: root });
  const edit = async () => {
    await byTest(page, 'edit-btn').first().click();
    await page.locator('#check-dialog[open]').waitFor();
  };
  const save = async () => {
    const sent = page.waitForRequest((r) => r.method() === 'PUT');
    await byTest(page, 'save-btn').click();
    const body = (await sent).postDataJSON();
    await until(page, () => !document.querySelector('#check-dialog').open);
    return body;
  };
  await edit();
  const field = byTest(page, 'shared-secret');
  assert.equal(await field.isDisabled(), true);
  assert.equal(await field.getAttribute('placeholder'), '••••••');
  assert.equal(await page.locator('#secret-help').innerText(), 'A secret is currently configured for this status check.');
  assert.equal('shared_secret' in (await save()), false);

  await edit();
  assert.equal(await byTest(page, 'override-hmac').getAttribute('title'), 'Enter a new value to overwrite the current secret.');
  await byTest(page, 'override-hmac').click();
  assert.equal(await field.isDisabled(), false);
  assert.equal(await byTest(page, 'override-hmac').isDisabled(), true);
  assert.equal(await page.locator('#secret-help').innerText(), 'Enter a new value to overwrite the current secret.');
  await byTest(page, 'save-btn').click();
  await says(page.locator('#secret-problem'), 'Please provide a shared secret.');
  await field.fill('x'.repeat(256));
  await says(page.locator('#secret-problem'), 'Shared secret cannot be longer than 255 characters.');
  await field.fill('x'.repeat(255));
  assert.equal((await save()).shared_secret.length, 255);
  await close(page);
});

test('the branch selector', async () => {
  const root = await world();
  await api('POST', 'projects/6/protected_branches', { name: 'release/*' }, root);
  const page = await open(settings, { world: root });
  const box = await dialog(page);
  const button = byTest(page, 'branches');
  assert.equal(await button.innerText(), 'All branches');
  await button.click();
  await says(box, 'Select branch');
  const option = (name) => byTest(page, 'branch-option').filter({ hasText: name });
  await option('release/*').waitFor();
  await option('release/*').click();
  await option('main').click();
  assert.equal(await button.innerText(), 'release/*, main');
  await option('main').click();
  await option('release/*').click();
  assert.equal(await button.innerText(), 'All branches');
  await option('main').click();
  await accessible(page, 'the branch selector');
  const searched = page.waitForResponse((r) => r.url().includes('search=rel'));
  await byTest(page, 'branch-search').fill('rel');
  await searched;
  await until(page, () => document.querySelectorAll('#branch-list li').length === 1);
  assert.equal(await button.innerText(), 'main', 'what was chosen stays');
  await page.getByTestId('all-branches-option').click();
  assert.equal(await page.locator('#branch-panel').isVisible(), false);
  assert.equal(await button.innerText(), 'All branches');
  await button.click();
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#branch-panel').isVisible(), false);
  assert.equal(await box.isVisible(), true, 'Escape closes the drop-down alone');
  await button.click();
  await byTest(page, 'branch-search').fill('');
  await option('main').waitFor();
  await option('main').click();
  await byTest(page, 'name').fill('scoped');
  await byTest(page, 'url').fill('https://scoped.example');
  const sent = page.waitForRequest((r) => r.method() === 'POST');
  await byTest(page, 'save-btn').click();
  assert.deepEqual((await sent).postDataJSON().protected_branch_ids, [14]);
  await says(rows(page).nth(2), 'main');
  await close(page);
});

test('the branches cannot be fetched', async () => {
  const page = await open(settings);
  await answers(page, 'GET', '**/protected_branches?*', 500, {});
  await dialog(page);
  const alert = page.locator('#branches-alert');
  await says(alert, 'Unable to fetch branches list, please close the form and try again');
  await byTest(page, 'branches').click();
  assert.equal(await byTest(page, 'branch-option').count(), 0);
  assert.equal(await byTest(page, 'all-branches-option').isVisible(), true);
  await page.unroute('**/protected_branches?*');
  await byTest(page, 'branch-search').fill('mai');
  await byTest(page, 'branch-option').waitFor();
  assert.equal(await alert.isVisible(), false, 'the alert goes');
  await close(page);
});

test('the checkbox', async () => {
  const root = await world();
  const page = await open(settings, { world: root });
  await says(page.locator('main'), "Merge requests can't be merged if the status checks did not succeed or are still running.");
  await page.getByLabel('Status checks must succeed').check();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.waitForLoadState();
  assert.equal(await page.getByLabel('Status checks must succeed').isChecked(), true);
  assert.equal((await api('GET', 'projects/6', undefined, root)).only_allow_merge_if_all_status_checks_passed, true);
  await close(page);
});

test('the keyboard alone', async () => {
  const page = await open(settings);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content');
  await byTest(page, 'add-btn').focus();
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'name', 'the first field has the focus');
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'add', 'the focus comes back');
  await close(page);
});

test('who is signed in', async () => {
  const page = await open(settings);
  assert.match(await page.locator('#person option:checked').innerText(), /@maintainer/);
  await page.locator('#person').selectOption({ label: 'Dana Developer (@developer)' });
  await page.getByRole('button', { name: 'Switch' }).click();
  await says(page.locator('h1'), '404: Page not found');
  await page.locator('#person').selectOption({ label: 'Olivia Owner (@owner)' });
  await page.getByRole('button', { name: 'Switch' }).click();
  await byTest(page, 'edit-btn').first().waitFor();
  const [cookie] = await page.context().cookies();
  assert.equal(cookie.sameSite, 'Strict');
  assert.equal(cookie.httpOnly, true);
  await close(page);
});

test('a release without secrets', async () => {
  const root = await world({ version: '16.0' });
  const page = await open(settings, { world: root });
  await byTest(page, 'edit-btn').first().waitFor();
  assert.deepEqual(await texts(page.getByTestId('status-checks-table').locator('th')), ['Service name', 'API', 'Target branches', 'Actions']);
  await dialog(page);
  assert.equal(await page.getByLabel('HMAC Shared Secret').count(), 0);
  const sent = page.waitForRequest((r) => r.method() === 'POST');
  await byTest(page, 'name').fill('x');
  await byTest(page, 'url').fill('https://x.example');
  await byTest(page, 'save-btn').click();
  assert.equal('shared_secret' in (await sent).postDataJSON(), false);
  await close(page);
});

test('links lead on', async () => {
  const page = await open('/');
  await page.getByRole('link', { name: /Settings of flightjs/ }).click();
  await page.getByRole('link', { name: 'Branch rules' }).click();
  assert.ok(page.url().endsWith(rules));
  await close(page);
});

test('without a licence there is no list', async () => {
  const root = await world({ licensed: false });
  const page = await open(settings, { world: root });
  await says(byTest(page, 'unlicensed'), 'External status checks are not licensed for this project.');
  assert.equal(await page.getByText('Add status check').count(), 0);
  await close(page);
});

test('a check with several branches, and more checks than fit on a page of the API', async () => {
  const root = await world();
  const { id } = await api('POST', 'projects/6/protected_branches', { name: 'release/*' }, root);
  const { protected_branches: [main] } = (await api('GET', 'projects/6/external_status_checks', undefined, root))[0];
  await api('POST', 'projects/6/external_status_checks', { name: 'Both', external_url: 'https://both.example', protected_branch_ids: [main.id, id] }, root);
  for (let i = 0; i < 20; i++) await api('POST', 'projects/6/external_status_checks', { name: `Check ${i}`, external_url: `https://c.example/${i}` }, root);
  const page = await open(settings, { world: root });
  await until(page, () => document.querySelectorAll('[data-testid=edit-btn]').length === 23);
  assert.equal(await byTest(page, 'count').innerText(), '23');
  assert.equal((await texts(rows(page).nth(2).locator('td')))[2], 'main, release/*');
  await byTest(page, 'edit-btn').nth(2).click();
  assert.equal(await byTest(page, 'branches').innerText(), 'main, release/*');
  await close(page);
});

test('nobody answers', async () => {
  const page = await open('/');
  await page.route(list, (route) => route.abort());
  await page.goto(mock.origin + settings);
  await says(byTest(page, 'alert'), 'An error occurred fetching the status checks.');
  await page.unroute(list);
  await page.reload();
  await page.route('**/external_status_checks', (route) => route.abort());
  const box = await dialog(page);
  await byTest(page, 'name').fill('x');
  await byTest(page, 'url').fill('https://x.example');
  await byTest(page, 'save-btn').click();
  await says(page.locator('#form-alert'), 'There was no answer.');
  assert.equal(await byTest(page, 'save-btn').isEnabled(), true);
  assert.equal(await box.isVisible(), true);
  await close(page);
});

test('buttons show that something is under way', async () => {
  const root = await world();
  const page = await open(settings, { world: root });
  let asked = 0;
  page.on('request', (r) => r.method() === 'POST' && asked++);
  const saved = await held(page, 'POST', '**/external_status_checks');
  const box = await dialog(page);
  assert.equal(await byTest(page, 'save-btn').innerText(), 'Add status check');
  await byTest(page, 'name').fill('QA');
  await byTest(page, 'url').fill('https://qa.example/');
  await page.keyboard.press('Enter');
  await spins(byTest(page, 'save-btn'));
  await page.keyboard.press('Enter');
  assert.equal(await box.isVisible(), true);
  saved();
  await rows(page).nth(2).waitFor();
  assert.equal(asked, 1, 'it is sent once');

  const deleted = await held(page, 'DELETE', '**/external_status_checks/*');
  await byTest(page, 'delete-btn').nth(2).click();
  await byTest(page, 'confirm-delete').click();
  await spins(byTest(page, 'confirm-delete'));
  deleted();
  await until(page, () => document.querySelectorAll('#rows tr').length === 2);
  await close(page);
});

test('what the server said is gone when the dialog is opened again', async () => {
  const page = await open(settings);
  await dialog(page);
  await byTest(page, 'name').fill('x');
  await byTest(page, 'url').fill('https://checks.example/compliance-tool');
  await byTest(page, 'save-btn').click();
  await says(page.locator('#url-problem'), 'The specified external API is already in use by another status check.');
  assert.equal(await page.locator('#name-problem').isVisible(), false, 'each message stands at its own field');
  await byTest(page, 'cancel-btn').click();
  const box = await dialog(page);
  assert.equal(await box.locator('.invalid:visible, .alert:visible').count(), 0);
  await byTest(page, 'name').fill('');
  assert.equal(await box.locator('.invalid:visible').count(), 0, 'it begins anew');
  await close(page);
});

test('a branch that is none', async () => {
  const page = await open('/');
  const check = { id: 1, name: 'Odd', project_id: 6, external_url: 'https://odd.example', protected_branches: [{ id: 'main', name: 'main' }], hmac: false };
  await answers(page, 'GET', list, 200, [check]);
  await page.goto(mock.origin + settings);
  await byTest(page, 'edit-btn').click();
  let asked = 0;
  page.on('request', (r) => r.method() === 'PUT' && asked++);
  await byTest(page, 'save-btn').click();
  await says(page.locator('#branches-problem'), 'Select a valid target branch.');
  assert.equal(asked, 0);
  await byTest(page, 'branches').click();
  await byTest(page, 'all-branches-option').click();
  assert.equal(await page.locator('#branches-problem').isVisible(), false);
  await close(page);
});

test('searching branches', async () => {
  const root = await world();
  for (const name of ['release/*', 'stable']) await api('POST', 'projects/6/protected_branches', { name }, root);
  const page = await open(settings, { world: root });
  const first = await held(page, 'GET', '**/protected_branches?*');
  await dialog(page);
  await byTest(page, 'branches').click();
  await says(page.locator('#branch-loading'), 'Loading…');
  first();
  await until(page, () => document.querySelectorAll('#branch-list li').length === 3);
  assert.equal(await page.locator('#branch-loading').innerText(), '');
  assert.equal(await byTest(page, 'all-branches-option').getAttribute('aria-pressed'), 'true');
  await page.unroute('**/protected_branches?*');

  const asked = [];
  page.on('request', (r) => r.url().includes('/protected_branches?') && asked.push(new URL(r.url()).searchParams.get('search')));
  const again = await held(page, 'GET', '**/protected_branches?*');
  await byTest(page, 'branch-search').pressSequentially('sta');
  await says(page.locator('#branch-loading'), 'Loading…');
  again();
  await until(page, () => document.querySelectorAll('#branch-list li').length === 1);
  assert.equal(asked.at(-1), 'sta');
  assert.ok(asked.length < 3, `it asks once somebody has stopped typing: ${asked}`);
  await byTest(page, 'branch-search').fill('r'); // one character is enough
  await until(page, () => document.querySelector('#branch-list')?.textContent.includes('release'));
  assert.equal(asked.at(-1), 'r');
  await byTest(page, 'branch-search').fill('');
  await until(page, () => document.querySelectorAll('#branch-list li').length === 3);
  await byTest(page, 'branch-option').first().click();
  assert.equal(await byTest(page, 'all-branches-option').getAttribute('aria-pressed'), 'false');
  assert.equal(await byTest(page, 'branch-option').first().getAttribute('aria-pressed'), 'true');
  await close(page);
});

test('the secret of a check that has none', async () => {
  const root = await world();
  const page = await open(settings, { world: root });
  const save = async () => {
    const sent = page.waitForRequest((r) => r.method() === 'PUT');
    await byTest(page, 'save-btn').click();
    return (await sent).postDataJSON();
  };
  await byTest(page, 'edit-btn').nth(1).click();
  const field = byTest(page, 'shared-secret');
  assert.equal(await field.isEnabled(), true);
  assert.equal(await field.getAttribute('placeholder'), '');
  assert.equal(await byTest(page, 'override-hmac').isVisible(), false);
  await field.fill('x'.repeat(256));
  await byTest(page, 'save-btn').click();
  await says(page.locator('#secret-problem'), 'Shared secret cannot be longer than 255 characters.');
  await field.fill('');
  assert.equal((await save()).shared_secret, '');
  await until(page, () => !document.querySelector('#check-dialog').open);
  await byTest(page, 'edit-btn').nth(0).click();
  await byTest(page, 'override-hmac').click();
  assert.equal(await byTest(page, 'override-hmac').getAttribute('title'), '', 'without a tooltip once it was used');
  await close(page);
});

test('the list cannot be fetched anew', async () => {
  const root = await world();
  const page = await open(settings, { world: root });
  await byTest(page, 'edit-btn').first().waitFor();
  await answers(page, 'GET', list, 500, {});
  await dialog(page);
  await byTest(page, 'name').fill('QA');
  await byTest(page, 'url').fill('https://qa.example');
  await byTest(page, 'save-btn').click();
  await says(byTest(page, 'alert'), 'An error occurred fetching the status checks.');
  assert.equal(await page.locator('#check-dialog[open]').count(), 0, 'the check was added all the same');
  assert.equal((await api('GET', 'projects/6/external_status_checks', undefined, root)).length, 3);
  await close(page);
});
