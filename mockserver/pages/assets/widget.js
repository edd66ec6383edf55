// The page of a merge request: the widget of status checks and the box of merge checks.
import { alert, byId, call, clearAlerts, fill, part, reason, send, spin } from './base.js';

const widget = byId('widget');
const box = byId('merge-box');
const icons = { passed: 'success', pending: 'neutral', failed: 'failed' };
const labels = { success: 'Success', neutral: 'Pending', failed: 'Failed', warning: 'Warning', spinner: 'Loading' };

function show(icon, kind) {
  icon.className = `icon ${kind}`;
  icon.setAttribute('aria-label', labels[kind]);
}

// disclose lets a button show and hide an element.
function disclose(button, element, words, then = () => {}) {
  button.addEventListener('click', () => {
    const open = button.getAttribute('aria-expanded') !== 'true';
    button.setAttribute('aria-expanded', String(open));
    const text = words[open ? 1 : 0];
    button.title = text;
    button.querySelector('.hidden-text').textContent = text;
    then(open);
  });
}

function startWidget() {
  const { project: id, iid, list, retry, masks } = widget.dataset;
  const icon = byId('widget-icon');
  const again = byId('widget-retry');
  const toggle = byId('widget-toggle');
  let timer;

  async function load() {
    clearTimeout(timer);
    show(icon, 'spinner');
    let answer;
    try {
      answer = await call('GET', fill(list, { id, merge_request_iid: iid }) + '?per_page=100');
    } catch {
      answer = { ok: false };
    }
    if (!answer.ok) {
      failed();
      return;
    }
    draw(answer.data);
    const wait = Number(answer.headers.get('Poll-Interval'));
    if (wait > 0 && answer.data.some((c) => c.status === 'pending')) timer = setTimeout(load, wait);
    refreshBox();
  }

  function failed() {
    show(icon, 'failed');
    byId('widget-title').textContent = 'Failed to load status checks';
    byId('widget-counts').replaceChildren();
    again.hidden = false;
    toggle.hidden = true;
    byId('widget-rows').hidden = true;
  }

  function draw(checks) {
    const kinds = { passed: [], pending: [], failed: [] };
    for (const c of checks) (kinds[['passed', 'approved'].includes(c.status) ? 'passed' : c.status] ?? kinds.failed).push(c);
    const { pending, failed: bad } = kinds;
    const all = kinds.passed.length > 0 && !pending.length && !bad.length;
    byId('widget-title').textContent = all ? 'Status checks all passed' : 'Status checks';
    const counts = [];
    if (bad.length) counts.push(Object.assign(document.createElement('span'), { className: 'failed-text', textContent: `${bad.length} failed` }));
    if (bad.length && pending.length) counts.push(', ');
    if (pending.length) counts.push(`${pending.length} pending`);
    byId('widget-counts').replaceChildren(...counts);
    show(icon, bad.length ? 'warning' : pending.length ? 'neutral' : 'success');
    again.hidden = true;
    toggle.hidden = false;
    byId('widget-rows').hidden = toggle.getAttribute('aria-expanded') !== 'true';
    byId('widget-list').replaceChildren(...Object.entries(kinds).flatMap(([kind, of]) => of.map((c) => row(kind, c))));
  }

  function row(kind, check) {
    const r = part('verdict');
    show(r.querySelector('.icon'), icons[kind]);
    r.querySelector('.verdict-name').textContent = check.name;
    r.querySelector('.verdict-url').textContent = check.external_url ?? '';
    r.querySelector('.verdict-id').textContent = check.id;
    if (masks === 'true') r.title = 'URL parameters are hidden for security reasons. For details of URL parameters, see the configuration for the status check service.';
    if (kind === 'failed' && retry) {
      const button = document.createElement('button');
      button.dataset.testid = 'retry-check';
      button.textContent = 'Retry';
      button.setAttribute('aria-label', `Retry ${check.name}`);
      button.addEventListener('click', () => repeat(check, button));
      r.append(button);
    }
    return r;
  }

  async function repeat(check, button) {
    clearAlerts();
    const done = spin(button);
    show(icon, 'spinner');
    let answer;
    try {
      answer = await call('POST', fill(retry, { id, merge_request_iid: iid, external_status_check_id: check.id }));
    } catch {
      answer = { ok: false, status: 0, data: 'There was no answer.' };
    }
    done();
    if (!answer.ok && answer.status !== 422) alert(reason(answer));
    await load();
  }

  disclose(toggle, byId('widget-rows'), ['Expand status checks', 'Collapse status checks'], (open) => {
    byId('widget-rows').hidden = !open;
  });
  again.addEventListener('click', async () => {
    const done = spin(again);
    await load();
    done();
  });
  setTimeout(load, 1);
}

// The box: what must hold before a merge, as GraphQL tells it.
const state = `query getStateEE($projectPath: ID!, $iid: String!) { project(fullPath: $projectPath) { id archived onlyAllowMergeIfPipelineSucceeds mergeRequest(iid: $iid) { id autoMergeEnabled commitCount detailedMergeStatus mergeError state draft diffHeadSha availableAutoMergeStrategies userPermissions { canMerge } } } }`;
const checks = `query mergeChecks($projectPath: ID!, $iid: String!) { project(fullPath: $projectPath) { mergeRequest(iid: $iid) { id userPermissions { canMerge } mergeabilityChecks { identifier status } } } }`;
const order = ['CHECKING', 'FAILED', 'WARNING', 'SUCCESS'];
const kinds = { CHECKING: 'spinner', FAILED: 'failed', WARNING: 'warning', SUCCESS: 'success' };
let interval = 5000;
let boxTimer;
let listed = [];

async function refreshBox() {
  const { graphql, path, iid } = box.dataset;
  if (!graphql || box.dataset.state === 'merged') return;
  clearTimeout(boxTimer);
  const variables = { projectPath: path, iid };
  try {
    const answer = await call('POST', graphql, [
      { operationName: 'getStateEE', variables, query: state },
      { operationName: 'mergeChecks', variables, query: checks },
    ]);
    if (answer.ok) drawBox(answer.data[0].data.project.mergeRequest, answer.data[1].data.project.mergeRequest);
  } catch {
    // it is asked again
  }
  boxTimer = setTimeout(refreshBox, interval);
  interval = Math.min(interval * 1.2, 5000 + 240000);
}

function drawBox(mr, checked) {
  if (mr.state !== box.dataset.state || mr.diffHeadSha !== box.dataset.sha) {
    location.reload(); // merged, closed or pushed meanwhile
    return;
  }
  listed = checked.mergeabilityChecks;
  const bad = listed.filter((c) => c.status === 'FAILED').length;
  const checking = ['CHECKING', 'UNCHECKED', 'PREPARING'].includes(mr.detailedMergeStatus) || listed.some((c) => c.status === 'CHECKING');
  const ready = !checking && mr.detailedMergeStatus === 'MERGEABLE';
  const may = mr.userPermissions.canMerge;
  const words = byId('merge-words');
  const strong = (text) => Object.assign(document.createElement('strong'), { textContent: text });
  let said;
  if (checking) said = ['Checking if merge request can be merged...'];
  else if (ready) said = [strong(may ? 'Ready to merge!' : 'Ready to merge by members who can write to the target branch.')];
  else said = [strong('Merge blocked:'), ` ${bad} ${bad === 1 ? 'check' : 'checks'} failed`];
  const now = said.map((s) => s.textContent ?? s).join('');
  if (words.textContent.trim() !== now.trim()) words.replaceChildren(...said);
  byId('merge-icon').className = `icon ${checking ? 'spinner' : ready ? 'success' : 'failed'}`;
  byId('merge').hidden = !(may && ready);
  byId('auto-merge').hidden = !mr.autoMergeEnabled;
  const awaits = !ready && !checking && mr.state === 'opened' && waitable(mr.detailedMergeStatus);
  byId('set-auto-merge').hidden = !(may && awaits && !mr.autoMergeEnabled);
  drawRows();
}

// waitable says whether auto-merge waits for an obstacle.
const waitable = (status) =>
  ['NOT_APPROVED', 'DRAFT_STATUS', 'DISCUSSIONS_NOT_RESOLVED', 'CI_MUST_PASS'].includes(status) ||
  (status === 'EXTERNAL_STATUS_CHECKS' && box.dataset.awaitsChecks === 'true');

function drawRows() {
  const open = byId('merge-toggle').getAttribute('aria-expanded') === 'true';
  const texts = Object.fromEntries([...byId('merge-texts').children].map((li) => [li.dataset.name, li.textContent]));
  const shown = listed
    .filter((c) => texts[c.identifier] && c.status !== 'INACTIVE' && (open || c.status === 'FAILED' || c.status === 'CHECKING'))
    .sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  byId('merge-rows').replaceChildren(...shown.map((c) => {
    const li = document.createElement('li');
    li.dataset.testid = 'merge-check';
    li.dataset.status = c.status;
    const icon = document.createElement('span');
    icon.setAttribute('role', 'img');
    show(icon, kinds[c.status]);
    li.append(icon, ' ', Object.assign(document.createElement('span'), { className: 'grow', textContent: texts[c.identifier] }));
    return li;
  }));
}

async function merge(button, more) {
  clearAlerts();
  const { project: id, iid, merge: path, sha } = box.dataset;
  const answer = await send(button, 'PUT', fill(path, { id, merge_request_iid: iid }), { sha, ...more });
  if (!answer.ok) {
    alert(reason(answer));
    return;
  }
  location.reload();
}

disclose(byId('merge-toggle'), byId('merge-rows'), ['Expand merge checks', 'Collapse merge checks'], drawRows);
byId('merge').addEventListener('click', (event) => merge(event.currentTarget, {}));
byId('set-auto-merge').addEventListener('click', (event) => merge(event.currentTarget, { [box.dataset.parameter]: true }));
if (widget) startWidget();
refreshBox();
