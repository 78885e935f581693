// Posts the one-time code to the content host and listens for the way out.

const form = document.getElementById("launch-form");
if (form) {
  const { origin, back } = form.dataset;
  const frame = document.querySelector("iframe[name=player]");
  window.addEventListener("message", (event) => {
    if (event.origin !== origin || event.source !== frame.contentWindow) return;
    if (event.data && event.data.passerelle === "exit") window.location.assign(back);
  });
  // The player keeps the origin of its host. Not the empty page before it, whose origin is ours.
  frame.sandbox.add("allow-same-origin");
  form.submit();
}
