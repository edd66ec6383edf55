// The drop-down in which the protected branches of a check are chosen.
import { byId, call, fill, problem } from './base.js';

const quiet = 250; // milliseconds without typing before a search

export function branchSelector(path, project) {
  const button = byId('branches');
  const panel = byId('branch-panel');
  const search = byId('branch-search');
  const list = byId('branch-list');
  const all = byId('all-branches');
  const alert = byId('branches-alert');
  let chosen = [];
  let found = [];
  let timer;
  let asked = 0;
  let changed = () => {};

  const label = () => {
    button.textContent = chosen.map((b) => b.name).join(', ') || 'All branches';
    all.setAttribute('aria-pressed', String(chosen.length === 0));
  };
  const draw = () => {
    list.replaceChildren(...found.map((branch) => {
      const item = document.createElement('li');
      const option = document.createElement('button');
      option.type = 'button';
      option.className = 'option';
      option.dataset.testid = 'branch-option';
      option.textContent = branch.name;
      option.setAttribute('aria-pressed', String(chosen.some((b) => b.id === branch.id)));
      option.addEventListener('click', () => {
        const without = chosen.filter((b) => b.id !== branch.id);
        chosen = without.length < chosen.length ? without : [...chosen, branch];
        option.setAttribute('aria-pressed', String(without.length === chosen.length - 1 && chosen.some((b) => b.id === branch.id)));
        label();
        changed();
      });
      item.append(option);
      return item;
    }));
  };
  const load = async () => {
    const mine = ++asked;
    byId('branch-loading').textContent = 'Loading…';
    try {
      const answer = await call('GET', `${fill(path, { id: project })}?per_page=100&search=${encodeURIComponent(search.value)}`);
      if (mine !== asked) return;
      if (!answer.ok) throw new Error('refused');
      found = answer.data.map(({ id, name }) => ({ id, name }));
      alert.hidden = true;
    } catch {
      if (mine !== asked) return;
      found = [];
      alert.hidden = false;
    }
    byId('branch-loading').textContent = '';
    draw();
  };
  const open = (wide) => {
    panel.hidden = !wide;
    button.setAttribute('aria-expanded', String(wide));
    if (wide) search.focus();
  };
  button.addEventListener('click', () => open(panel.hidden));
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault(); // or the dialog closes too
    event.stopPropagation();
    open(false);
    button.focus();
  });
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') event.preventDefault(); // or the form is sent
  });
  search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(load, quiet);
  });
  all.addEventListener('click', () => {
    chosen = [];
    label();
    draw();
    open(false);
    button.focus();
    changed();
  });
  return {
    onChange(f) { changed = f; },
    reset(branches) {
      chosen = branches;
      search.value = '';
      alert.hidden = true;
      problem(button, '');
      open(false);
      label();
      draw();
      return load();
    },
    check() {
      const sound = chosen.every((b) => Number.isInteger(b.id));
      problem(button, sound ? '' : 'Select a valid target branch.');
      return sound;
    },
    ids: () => chosen.map((b) => b.id),
  };
}
