'use strict';
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { createInterface } = require('node:readline');
const { text } = require('node:stream/consumers');
const { fileURLToPath } = require('node:url');
const { Control } = require('./control.js');
const { program } = require('./program.js');

// patience is how many milliseconds a mock gets to end, before it is told in a harder way.
const patience = 5000;

// Gitlab is a mock that runs, as a process of its own.
class Gitlab extends Control {
  #child;
  #exited;
  #log;
  #ca;

  constructor(child, exited, ready, log) {
    super();
    this.#child = child;
    this.#exited = exited;
    this.#log = log;
    this.url = ready.url;
    this.api = ready.api;
    this.control = ready.control;
    this.version = ready.gitlab_version;
    this.tokens = ready.tokens;
    this.ca = ready.ca;
    this.#ca = ready.ca && readFileSync(ready.ca);
  }

  // log is what the mock has logged so far.
  get log() {
    return this.#log.text;
  }

  advance(by) {
    return this.advanceClock({ by });
  }

  deliveries(query) {
    return this.listDeliveries(query);
  }

  async request(method, path, { query = {}, body } = {}) {
    const url = new URL(this.control + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const { response, told } = await exchange(url, { method, ca: this.#ca }, body).catch((error) => {
      throw new Error(`${method} ${path} of the mock: it does not answer: ${error.message}`);
    });
    const isJSON = response.headers['content-type']?.startsWith('application/json');
    const value = isJSON ? JSON.parse(told) : told || undefined;
    if (response.statusCode < 300) return value;
    const problems = value?.problems ? `: ${value.problems.join('; ')}` : '';
    throw new Error(`${method} ${path} of the mock: ${response.statusCode} ${value?.error ?? told}${problems}`);
  }

  async stop() {
    for (const handle of handlesOf(this.#child)) handle.ref();
    this.#child.stdin.end();
    // Its standard input may stay open, as another process may have its other end as well.
    for (const signal of ['SIGTERM', 'SIGKILL']) {
      if (await isIn(this.#exited, patience)) return;
      this.#child.kill(signal);
    }
    await this.#exited;
  }

  async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() {
    await this.stop();
  }
}

// exchange sends a request. It waits as long as the mock takes, and needs no fetch, which jest's jsdom does not have.
function exchange(url, options, body) {
  const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
  return new Promise((resolve, reject) => {
    const { request: send } = url.protocol === 'https:' ? https : http;
    const request = send(url, { ...options, headers, agent: false }, (response) => {
      text(response).then((told) => resolve({ response, told }), reject);
    });
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

// handlesOf are what Node.js waits for before it ends.
function handlesOf(child) {
  return [child, child.stdin, child.stdout, child.stderr];
}

// isIn tells whether the promise is fulfilled in so many milliseconds.
async function isIn(promise, milliseconds) {
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds, false)));
  const inTime = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}

// environment is that of this process without what is for the program as others run it, such as a token or a file of
// data.
function environment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('STATUSCHECKS_')));
}

const known = ['seed', 'faults', 'version', 'lag', 'features', 'flags'];

// check refuses options that would be passed over, or become something else: 18.10 as a number is 18.1.
function check(options) {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new TypeError(`statuschecks: there is no option ${name}; there are ${known.join(', ')}`);
  }
  for (const name of ['version', 'lag']) {
    if (!['string', 'undefined'].includes(typeof options[name])) {
      throw new TypeError(`statuschecks: the option ${name} must be a text, in quotes`);
    }
  }
  if (options.flags !== undefined && !Array.isArray(options.flags)) {
    throw new TypeError('statuschecks: the option flags must be a list of texts');
  }
}

// flagsOf are the flags for the options of start. Those with a file have it in the folder.
function flagsOf(options, folder) {
  const { seed, faults, version, lag, features = {}, flags = [] } = options;
  const all = ['serve', '--listen', '127.0.0.1:0', '--log-level', 'warn', '--until-stdin-ends'];
  for (const [name, value] of Object.entries({ seed, faults })) {
    if (value === undefined) continue;
    let path = value.protocol === 'file:' ? fileURLToPath(value.href) : value;
    if (typeof path !== 'string') {
      path = join(folder(), `${name}.json`);
      writeFileSync(path, JSON.stringify(value), { mode: 0o600 });
    }
    all.push(`--${name}`, path);
  }
  if (version !== undefined) all.push('--gitlab-version', version);
  if (lag !== undefined) all.push('--lag', lag);
  for (const [name, on] of Object.entries(features)) all.push('--feature', `${name}=${on ? 'on' : 'off'}`);
  return [...all, ...flags];
}

// start starts a mock, and resolves when it is ready.
async function start(options = {}) {
  check(options);
  let folder;
  try {
    const flags = flagsOf(options, () => (folder ??= mkdtempSync(join(tmpdir(), 'statuschecks-'))));
    return await run(flags);
  } finally {
    if (folder) rmSync(folder, { recursive: true });
  }
}

async function run(flags) {
  const child = spawn(program(), flags, { stdio: ['pipe', 'pipe', 'pipe'], env: environment() });
  const exited = new Promise((resolve) => child.once('close', resolve));
  const failed = once(child, 'error').then(([error]) => {
    throw new Error(`statuschecks: the program could not be started: ${error.message}`);
  });
  failed.catch(() => {});
  const log = { text: '' };
  child.stderr.setEncoding('utf8').on('data', (text) => (log.text += text));
  child.stdin.on('error', () => {}); // it has ended already
  const lines = createInterface({ input: child.stdout });
  const ready = await Promise.race([once(lines, 'line'), exited, failed]);
  lines.close();
  if (!Array.isArray(ready)) throw new Error(`statuschecks: the mock did not start:\n${log.text}`);
  // Neither the process nor its pipes keep a test runner from ending. The mock ends with this process, as its standard
  // input does.
  for (const handle of handlesOf(child)) handle.unref();
  return new Gitlab(child, exited, JSON.parse(ready[0]), log);
}

exports.start = start;
exports.Gitlab = Gitlab;
