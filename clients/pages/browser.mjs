// A browser, a mock of its own for each file of tests, and what the tests of pages share.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { after } from 'node:test';
import { chromium } from 'playwright-core';
import { serve } from '../gitbeaker/serve.mjs';

export const settings = '/flightjs/Flight/-/settings/merge_requests';
export const mergeRequest = '/flightjs/Flight/-/merge_requests/4';
export const rules = '/flightjs/Flight/-/settings/repository';

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
after(() => browser.close());

// patient makes a navigation begin anew that the page's own one has cut off: a page may still open itself again after
// a button.
const patient = (page, navigate) => async (...given) => {
  for (let tries = 5; ; tries--) {
    try {
      return await navigate.apply(page, given);
    } catch (error) {
      if (!tries || !/ERR_ABORTED|Not attached to an active page|interrupted by another/.test(error.message)) throw error;
      await page.waitForLoadState();
    }
  }
};

// start starts a mock and gives what tests do with it.
export async function start(...flags) {
  const mock = await serve(...flags);
  const origin = mock.url;
  // open opens a page in a browser of its own; what the page logs as an error fails the test, but for answers that are refusals.
  async function open(path, { world = '', ...options } = {}) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.problems = [];
    page.goto = patient(page, page.goto);
    page.reload = patient(page, page.reload);
    page.on('pageerror', (error) => page.problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of [45]\d\d|ERR_FAILED/.test(message.text())) page.problems.push(message.text());
    });
    await page.goto(origin + world + path);
    return page;
  }
  async function close(page) {
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
  const json = (method, body) => ({ method, headers: { 'Content-Type': 'application/json', 'PRIVATE-TOKEN': 'glpat-maintainer' }, body: body && JSON.stringify(body) });
  const control = async (method, path, body, world = '') => {
    const answer = await fetch(`${origin}${world}/-/mock/${path}`, json(method, body));
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${answer.statusText}`);
    return answer.status === 204 ? null : answer.json();
  };
  const api = async (method, path, body, world = '') => {
    const answer = await fetch(`${origin}${world}/api/v4/${path}`, json(method, body));
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
    return answer.status === 204 ? null : answer.json();
  };
  // respond sets a status of a check.
  async function respond(check, status, world = '') {
    const mr = await api('GET', 'projects/6/merge_requests/4', undefined, world);
    await api('POST', 'projects/6/merge_requests/4/status_check_responses', { external_status_check_id: check, sha: mr.sha, status }, world);
  }
  // world makes a world and gives its relative root.
  let made = 0;
  async function world(options = {}) {
    const name = `w${++made}`;
    await control('POST', 'worlds', { name, ...options });
    return `/worlds/${name}`;
  }
  return { mock, origin, open, close, control, api, respond, world };
}

const axe = readFileSync(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

// accessible holds that axe finds nothing wrong with a page.
export async function accessible(page, where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const found = violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html).slice(0, 3).join(' | ')}`);
  assert.deepEqual(found, [], where);
}

// fits holds that nothing of a page is wider than the window.
export async function fits(page, where) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${where} is ${wide} px too wide`);
}

export const texts = (locator) => locator.allInnerTexts();
export const byTest = (page, id) => page.getByTestId(id);

// says waits until an element has a text.
export async function says(locator, text) {
  await locator.filter({ hasText: text }).first().waitFor({ timeout: 10_000 });
}

// until waits until a function of the page gives something true. The policy of the pages forbids what waitForFunction does.
export async function until(page, condition, argument) {
  for (const end = Date.now() + 15_000; ; ) {
    const holds = await page.evaluate(condition, argument).catch((error) => {
      if (!/Execution context was destroyed/.test(error.message)) throw error; // else the page is loading
    });
    if (holds) return;
    assert.ok(Date.now() < end, `it never came: ${condition}`);
    await page.waitForTimeout(30);
  }
}

// answers lets the server's answer to a request be another one.
export async function answers(page, method, pattern, status, body) {
  await page.route(pattern, (route) =>
    route.request().method() === method
      ? route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) })
      : route.fallback(),
  );
}

// held keeps back the server's answer to requests of a method until the test lets it go by the function that is given.
export async function held(page, method, pattern) {
  let release;
  const free = new Promise((resolve) => (release = resolve));
  await page.route(pattern, async (route) => {
    if (route.request().method() === method) await free;
    await route.fallback();
  });
  return release;
}

// spins waits until a button shows that what it asked for is under way.
export async function spins(button) {
  await button.and(button.page().locator(':disabled')).locator('.spinner').waitFor();
}
