// Where a browser drops our cookies, the platform's own window keeps what ties a launch to its
// login (LTI Client Side postMessages 1.0, LTI postMessage Storage 1.0).
const place = document.getElementById('lti-window');
const { action, target, origin, key, value, next } = place.dataset;
const id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join('');
const holder = window.parent === window ? window.opener : window.parent;

let over = false;
const finish = (kept) => {
  if (over) return;
  over = true;
  if (action === 'put') {
    location.replace(next);
    return;
  }
  // Nothing kept is said as well, so that it is not asked for ever.
  const form = document.getElementById('lti-again');
  form.elements.window_value.value = kept;
  form.submit();
};

addEventListener('message', ({ origin: from, data }) => {
  if (from !== origin || data?.message_id !== id || data?.subject !== `lti.${action}_data.response`) return;
  finish(data.error ? '' : String(data.value ?? ''));
});
// A platform that does not answer is not waited for; one on a slow phone is.
setTimeout(() => finish(''), holder ? 4000 : 0);
const said = { subject: `lti.${action}_data`, message_id: id, key, ...(value ? { value } : {}) };
try {
  // Only a window has a window: a name can be that of something else.
  const named = target === '_parent' ? null : holder?.frames[target];
  (named?.window ? named : holder)?.postMessage(said, origin);
} catch {
  finish('');
}
