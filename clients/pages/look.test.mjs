// How all pages look and behave: for everybody, in every window, without JavaScript, with hostile names. It keeps a picture of each.
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { receive } from '../gitbeaker/serve.mjs';
import { accessible, fits, mergeRequest, rules, settings, start, until } from './browser.mjs';

const mock = await start();
const { open, close, api, control } = mock;
const service = await receive();
await api('POST', 'projects/6/external_status_checks', { name: 'Mine', external_url: `${service.url}hook`, shared_secret: 'sesame' });
await control('POST', 'events', { event: 'push' });
await control('POST', 'deliveries/flush', {});
const { id: delivery } = (await control('GET', 'deliveries')).find((d) => d.url.endsWith('/hook'));

const pages = {
  start: '/',
  settings,
  'merge-requests': '/flightjs/Flight/-/merge_requests',
  'merge-request': mergeRequest,
  'branch-rules': rules,
  'branch-rule': `${rules}/branch_rules?branch=main`,
  deliveries: '/-/desk/deliveries',
  delivery: `/-/desk/deliveries/${delivery}`,
  journal: '/-/desk/journal',
  clock: '/-/desk/clock',
  faults: '/-/desk/faults',
  worlds: '/-/desk/worlds',
  tokens: '/-/desk/tokens',
  notes: '/-/desk/notes',
  'not-found': '/flightjs/Nothing/-/settings/merge_requests',
};

// settled waits until the scripts of a page have shown what they show first.
async function settled(page) {
  await until(page, () => !document.querySelector('#widget-title')?.textContent.includes('being fetched'));
  await page.waitForTimeout(100);
}

for (const [name, path] of Object.entries(pages)) {
  test(`${name}: axe finds nothing, light and dark, wide and narrow`, async () => {
    const page = await open(path);
    await settled(page);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      for (const width of [1200, 320]) {
        await page.setViewportSize({ width, height: 700 });
        await accessible(page, `${name}, ${colorScheme}, ${width} px`);
        await fits(page, `${name} at ${width} px`);
      }
    }
    await close(page);
  });

  test(`${name}: without JavaScript`, async () => {
    const page = await open(path, { javaScriptEnabled: false });
    const seen = await page.locator('main').innerText();
    const expected = {
      settings: 'Compliance Tool', 'merge-request': 'Status Check ID: 1', 'branch-rule': 'Compliance Tool', 'branch-rules': '1 status check',
      deliveries: 'update of', delivery: 'X-Gitlab-Signature', journal: '/hook', clock: 'real', tokens: 'glpat-owner', start: 'Update README.md',
    }[name];
    if (expected) assert.ok(seen.includes(expected), `${name} lacks ${expected}:\n${seen}`);
    await page.locator('#person').selectOption({ label: 'Olivia Owner (@owner)' });
    await page.getByRole('button', { name: 'Switch' }).click();
    assert.match(await page.locator('#person option:checked').innerText(), /@owner/);
    assert.ok(page.url().endsWith(path), 'the form leads back');
    await page.context().close();
  });
}

test('nothing is loaded from elsewhere', async () => {
  for (const path of Object.values(pages)) {
    const page = await open('/');
    page.on('request', (r) => assert.ok(r.url().startsWith(mock.origin), r.url()));
    await page.goto(mock.origin + path);
    await settled(page);
    await close(page);
  }
});

test('a script in the page does not run', async () => {
  const page = await open('/');
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    try {
      script.text = 'globalThis.ran = true';
    } catch {
      return 'refused';
    }
    document.head.append(script);
    return String(globalThis.ran);
  });
  assert.notEqual(ran, 'true');
  await page.context().close();
});

const hostile = {
  users: [{ id: 1, username: 'mallory', name: '"><script>ran=1</script>', tokens: [{ name: `'"><b>`, secret: 'glpat-mallory', scopes: ['api'] }] }],
  groups: [{ path: 'g', name: '<img src=x onerror=ran=1>', members: [{ user: 'mallory', access_level: 'owner' }] }],
  projects: [{
    path: 'g/p', name: '<script>ran=1</script>',
    branches: [{ name: 'main', commits: [{ message: 'one', files: { a: 'b' } }] }, { name: '"onload=ran=1', from: 'main', commits: [{ message: 'two', files: { c: 'd' } }] }],
    protected_branches: [{ name: 'main' }, { name: "'><svg/onload=ran=1>*" }],
    external_status_checks: [{ id: 1, name: '<a class="test" data-test">Foo <img src=x onerror=ran=1>', external_url: 'http://127.0.0.1:9/?a=%3Cscript%3E', protected_branches: ['main', "'><svg/onload=ran=1>*"], shared_secret: `'"><script>` }],
    merge_requests: [{ iid: 1, source_branch: '"onload=ran=1', target_branch: 'main', title: '</title><script>ran=1</script>', description: '</pre><script>ran=1</script>', author: 'mallory' }],
  }],
};

test('hostile names', async () => {
  await control('POST', 'worlds', { name: 'hostile', seed: hostile });
  await control('POST', 'events', { event: 'update' }, '/worlds/hostile');
  const [{ id }] = await control('GET', 'deliveries', undefined, '/worlds/hostile');
  for (const path of ['/', '/g/p/-/settings/merge_requests', '/g/p/-/merge_requests', '/g/p/-/merge_requests/1', '/g/p/-/settings/repository',
    `/g/p/-/settings/repository/branch_rules?branch=${encodeURIComponent("'><svg/onload=ran=1>*")}`, '/-/desk/deliveries?text=%22%3E%3Cscript%3Eran%3D1%3C/script%3E',
    `/-/desk/deliveries/${id}`, '/-/desk/journal?user=%22%3E%3Cscript%3Eran%3D1%3C/script%3E', '/-/desk/tokens', '/-/desk/notes']) {
    const page = await open(path, { world: '/worlds/hostile' });
    await settled(page);
    assert.equal(await page.evaluate(() => globalThis.ran), undefined, path);
    assert.equal(await page.locator('main img, main svg, a.test').count(), 0, path);
    await fits(page, path);
    await close(page);
  }
  const page = await open('/g/p/-/settings/merge_requests', { world: '/worlds/hostile', viewport: { width: 320, height: 600 } });
  await page.getByTestId('edit-btn').click();
  assert.equal(await page.getByTestId('name').inputValue(), hostile.projects[0].external_status_checks[0].name);
  await page.getByTestId('branches').click();
  await page.getByTestId('branch-option').first().waitFor();
  await fits(page, 'the dialog');
  assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  await close(page);
});

test('pictures', { skip: !process.env.PICTURES && 'PICTURES=1 takes them' }, async () => {
  const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  for (const [name, path] of Object.entries(pages)) {
    if (['not-found', 'merge-requests', 'notes'].includes(name)) continue;
    const page = await open(path, { viewport: { width: 900, height: 560 } });
    await settled(page);
    if (name === 'settings') await page.getByTestId('edit-btn').first().click();
    if (name === 'merge-request') await page.getByTestId('toggle-button').click();
    if (name === 'branch-rule') await page.getByTestId('add-btn').click();
    await page.screenshot({ path: `${folder}${name}.png` });
    await close(page);
  }
});
