// The list of status checks in a project's settings, with its dialogs.
import { alert, announce, byId, call, clearAlerts, fill, isURL, part, problem, reason, send } from './base.js';
import { branchSelector } from './branches.js';
import { secretField } from './secret.js';

const section = byId('status-checks');
if (section) start();

function start() {
  const { project: id, list, create, update, delete: destroy, branches: branchPath } = section.dataset;
  const dialog = byId('check-dialog');
  const removal = byId('status-checks-delete-modal');
  const name = byId('name');
  const url = byId('url');
  const branches = branchSelector(branchPath, id);
  const secret = secretField();
  let edited = null; // the check in the dialog; null for a new one
  let strict = false; // whether fields are checked while somebody types
  let taken = { name: '', url: '' }; // what the server has said

  async function load() {
    let answer;
    try {
      answer = await call('GET', `${fill(list, { id })}?per_page=100`);
    } catch {
      answer = { ok: false };
    }
    if (answer.ok) draw(answer.data);
    else alert('An error occurred fetching the status checks.');
  }

  function draw(checks) {
    byId('count').textContent = checks.length;
    byId('rows').replaceChildren(...(checks.length ? checks.map(row) : [part('no-rows')]));
  }

  function row(check) {
    const r = part('row');
    const [first, second, third, ...rest] = r.cells;
    first.textContent = check.name;
    second.textContent = check.external_url;
    const names = check.protected_branches.map((b) => b.name).join(', ');
    if (names) third.append(Object.assign(document.createElement('code'), { textContent: names }));
    else third.textContent = 'All branches';
    if (rest.length > 1 && check.hmac) rest[0].append(part('hmac'));
    r.querySelector('[data-testid=edit-btn]').addEventListener('click', () => open(check));
    r.querySelector('[data-testid=delete-btn]').addEventListener('click', () => ask(check));
    return r;
  }

  function open(check) {
    edited = check;
    strict = false;
    taken = { name: '', url: '' };
    const title = check ? 'Update status check' : 'Add status check';
    byId('check-title').textContent = title;
    byId('save').textContent = title;
    byId('form-alert').hidden = true;
    name.value = check?.name ?? '';
    url.value = check?.external_url ?? '';
    problem(name, '');
    problem(url, '');
    secret.reset(check?.hmac);
    branches.reset((check?.protected_branches ?? []).map(({ id, name }) => ({ id, name })));
    dialog.showModal();
    name.focus();
  }

  function valid() {
    const texts = {
      name: name.value === '' ? 'Please provide a name.' : taken.name,
      url: isURL(url.value) ? taken.url : 'Please provide a valid URL.',
    };
    problem(name, texts.name);
    problem(url, texts.url);
    const own = [name.value !== '', isURL(url.value), branches.check(), secret.check()];
    return own.every(Boolean);
  }

  async function save() {
    strict = true;
    taken = { name: '', url: '' };
    byId('form-alert').hidden = true;
    if (!valid()) {
      dialog.querySelector('[aria-invalid=true]')?.focus();
      return;
    }
    const body = { name: name.value, external_url: url.value, protected_branch_ids: branches.ids() };
    const value = secret.value();
    if (value !== undefined) body.shared_secret = value;
    const answer = edited
      ? await send(byId('save'), 'PUT', fill(update, { id, check_id: edited.id }), body)
      : await send(byId('save'), 'POST', fill(create, { id }), body);
    if (answer.ok) {
      dialog.close();
      await load();
      announce(edited ? 'The status check is updated.' : 'The status check is added.');
      return;
    }
    refused(answer);
  }

  function refused(answer) {
    const messages = Array.isArray(answer.data?.message) ? answer.data.message : [];
    if (messages.includes('Name has already been taken')) taken.name = 'Name is already taken.';
    if (messages.includes('External url has already been taken')) {
      taken.url = 'The specified external API is already in use by another status check.';
    }
    if (taken.name || taken.url) {
      valid();
      dialog.querySelector('[aria-invalid=true]')?.focus();
      return;
    }
    byId('form-alert').textContent = reason(answer);
    byId('form-alert').hidden = false;
  }

  function ask(check) {
    edited = check;
    byId('delete-name').textContent = check.name;
    removal.showModal();
    byId('cancel-delete').focus();
  }

  async function remove() {
    clearAlerts();
    const answer = await send(byId('confirm-delete'), 'DELETE', fill(destroy, { id, check_id: edited.id }));
    removal.close();
    if (!answer.ok) {
      alert(`An error occurred deleting the ${edited.name} status check.`);
      return;
    }
    await load();
    announce('The status check is deleted.');
  }

  dialog.querySelector('form').addEventListener('submit', (event) => {
    event.preventDefault();
    if (!byId('save').disabled) save();
  });
  removal.querySelector('form').addEventListener('submit', (event) => {
    event.preventDefault();
    remove();
  });
  dialog.addEventListener('input', () => strict && valid());
  branches.onChange(() => strict && valid());
  byId('cancel').addEventListener('click', () => dialog.close());
  byId('cancel-delete').addEventListener('click', () => removal.close());
  byId('override')?.addEventListener('click', () => strict && valid());
  byId('add').addEventListener('click', () => open(null));
  load();
}
