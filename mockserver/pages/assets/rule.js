// The status checks of a branch rule, which GraphQL reads and changes.
import { alert, byId, call, isURL, part, problem, spin, toast } from './base.js';
import { secretField } from './secret.js';

const section = byId('rule');
const { graphql, path, rule, name: ruleName, changes, secrets } = section.dataset;
const drawer = byId('drawer');
const removal = byId('statusChecksDeleteModal');
const name = byId('name');
const url = byId('url');
const secret = secretField();
let edited = null;
let strict = false;
let taken = { name: '', url: '' };

const hmac = secrets === 'true' ? ' hmac' : '';
const mayMiss = changes === 'true' ? ', buildMissing: true' : '';
const read = `query getBranchRulesDetailsEE($projectPath: ID!) { project(fullPath: $projectPath) { id branchRules(first: 100${mayMiss}) { nodes { name externalStatusChecks { nodes { id name externalUrl${hmac} } } } } } }`;
const given = secrets === 'true' ? ', $sharedSecret: String' : '';
const passed = secrets === 'true' ? ', sharedSecret: $sharedSecret' : '';
const mutations = {
  create: `mutation createStatusCheck($branchRuleId: ProjectsBranchRuleID!, $name: String!, $externalUrl: String!${given}) { branchRuleExternalStatusCheckCreate(input: { branchRuleId: $branchRuleId, name: $name, externalUrl: $externalUrl${passed} }) { externalStatusCheck { id } errors } }`,
  update: `mutation updateStatusCheck($id: MergeRequestsExternalStatusCheckID!, $branchRuleId: ProjectsBranchRuleID!, $name: String!, $externalUrl: String!${given}) { branchRuleExternalStatusCheckUpdate(input: { id: $id, branchRuleId: $branchRuleId, name: $name, externalUrl: $externalUrl${passed} }) { externalStatusCheck { id } errors } }`,
  delete: 'mutation deleteStatusCheck($id: MergeRequestsExternalStatusCheckID!, $branchRuleId: ProjectsBranchRuleID!) { branchRuleExternalStatusCheckDestroy(input: { id: $id, branchRuleId: $branchRuleId }) { errors } }',
};

// ask gives the data of one GraphQL query. It fails where there are none.
async function ask(query, variables) {
  const answer = await call('POST', graphql, [{ query, variables }]);
  const [only] = answer.ok ? answer.data : [{}];
  if (!only.data || only.errors) throw new Error('refused');
  return only.data;
}

async function load() {
  try {
    const data = await ask(read, { projectPath: path });
    const found = data.project.branchRules.nodes.find((r) => r.name === ruleName);
    draw(found?.externalStatusChecks.nodes ?? []);
  } catch {
    alert('An error occurred fetching the status checks.');
  }
}

function draw(list) {
  byId('count').textContent = list.length;
  byId('rows').replaceChildren(...(list.length ? list.map(row) : [part('no-rows')]));
}

function row(check) {
  const r = part('row');
  r.querySelector('.row-name').textContent = check.name;
  r.querySelector('.row-url').textContent = check.externalUrl;
  const [edit, remove] = r.querySelectorAll('button');
  edit.setAttribute('aria-label', `Edit ${check.name}`);
  remove.setAttribute('aria-label', `Delete ${check.name}`);
  edit.hidden = changes !== 'true';
  remove.hidden = changes !== 'true';
  edit.addEventListener('click', () => open(check));
  remove.addEventListener('click', () => {
    edited = check;
    byId('delete-name').textContent = check.name;
    removal.showModal();
    byId('cancel-delete').focus();
  });
  return r;
}

function open(check) {
  edited = check;
  strict = false;
  taken = { name: '', url: '' };
  byId('drawer-title').textContent = check ? 'Edit status check' : 'Add status check';
  byId('drawer-alert').replaceChildren();
  name.value = check?.name ?? '';
  url.value = check?.externalUrl ?? '';
  problem(name, '');
  problem(url, '');
  secret.reset(check?.hmac);
  drawer.showModal();
  name.focus();
}

function valid() {
  problem(name, name.value.trim() === '' ? 'Please provide a name.' : taken.name);
  problem(url, isURL(url.value) ? taken.url : 'Please provide a valid URL.');
  return [name.value.trim() !== '', isURL(url.value), secret.check()].every(Boolean);
}

function drawerAlert(text) {
  const box = Object.assign(document.createElement('div'), { className: 'alert' });
  box.setAttribute('role', 'alert');
  const dismiss = Object.assign(document.createElement('button'), { type: 'button', className: 'icon-button', textContent: '✕' });
  dismiss.setAttribute('aria-label', 'Dismiss');
  dismiss.addEventListener('click', () => box.remove());
  box.append(Object.assign(document.createElement('span'), { textContent: text }), dismiss);
  byId('drawer-alert').replaceChildren(box);
}

async function save() {
  strict = true;
  taken = { name: '', url: '' };
  if (!valid()) {
    drawer.querySelector('[aria-invalid=true]')?.focus();
    return;
  }
  if (edited && edited.name === name.value && edited.externalUrl === url.value && !secret.touched()) {
    drawer.close();
    toast('No changes were made to the status check.');
    return;
  }
  const kind = edited ? 'update' : 'create';
  const variables = { branchRuleId: rule, name: name.value, externalUrl: url.value };
  if (edited) variables.id = edited.id;
  if (secret.touched()) variables.sharedSecret = secret.value(); // or GitLab clears the secret that is there
  const done = spin(byId('save'));
  let errors;
  try {
    errors = Object.values(await ask(mutations[kind], variables))[0].errors;
  } catch {
    done();
    drawerAlert(`Unable to ${kind} status check. Please try again.`);
    return;
  }
  done();
  if (errors.length) {
    refused(errors);
    return;
  }
  drawer.close();
  toast(edited ? 'Status check updated' : 'Status check created');
  await load();
}

function refused(errors) {
  if (errors.includes('Name has already been taken')) taken.name = 'Name already exists.';
  if (errors.includes('External url has already been taken')) taken.url = 'External API is already in use.';
  if (taken.name || taken.url) valid();
  else drawerAlert(errors.join(', '));
}

async function remove() {
  const done = spin(byId('confirm-delete'));
  let gone = false;
  try {
    const [{ errors }] = Object.values(await ask(mutations.delete, { id: edited.id, branchRuleId: rule }));
    gone = errors.length === 0;
  } catch {
    // it is said below
  }
  done();
  removal.close();
  if (!gone) {
    alert('Unable to delete status check. Please try again.');
    return;
  }
  toast('Status check deleted');
  await load();
}

drawer.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault();
  if (!byId('save').disabled) save();
});
removal.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault();
  remove();
});
drawer.addEventListener('input', () => strict && valid());
byId('cancel').addEventListener('click', () => drawer.close());
byId('cancel-delete').addEventListener('click', () => removal.close());
byId('override')?.addEventListener('click', () => strict && valid());
byId('add')?.addEventListener('click', () => open(null));
load();
