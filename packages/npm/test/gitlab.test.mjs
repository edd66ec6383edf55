// Uses the packages as they were installed from their files, with gitbeaker.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Gitlab as Client } from '@gitbeaker/rest';
import { start } from 'statuschecks';

const head = '141be9714669a4c1ccaa013c6a7f3e462ff2a40f';

describe('a mock', () => {
  let gitlab, client;
  before(async () => {
    gitlab = await start();
    client = new Client({ host: gitlab.url, token: gitlab.tokens.maintainer });
  });
  after(() => gitlab.stop());

  const statuses = async () => {
    const list = await client.ExternalStatusChecks.all(6, { mergerequestIId: 4 });
    return list.map((c) => `${c.name}: ${c.status}`);
  };

  test('serves a real client', async () => {
    assert.deepEqual(await statuses(), ['Compliance Tool: pending', 'Service 1: passed']);
    assert.equal((await client.Metadata.show()).version.split('-')[0].split('.').slice(0, 2).join('.'), gitlab.version);
  });

  test('lets time pass', async () => {
    await client.ExternalStatusChecks.set(6, 4, head, 1, { status: 'pending' });
    assert.equal((await gitlab.advance('2m1s')).mode, 'offset');
    assert.deepEqual(await statuses(), ['Compliance Tool: failed', 'Service 1: passed']);
  });

  test('shows deliveries', async () => {
    await gitlab.reset();
    assert.deepEqual(await gitlab.deliveries(), []);
    await client.MergeRequests.edit(6, 4, { title: 'Another' });
    await gitlab.flushDeliveries();
    assert.deepEqual((await gitlab.deliveries()).map((d) => d.check_id), [1, 2]);
    const [delivery] = await gitlab.deliveries({ check: 2 });
    assert.equal(JSON.parse(delivery.body).external_approval_rule.name, 'Service 1');
    assert.equal((await gitlab.getDelivery(delivery.id)).id, delivery.id);
  });

  test('says what is wrong', async () => {
    await assert.rejects(gitlab.setClock({ mode: 'real', ofset: '2m' }), {
      message: /^PUT \/clock of the mock: 400 .*there is no key "ofset"/,
    });
  });
});

test('a release, feature flags and a seed are options', async () => {
  const gitlab = await start({ version: '15.6', features: { only_allow_merge_if_all_status_checks_passed: true } });
  assert.equal((await gitlab.getRelease()).version, '15.6');
  const flags = await gitlab.getFeatures();
  assert.equal(flags.find((f) => f.name === 'only_allow_merge_if_all_status_checks_passed').enabled, true);
  await gitlab.stop();

  const seeded = await start({
    seed: {
      users: [{ username: 'ann', admin: true, tokens: [{ secret: 'glpat-ann' }] }],
      groups: [{ path: 'tools' }],
      projects: [{ path: 'tools/saw' }],
    },
  });
  const client = new Client({ host: seeded.url, token: seeded.tokens.ann });
  assert.equal((await client.Projects.show('tools/saw')).path, 'saw');
  assert.match(await seeded.exportSeed(), /saw/);
  await seeded.stop();
  await assert.rejects(fetch(seeded.url));
});

test('a mock that cannot start says why', async () => {
  await assert.rejects(start({ version: '1.0' }), /did not start:\n.*gitlab-version/s);
});

test('options that would be passed over are refused', async () => {
  await assert.rejects(start({ verison: '16.4' }), /there is no option verison; there are seed, /);
  await assert.rejects(start({ version: 18.1 }), /version must be a text/);
  await assert.rejects(start({ lag: 5 }), /lag must be a text/);
  await assert.rejects(start({ flags: '--no-hints' }), /flags must be a list/);
});

test('a seed can be the URL of a file', async () => {
  await inFolder(() => ({}), async (folder) => {
    const seed = pathToFileURL(join(folder, 'a seed.json'));
    writeFileSync(seed, '{"users": [{"username": "ann", "tokens": [{"secret": "glpat-ann"}]}]}');
    const gitlab = await start({ seed });
    assert.deepEqual(gitlab.tokens, { ann: 'glpat-ann' });
    await gitlab.stop();
  });
});

test('a mock is asked without fetch, and says so when it is gone', async (t) => {
  t.mock.method(globalThis, 'fetch', () => assert.fail('jsdom has no fetch'));
  const gitlab = await start();
  assert.equal((await gitlab.getClock()).mode, 'real');
  await gitlab.stop();
  await assert.rejects(gitlab.reset(), /^Error: POST \/reset of the mock: it does not answer: .*ECONNREFUSED/);
});

test('a mock with HTTPS is asked too', async () => {
  const gitlab = await start({ flags: ['--tls-self-signed'] });
  assert.match(gitlab.url, /^https:/);
  assert.match(readFileSync(gitlab.ca, 'utf8'), /BEGIN CERTIFICATE/);
  assert.equal((await gitlab.advance('1s')).mode, 'offset');
  await gitlab.stop();
});

test('a mock ends with the program that started it', async () => {
  const script = "require('statuschecks').start().then((g) => console.log(g.url))";
  const child = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  assert.equal(child.status, 0, child.stderr);
  await assert.rejects(fetch(child.stdout.trim()));
});

// inFolder calls what it is given with a new folder, and with variables of the environment of this process.
async function inFolder(variablesIn, use) {
  const folder = mkdtempSync(join(tmpdir(), 'test-'));
  const variables = variablesIn(folder);
  Object.assign(process.env, variables);
  try {
    await use(folder);
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
    rmSync(folder, { recursive: true });
  }
}

test('the environment of the tests does not change the mock', async () => {
  const variables = (folder) => ({
    STATUSCHECKS_CONTROL_TOKEN: 'for-another-mock',
    STATUSCHECKS_DATA: join(folder, 'data'),
  });
  await inFolder(variables, async (folder) => {
    const gitlab = await start();
    assert.equal((await gitlab.getClock()).mode, 'real');
    await gitlab.stop();
    assert.equal(existsSync(join(folder, 'data')), false);
  });
});

// stubborn says that it is ready, and ends neither with its standard input nor when it is told to.
const stubborn = `#!/bin/sh
trap '' TERM
echo '{"url": "'$$'"}'
exec sleep 600
`;

test('stop kills what does not end', async (t) => {
  const program = (folder) => ({ MOCK_GITLAB_PROGRAM: join(folder, 'program') });
  await inFolder(program, async (folder) => {
    writeFileSync(join(folder, 'program'), stubborn, { mode: 0o700 });
    const gitlab = await start();
    const pid = Number(gitlab.url);
    t.mock.timers.enable({ apis: ['setTimeout'] });
    let stopped = false;
    const stopping = gitlab.stop().then(() => (stopped = true));
    t.mock.timers.tick(5000);
    await setImmediate();
    process.kill(pid, 0);
    assert.equal(stopped, false);
    t.mock.timers.tick(5000);
    await stopping;
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  });
});

test('the program is a command', () => {
  const npx = (...args) => spawnSync('npx', ['--no-install', 'statuschecks', ...args], { encoding: 'utf8' });
  assert.match(npx('version').stdout, /0\.1\.0/);
  assert.equal(npx('exec', '--', 'sh', '-c', 'exit 7').status, 7);
  const { status, stderr } = npx('serve', '--gitlab-version', '1.0');
  assert.equal(status, 3, stderr);
});

test('folders that are installed as links find the program, and a lacking one is named', async () => {
  await inFolder(() => ({}), async (folder) => {
    const platform = `${process.platform}-${process.arch}`;
    const of = (name) => realpathSync(join('node_modules', name));
    cpSync(of('statuschecks'), join(folder, 'statuschecks'), { recursive: true });
    const run = () => {
      const command = [join(folder, 'statuschecks', 'bin', 'statuschecks.js'), 'version'];
      return spawnSync(process.execPath, command, { encoding: 'utf8' });
    };
    assert.match(run().stderr, /^statuschecks: the package @statuschecks\/.* is not installed\. [^\n]*\n$/);
    mkdirSync(join(folder, '@statuschecks'));
    symlinkSync(of(`@statuschecks/${platform}`), join(folder, '@statuschecks', platform), 'junction');
    assert.match(run().stdout, /0\.1\.0/);
  });
});

test('the program is that of the package for this platform', () => {
  const require = createRequire(import.meta.url);
  assert.match(require.resolve(`@statuschecks/${process.platform}-${process.arch}/package.json`), /node_modules/);
  assert.match(require.resolve('statuschecks'), /node_modules/);
});
