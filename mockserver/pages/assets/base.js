// What all pages need: calls of the API as the person who is signed in, alerts, toasts and parts of a page.

const token = document.querySelector('meta[name=csrf-token]').content;
export const byId = (id) => document.getElementById(id);

// call sends a request with a JSON body, if there is one. It fails where there is no answer.
export async function call(method, path, body) {
  const headers = { 'X-CSRF-Token': token, Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const response = await fetch(path, { method, headers, credentials: 'same-origin', body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await response.text();
  let data = null;
  try {
    data = text === '' ? null : JSON.parse(text);
  } catch {
    data = text;
  }
  return { ok: response.ok, status: response.status, headers: response.headers, data };
}

// fill puts values into the path of an operation.
export const fill = (path, values) => path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name] ?? ''));

// reason is what an answer says of why it is a refusal.
export function reason(answer) {
  const message = answer.data?.message ?? answer.data?.error ?? answer.data;
  if (Array.isArray(message)) return message.join(', ');
  if (message && typeof message === 'object') {
    return Object.entries(message).map(([name, texts]) => `${name} ${[texts].flat().join(', ')}`).join('; ');
  }
  const problems = answer.data?.problems;
  return `${message || `The answer has the status ${answer.status}.`}${problems?.length ? ` (${problems.join('; ')})` : ''}`;
}

// alert shows a text on top of the page, to be dismissed.
export function alert(text, kind = '') {
  const box = document.createElement('div');
  box.className = `alert ${kind}`;
  box.dataset.testid = 'alert';
  const words = document.createElement('span');
  words.textContent = text;
  const dismiss = document.createElement('button');
  dismiss.textContent = '✕';
  dismiss.setAttribute('aria-label', 'Dismiss');
  dismiss.className = 'icon-button';
  dismiss.addEventListener('click', () => box.remove());
  box.append(words, dismiss);
  byId('alerts').replaceChildren(box);
  box.scrollIntoView({ block: 'nearest' });
}

export const clearAlerts = () => byId('alerts').replaceChildren();

// announce tells those who do not see the page.
export function announce(text) {
  byId('announcer').textContent = text;
}

// toast shows a text for a while.
export function toast(text) {
  const box = document.createElement('div');
  box.className = 'toast';
  box.dataset.testid = 'toast';
  box.textContent = text;
  document.body.append(box);
  announce(text);
  setTimeout(() => box.remove(), 5000);
}

// spin shows in a button that what it asked for is under way; it gives what ends that.
export function spin(button) {
  const spinner = document.createElement('span');
  spinner.className = 'icon spinner';
  spinner.setAttribute('aria-hidden', 'true');
  button.disabled = true;
  button.prepend(spinner, ' ');
  return () => {
    button.disabled = false;
    spinner.nextSibling?.remove();
    spinner.remove();
  };
}

// send makes a call for a button, which shows meanwhile that it is under way. No answer is one with status 0.
export async function send(button, method, path, body) {
  const done = spin(button);
  try {
    return await call(method, path, body);
  } catch {
    return { ok: false, status: 0, data: 'There was no answer.' };
  } finally {
    done();
  }
}

// part is a copy of a template's only element.
export const part = (id) => byId(id).content.firstElementChild.cloneNode(true);

// problem shows what is wrong with a field, or that nothing is.
export function problem(field, text) {
  const place = byId(`${field.id}-problem`);
  place.textContent = text;
  place.hidden = text === '';
  if (text) field.setAttribute('aria-invalid', 'true');
  else field.removeAttribute('aria-invalid');
}

// isURL says whether a text is an http or https URL.
export function isURL(text) {
  try {
    return ['http:', 'https:'].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}
