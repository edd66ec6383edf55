// The field for the shared secret of a check, which never shows the present one.
import { byId, problem } from './base.js';

const help = {
  none: 'Provide a shared secret. This secret is used to authenticate requests for a status check using HMAC.',
  kept: 'A secret is currently configured for this status check.',
  changed: 'Enter a new value to overwrite the current secret.',
};

// secretField controls the field; has says whether the check has a secret.
export function secretField() {
  const input = byId('secret');
  if (!input) return { reset() {}, check: () => true, value: () => undefined, touched: () => false };
  const override = byId('override');
  let state = 'none';
  const show = (now) => {
    state = now;
    input.disabled = now === 'kept';
    input.placeholder = now === 'kept' ? '••••••' : '';
    override.hidden = now === 'none';
    override.disabled = now === 'changed';
    override.title = now === 'kept' ? help.changed : '';
    byId('secret-help').textContent = help[now];
  };
  override.addEventListener('click', () => {
    show('changed');
    input.focus();
  });
  return {
    reset(has) {
      input.value = '';
      problem(input, '');
      show(has ? 'kept' : 'none');
    },
    check() {
      let text = '';
      if (state === 'changed' && input.value === '') text = 'Please provide a shared secret.';
      if (input.value.length > 255) text = 'Shared secret cannot be longer than 255 characters.';
      problem(input, text);
      return text === '';
    },
    value: () => (state === 'kept' ? undefined : input.value),
    touched: () => state === 'changed' || input.value !== '',
    state: () => state,
  };
}
