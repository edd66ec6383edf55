// The workbench: buttons that call the control surface, lists that follow what happens, copying and checking.
import { alert, announce, byId, call, clearAlerts, reason, send } from './base.js';

const token = document.querySelector('meta[name=csrf-token]').content;

// reload fetches the page once more and puts the part that lives in place of the present one.
function reload() {
  if (byId('list').querySelector('details[open]')) return Promise.resolve(); // somebody reads
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('GET', location.href);
    request.responseType = 'document';
    request.addEventListener('loadend', () => {
      const fresh = request.response?.getElementById('list');
      if (fresh) {
        const focused = document.activeElement?.closest('#list') ? document.activeElement.getAttribute('href') : null;
        byId('list').replaceWith(document.importNode(fresh, true));
        if (focused) [...byId('list').querySelectorAll('a')].find((a) => a.getAttribute('href') === focused)?.focus();
      }
      resolve();
    });
    request.send();
  });
}

// refresh shows what an action has changed.
function refresh(said) {
  if (said) sessionStorage.setItem('said', said);
  location.reload();
}

async function act(button, source, body) {
  clearAlerts();
  if (source.dataset.ask && !confirm(source.dataset.ask)) return;
  const answer = await send(button, source.dataset.method, source.dataset.call, body);
  if (!answer.ok) {
    alert(reason(answer));
    return;
  }
  if (source.dataset.then) {
    location.assign(source.dataset.then + answer.data.id);
    return;
  }
  refresh(source.dataset.done);
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (button?.dataset.call) act(button, button, button.dataset.body ? JSON.parse(button.dataset.body) : undefined);
  if (button?.dataset.copy) copy(button);
});

for (const form of document.querySelectorAll('form[data-call]')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    let body;
    if (form.dataset.json) {
      try {
        body = JSON.parse(byId(form.dataset.json).value);
      } catch (wrong) {
        alert(`This is not JSON: ${wrong.message}`);
        return;
      }
    } else {
      body = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));
    }
    act(form.querySelector('button'), form, body);
  });
}

async function copy(button) {
  const text = byId(button.dataset.copy).textContent;
  try {
    await navigator.clipboard.writeText(text);
    announce('Copied.');
    const words = button.firstChild;
    const before = words.textContent;
    words.textContent = 'Copied';
    setTimeout(() => (words.textContent = before), 1500);
  } catch {
    getSelection().selectAllChildren(byId(button.dataset.copy));
    alert('The browser does not let this page copy. The text is selected; copy it yourself.');
  }
}

// follow reads the journal as it grows, and shows the list anew, at most once in a while.
async function follow(live) {
  const pause = 500; // milliseconds
  let planned = false;
  const changed = () => {
    if (planned || !live.checked) return;
    planned = true;
    setTimeout(async () => {
      await reload();
      planned = false;
    }, pause);
  };
  live.addEventListener('change', changed);
  let next = live.dataset.next;
  for (;;) {
    try {
      const response = await fetch(`${live.dataset.stream}?since=${next}`, {
        headers: { Accept: 'text/event-stream', 'X-CSRF-Token': token },
        credentials: 'same-origin',
      });
      if (!response.ok) return;
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ''; ; ) {
        const { value, done } = await reader.read();
        if (done) break;
        const lines = (rest + value).split('\n');
        rest = lines.pop();
        for (const line of lines) {
          if (!line.startsWith('id: ')) continue;
          next = Number(line.slice(4)) + 1;
          changed();
        }
      }
    } catch {
      // the mock is gone, or the page is
    }
    await new Promise((resolve) => setTimeout(resolve, 3000));
  }
}

// verify makes the signature of the exact bytes with a secret, and compares.
async function verify(event) {
  event.preventDefault();
  const answer = await call('GET', event.target.dataset.delivery);
  const bytes = (text) => new TextEncoder().encode(text);
  let text;
  if (!answer.ok) text = reason(answer);
  else if (!crypto.subtle) text = 'The browser offers no cryptography at this address; open the page at 127.0.0.1.';
  else if (byId('verify-secret').value === '') text = 'Please provide a shared secret.';
  else {
    const key = await crypto.subtle.importKey('raw', bytes(byId('verify-secret').value), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    const made = [...new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes(answer.data.body)))];
    const hex = made.map((b) => b.toString(16).padStart(2, '0')).join('');
    text = hex === answer.data.signature ? 'The signature is right.' : `The signature is another one: this secret makes ${hex}.`;
  }
  byId('verified').textContent = text;
}

byId('verify')?.addEventListener('submit', verify);
const said = sessionStorage.getItem('said');
if (said) {
  sessionStorage.removeItem('said');
  alert(said, 'good');
}
const live = byId('live');
if (live) follow(live);
