// The workbench: the inbox of deliveries, the journal, the clock, faults, worlds, tokens and notes.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { receive } from '../gitbeaker/serve.mjs';
import { byTest, says, start, texts, until } from './browser.mjs';

const mock = await start();
const { open, close, api, control, world } = mock;

// watched is a world with a check whose service answers.
async function watched() {
  const root = await world();
  const service = await receive();
  await api('POST', 'projects/6/external_status_checks', { name: 'Mine', external_url: `${service.url}hook?a=b`, shared_secret: 'sesame' }, root);
  const push = async () => {
    await control('POST', 'events', { event: 'push' }, root);
    await control('POST', 'deliveries/flush', {}, root);
  };
  return { root, service, push };
}

test('the inbox is live', async () => {
  const { root, push } = await watched();
  const page = await open('/-/desk/deliveries', { world: root });
  await says(page.locator('#list'), 'No deliveries.');
  await push();
  await says(byTest(page, 'delivery'), 'Mine');
  assert.match(await byTest(page, 'delivery').filter({ hasText: 'Mine' }).innerText(), /update of flightjs\/Flight!4[^]*200[^]*1 attempt/);
  await page.getByLabel('Live', { exact: true }).uncheck();
  const before = await byTest(page, 'delivery').count();
  await push();
  await page.waitForTimeout(1500);
  assert.equal(await byTest(page, 'delivery').count(), before, 'it stands still');
  await page.getByLabel('Live', { exact: true }).check();
  await until(page, (n) => document.querySelectorAll('[data-testid=delivery]').length > n, before);
  await close(page);
});

test('one delivery', async () => {
  const { root, service, push } = await watched();
  await push();
  const page = await open('/-/desk/deliveries?text=hook', { world: root });
  assert.equal(await byTest(page, 'delivery').count(), 1);
  await byTest(page, 'delivery').getByRole('link').first().click();
  const sent = await service.next();
  assert.equal(await byTest(page, 'raw').textContent(), sent.body.toString());
  await says(byTest(page, 'tree'), 'object_attributes');
  await says(page.locator('main'), `X-Gitlab-Signature: ${sent.headers['x-gitlab-signature']}`);
  await says(page.locator('main'), 'It is made with the secret that the check has now.');
  assert.equal(await byTest(page, 'attempt').count(), 1);
  assert.equal(await byTest(page, 'delivery-state').innerText(), 'delivered');

  await page.getByLabel('Shared secret').fill('sesame');
  await page.getByRole('button', { name: 'Check the signature with it' }).click();
  await says(byTest(page, 'verified'), 'The signature is right.');
  await page.getByLabel('Shared secret').fill('another');
  await page.getByRole('button', { name: 'Check the signature with it' }).click();
  await says(byTest(page, 'verified'), 'The signature is another one');

  assert.match(await byTest(page, 'curl').innerText(), /^curl -X POST 'http:[^]*X-Gitlab-Signature[^]*--data-binary '\{/);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await byTest(page, 'curl').textContent());

  for (const id of ['redeliver', 'redeliver-fresh']) {
    await byTest(page, id).click();
    await says(page.locator('main'), 'It repeats delivery');
    await control('POST', 'deliveries/flush', {}, root);
    const again = await service.next();
    assert.equal(again.body.equals(sent.body), id === 'redeliver');
  }
  await close(page);
});

test('a delivery without a signature, one with a former secret, one that nobody took, and one that is gone', async () => {
  const { root, service, push } = await watched();
  await api('POST', 'projects/6/external_status_checks', { name: 'Nobody', external_url: 'http://127.0.0.1:1/nobody' }, root);
  await push();
  const { id } = (await api('GET', 'projects/6/external_status_checks', undefined, root)).find((c) => c.name === 'Mine');
  await api('PUT', `projects/6/external_status_checks/${id}`, { name: 'Mine', external_url: `${service.url}hook?a=b`, shared_secret: 'changed' }, root);
  const sent = await control('GET', 'deliveries', undefined, root);
  const page = await open(`/-/desk/deliveries/${sent.find((d) => d.url.endsWith('/nobody')).id}`, { world: root });
  await says(page.locator('main'), 'The check has no shared secret, so the delivery is not signed.');
  await says(byTest(page, 'attempt'), 'no answer');
  await says(byTest(page, 'attempt'), 'connection refused');
  await says(byTest(page, 'attempt'), 'There was none.');
  await page.goto(`${mock.origin}${root}/-/desk/deliveries/${sent.find((d) => d.url.includes('/hook')).id}`);
  await says(page.locator('main'), 'It is not made with the secret that the check has now.');
  await page.getByRole('button', { name: 'Check the signature with it' }).click();
  await says(byTest(page, 'verified'), 'Please provide a shared secret.');
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('no')) } }));
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  await says(byTest(page, 'alert'), 'The browser does not let this page copy. The text is selected; copy it yourself.');
  assert.match(await page.evaluate(() => getSelection().toString()), /^curl -X POST/);
  await page.route('**/redeliver', (route) => route.abort());
  await byTest(page, 'redeliver').click();
  await says(byTest(page, 'alert'), 'There was no answer.');
  await page.goto(`${mock.origin}${root}/-/desk/deliveries/99999`);
  await says(page.locator('main'), 'There is no such delivery in the log; the oldest ones make room.');
  await page.goto(`${mock.origin}${root}/-/desk/nothing`);
  await says(page.locator('main'), 'The workbench has no such page.');
  await close(page);
});

test('lists are paged', async () => {
  const { root, push } = await watched();
  for (let i = 0; i < 20; i++) await push();
  const page = await open('/-/desk/deliveries', { world: root });
  assert.equal(await byTest(page, 'delivery').count(), 50);
  await page.getByRole('link', { name: 'Older' }).click();
  await says(page.locator('caption'), '51–');
  await page.getByRole('link', { name: 'Newer' }).click();
  await says(page.locator('caption'), '1–50');
  await close(page);
});

test('the journal', async () => {
  const { root, push } = await watched();
  const page = await open('/-/desk/journal?kind=call&status=4xx', { world: root });
  await says(page.locator('#list'), 'Nothing happened yet.');
  await push();
  await fetch(`${mock.origin}${root}/api/v4/user`);
  await says(byTest(page, 'entry'), '/api/v4/user');
  await says(byTest(page, 'entry'), 'no token');
  await page.getByText('All that is kept of it').first().click();
  await says(byTest(page, 'entry').first(), '"response_size"');
  await page.getByText('All that is kept of it').first().click();
  await page.getByRole('button', { name: 'Clear' }).click();
  await says(page.locator('#list'), 'Nothing happened yet.');
  await close(page);
});

test('the clock', async () => {
  const root = await world();
  const page = await open('/-/desk/clock', { world: root });
  const clock = byTest(page, 'clock');
  const press = (name) => Promise.all([page.waitForEvent('load'), page.getByRole('button', { name, exact: true }).click()]);
  await says(clock, 'real');
  await press('Freeze');
  await says(clock, 'frozen');
  const before = (await control('GET', 'clock', undefined, root)).now;
  await press('+2 min');
  const later = (await control('GET', 'clock', undefined, root)).now;
  assert.equal(new Date(later) - new Date(before), 120_000);
  await press('Let it go on');
  await says(clock, 'offset');
  await press('Real time');
  await says(clock, 'real');
  await close(page);
});

test('faults', async () => {
  const root = await world();
  const page = await open('/-/desk/faults', { world: root });
  await says(page.locator('main'), 'No plan is in force.');
  await page.locator('#plan').fill('{');
  await page.getByRole('button', { name: 'Put it in force' }).click();
  await says(byTest(page, 'alert'), 'This is not JSON');
  await page.locator('#plan').fill('{"faults": [{}]}');
  await page.getByRole('button', { name: 'Put it in force' }).click();
  await until(page, () => document.querySelector('[data-testid=alert]')?.textContent.includes('fault'));
  await page.reload();
  await page.getByRole('button', { name: 'Put it in force' }).click();
  await byTest(page, 'plan').waitFor();
  await page.getByRole('button', { name: /^Remove/ }).click();
  await says(page.locator('main'), 'No plan is in force.');
  await close(page);
});

test('worlds and snapshots', async () => {
  const page = await open('/-/desk/worlds');
  const form = page.locator('form', { hasText: 'Make a world' });
  await form.getByLabel('Name').fill('mine');
  await form.getByLabel('Release').fill('16.4');
  await form.getByRole('button').click();
  await says(byTest(page, 'worlds'), 'mine');
  await page.getByRole('link', { name: 'mine', exact: true }).click();
  await says(page.locator('h1'), 'A mock of GitLab 16.4');
  await page.getByRole('link', { name: 'Worlds' }).click();
  const keep = page.locator('form', { hasText: 'Keep this moment' });
  await keep.getByLabel('Name').fill('before');
  await keep.getByRole('button').click();
  await says(byTest(page, 'snapshots'), 'before');
  await api('DELETE', 'projects/6/external_status_checks/1', undefined, '/worlds/mine');
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: /^Put the world back/ }).click()]);
  assert.equal((await api('GET', 'projects/6/external_status_checks', undefined, '/worlds/mine')).length, 2);
  page.on('dialog', (d) => d.accept());
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Reset the world' }).click()]);
  await page.goto(`${mock.origin}/-/desk/worlds`);
  await page.getByRole('button', { name: 'Remove mine' }).click();
  await until(page, () => !document.body.textContent.includes('Remove mine'));
  await close(page);
});

test('tokens and notes', async () => {
  const page = await open('/-/desk/tokens');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy the token of maintainer' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'glpat-maintainer');
  await page.getByRole('link', { name: 'Notes' }).click();
  await says(page.locator('main'), 'Nothing was noted.');
  await api('GET', 'projects/6?misspelt=1');
  await page.reload();
  await says(byTest(page, 'notes'), 'misspelt');
  assert.ok((await texts(byTest(page, 'notes').locator('tbody tr'))).length >= 1);
  await close(page);
});

test('a mock that asks for a control token', async () => {
  const guarded = await start('--control-token', 'sesame');
  const page = await guarded.open('/-/desk/deliveries');
  await says(page.locator('h1'), 'Control token');
  await page.getByLabel('Control token').fill('wrong');
  await page.getByRole('button', { name: 'Enter' }).click();
  await says(page.locator('main'), 'This is not the control token.');
  await page.getByLabel('Control token').fill('sesame');
  await page.getByRole('button', { name: 'Enter' }).click();
  await says(page.locator('h1'), 'Deliveries');
  await page.getByRole('link', { name: 'Clock' }).click();
  await page.getByRole('button', { name: 'Freeze' }).click();
  await says(byTest(page, 'clock'), 'frozen');
  await fetch(`${guarded.origin}/api/v4/user`);
  await page.getByRole('link', { name: 'Journal' }).click();
  await says(byTest(page, 'entry'), '/api/v4/user');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'As an HTTP archive' }).click()]);
  assert.equal(file.suggestedFilename(), 'journal.har');
  const { log } = JSON.parse(readFileSync(await file.path(), 'utf8'));
  assert.ok(log.entries.some((entry) => entry.request.url.endsWith('/api/v4/user')));
  await close(page);
});

// firstPaint is when a page first showed something, in milliseconds. The page may be read before it is painted.
const firstPaint = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        new PerformanceObserver((list) => {
          for (const entry of list.getEntriesByName('first-contentful-paint')) resolve(entry.startTime);
        }).observe({ type: 'paint', buffered: true });
      }),
  );

test('a thousand deliveries stay quick', async (t) => {
  const root = await world();
  for (let i = 0; i < 250; i++) await control('POST', 'events', { event: i % 2 ? 'reopen' : 'close' }, root);
  const page = await open('/-/desk/deliveries', { world: root });
  await says(page.locator('caption'), '1–50 of 1000');
  const paints = [];
  for (let i = 0; i < 10; i++) {
    await page.reload();
    paints.push(Math.round(await firstPaint(page)));
  }
  paints.sort((a, b) => a - b);
  t.diagnostic(`first paint after ${paints.join(', ')} ms`);
  assert.ok(paints[0] < 500, `first paint after ${paints[0]} ms at best; a quiet machine takes less than 100`);
  await close(page);
});

test('a control surface with an address of its own', async () => {
  const apart = await start('--control-listen', '127.0.0.1:0');
  const origin = new URL(apart.mock.control).origin;
  assert.notEqual(origin, apart.origin);
  const page = await apart.open('/');
  assert.equal(await page.getByText('Signed in as').count(), 0);
  await page.goto(`${origin}/flightjs/Flight/-/settings/merge_requests`);
  await byTest(page, 'delete-btn').first().click();
  await byTest(page, 'confirm-delete').click();
  await until(page, () => document.querySelectorAll('#rows tr').length === 1);
  await page.goto(`${origin}/-/desk/clock`);
  await page.getByRole('button', { name: 'Freeze' }).click();
  await says(byTest(page, 'clock'), 'frozen');
  await close(page);
});
