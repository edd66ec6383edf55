// A real browser shows a page of another origin, which tries to reach the mock's control surface in all the ways that pages have.
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { chromium } from 'playwright-core';
import { serve } from '../gitbeaker/serve.mjs';

const mock = await serve();
const port = new URL(mock.url).port;

// evil is a page at another origin than the mock's.
const evil = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Win a prize</title>'));
evil.listen(0, '127.0.0.1');
await once(evil, 'listening');
const origins = {
  'another port': `http://localhost:${evil.address().port}/`,
  'another site': `http://evil.example:${evil.address().port}/`,
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--host-resolver-rules=MAP *.example 127.0.0.1'],
});
after(async () => {
  await browser.close();
  evil.closeAllConnections();
  evil.close();
});

async function clock() {
  const answer = await fetch(`${mock.control}/clock`);
  return (await answer.json()).mode;
}

// attacks run in the page; each gives what it could read.
const attacks = {
  'read by fetch': async (control) => (await fetch(`${control}/state`)).text(),
  'write by fetch': async (control) =>
    (await fetch(`${control}/clock`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: '{"mode":"frozen"}' })).text(),
  'write without asking': async (control) =>
    (await fetch(`${control}/seed`, { method: 'POST', mode: 'no-cors', headers: { 'Content-Type': 'text/plain' }, body: 'users: []' })).text(),
  'reset without asking': async (control) => (await fetch(`${control}/reset`, { method: 'POST', mode: 'no-cors' })).text(),
  'by a beacon': async (control) => (navigator.sendBeacon(`${control}/reset`), ''),
  'a page by fetch': async (control) => (await fetch(new URL('/-/desk/tokens', control), { credentials: 'include' })).text(),
  'as who is signed in': async (control) => {
    const answer = await fetch(new URL('/api/v4/user', control), { credentials: 'include' }).catch(() => null);
    return answer?.ok ? answer.text() : '';
  },
  'as who is signed in, with a token of its own making': async (control) => {
    const answer = await fetch(new URL('/api/v4/user', control), { headers: { 'X-CSRF-Token': 'x' } }).catch(() => null);
    return answer?.ok ? answer.text() : '';
  },
  'a page in a frame': (control) =>
    new Promise((resolve) => {
      const frame = Object.assign(document.createElement('iframe'), { src: new URL('/-/desk/tokens', control).href });
      frame.addEventListener('load', () => resolve(frame.contentDocument?.body?.textContent ?? ''));
      document.body.append(frame);
      setTimeout(() => resolve(''), 1000);
    }),
  'a form of a page': (control) =>
    new Promise((resolve) => {
      const frame = Object.assign(document.createElement('iframe'), { name: 'g' });
      document.body.append(frame);
      const form = Object.assign(document.createElement('form'), { action: new URL('/-/desk/session', control).href, method: 'POST', target: 'g' });
      form.append(Object.assign(document.createElement('input'), { name: 'person', value: '1' }));
      document.body.append(form);
      form.submit();
      setTimeout(() => resolve(''), 500);
    }),
  'by a script': (control) =>
    new Promise((resolve) => {
      const script = Object.assign(document.createElement('script'), { src: `${control}/state`, onload: () => resolve('loaded'), onerror: () => resolve('') });
      document.head.append(script);
    }),
  'by a form': (control) =>
    new Promise((resolve) => {
      const frame = Object.assign(document.createElement('iframe'), { name: 'f' });
      document.body.append(frame);
      const form = Object.assign(document.createElement('form'), { action: `${control}/reset`, method: 'POST', target: 'f' });
      document.body.append(form);
      form.submit();
      setTimeout(() => resolve(''), 500);
    }),
};

for (const [from, origin] of Object.entries(origins)) {
  for (const [name, attack] of Object.entries(attacks)) {
    test(`${name}, from ${from}`, async () => {
      await fetch(`${mock.control}/clock`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: '{"mode":"offset","offset":"1h"}' });
      const page = await browser.newPage();
      await page.goto(origin);
      const read = await page.evaluate(`(${attack})(${JSON.stringify(mock.control)}).catch(() => '')`);
      const cookies = await page.context().cookies(mock.url);
      await page.close();
      assert.equal(read, '', 'the page read something');
      assert.deepEqual(cookies, [], 'the page has signed somebody in');
      assert.equal(await clock(), 'offset', 'the page changed something');
    });
  }
}

// The page's own name stands for the mock's address by now, so that all is of one origin for the browser.
test('a name that is made to stand for this machine', async () => {
  const page = await browser.newPage();
  for (const path of ['/-/mock/state', '/-/mock/clock']) {
    const answer = await page.goto(`http://evil.example:${port}${path}`);
    assert.equal(answer.status(), 403);
    assert.match(await answer.text(), /on a loopback address this answers to localhost/);
  }
  await page.close();
});

test('what the user opens', async () => {
  const page = await browser.newPage();
  const answer = await page.goto(`${mock.control}/clock`);
  assert.equal(answer.status(), 200);
  await page.close();
});

// The API is open to pages, as GitLab's is; a page that has a token may use it.
test('the API', async () => {
  const page = await browser.newPage();
  await page.goto(origins['another site']);
  const status = await page.evaluate(
    `fetch(${JSON.stringify(mock.api)} + '/version', { headers: { 'PRIVATE-TOKEN': 'glpat-guest' } }).then((a) => a.status)`,
  );
  assert.equal(status, 200);
  await page.close();
});
