// Small comforts over pages that work without them: one module, no build step,
// one request. Each part finds what it serves by a data attribute and leaves
// the rest alone; `enhance` serves a page, then whatever is swapped into it.

// ---- Small parts ----

/** Elements under `root` that match, `root` itself included. */
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Puts the focus on the summary of errors: `autofocus` does not after a swap. */
function focusErrors(root) {
  root.querySelector("[data-error-summary]")?.focus();
}

/** The button that shows a password exists only where it can work. */
function passwords(root) {
  for (const button of all("[data-show-password]", root)) {
    const input = document.getElementById(button.dataset.showPassword);
    const show = button.textContent;
    button.hidden = false;
    button.addEventListener("click", () => {
      const hidden = input.type === "password";
      input.type = hidden ? "text" : "password";
      button.setAttribute("aria-pressed", String(hidden));
      button.textContent = hidden ? button.dataset.hide : show;
    });
    // A password sent in clear type would be remembered as ordinary text.
    input.form?.addEventListener("submit", () => { input.type = "password"; });
  }
}

/** Confirmations in place: the sentence is read when it unfolds, Escape folds it. */
function confirmations(root) {
  for (const details of all("details[data-confirm]", root)) {
    const summary = details.querySelector("summary");
    const close = () => {
      details.open = false;
      summary.focus();
    };
    details.addEventListener("toggle", () => {
      if (details.open) details.querySelector(".confirm-sentence").focus();
    });
    details.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && details.open) close();
    });
    const cancel = details.querySelector("[data-cancel]");
    cancel.hidden = false;
    cancel.addEventListener("click", close);
  }
}

/** Unfolded menus fold on Escape and on a press elsewhere. */
function menus() {
  const open = () => all("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  // What is open covers what comes after it: it folds when the keyboard has gone past.
  document.addEventListener("focusin", ({ target }) => {
    for (const menu of open()) if (!menu.contains(target)) menu.open = false;
    const nav = document.querySelector(".site-nav:popover-open");
    if (nav && !nav.contains(target) && !target.matches("[popovertarget]")) nav.hidePopover();
  });
}

/** Dialogs open over the page; their link shows them in place otherwise. */
function dialogs(root) {
  for (const opener of all("[data-dialog]", root)) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (!dialog?.showModal) continue;
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
    for (const link of all("[data-close]", dialog)) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        dialog.close();
        opener.focus();
      });
    }
  }
}

// ---- Forms ----
// Nothing typed is lost. `data-guard` warns before leaving a changed form;
// `data-draft="key"` also keeps what was typed in this browser, and offers it
// back after a closed tab or a lost network. Passwords, hidden values and files
// are never kept. Signing out (`data-forget-drafts`) erases every draft.

const PREFIX = "passerelle-draft:";
const KEPT_FOR = 7 * 24 * 3600 * 1000;

const words = () => document.getElementById("words")?.dataset ?? {};
const changed = new Set();
let sending = false;

const kept = (control) =>
  control.name && !control.disabled && !["password", "file", "hidden", "submit", "button"].includes(control.type);

/** What the form says now, as pairs, in the order of its controls. */
function answers(form) {
  const pairs = [];
  for (const control of form.elements) {
    if (!kept(control)) continue;
    const box = control.type === "checkbox" || control.type === "radio";
    if (box) pairs.push([control.name, control.value, control.checked]);
    else if (control.multiple) for (const option of control.options) pairs.push([control.name, option.value, option.selected]);
    else pairs.push([control.name, control.value]);
  }
  return pairs;
}

/** Puts answers back; a control that is no longer there is passed over. */
function restore(form, pairs) {
  const used = new Map();
  for (const [name, value, on] of pairs) {
    const controls = [...form.elements].filter((control) => control.name === name && kept(control));
    if (on === undefined) {
      const at = used.get(name) ?? 0;
      used.set(name, at + 1);
      if (controls[at]) controls[at].value = value;
    } else if (controls[0]?.options) {
      for (const option of controls[0].options) if (option.value === value) option.selected = on;
    } else {
      for (const control of controls) if (control.value === value) control.checked = on;
    }
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Local storage may be full or forbidden: then there is no draft, no more. */
const store = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(PREFIX + key));
    } catch {
      return null;
    }
  },
  write(key, draft) {
    try {
      localStorage.setItem(PREFIX + key, JSON.stringify(draft));
    } catch {
      // Nothing to tell: the form itself still holds what was typed.
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(PREFIX + key);
    } catch {
      // Same.
    }
  },
  keys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
    } catch {
      return [];
    }
  },
};

const keyOf = (form) => `${location.pathname}#${form.dataset.draft}`;

/** Drafts that were sent from another page arrived; old ones are forgotten. */
function sweep() {
  for (const key of store.keys()) {
    const draft = store.read(key);
    const shown = all("form[data-draft]").some((form) => keyOf(form) === key);
    const arrived = draft?.sent && !shown;
    if (!draft || arrived || Date.now() - draft.at > KEPT_FOR) store.remove(key);
  }
}

function offer(form, draft) {
  const box = document.createElement("div");
  box.className = "notice";
  box.dataset.kind = "warn";
  box.setAttribute("role", "status");
  const body = document.createElement("div");
  const text = document.createElement("p");
  text.textContent = words().draftFound;
  const row = document.createElement("p");
  row.className = "cluster";
  const button = (label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.dataset.kind = "quiet";
    made.textContent = label;
    made.addEventListener("click", () => {
      act();
      box.remove();
      form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    });
    row.append(made);
  };
  button(words().draftRestore, () => restore(form, draft.pairs));
  button(words().draftDiscard, () => store.remove(keyOf(form)));
  body.append(text, row);
  box.append(body);
  form.prepend(box);
}

function drafts(form) {
  const key = keyOf(form);
  const draft = store.read(key);
  const before = JSON.stringify(answers(form));
  if (draft) {
    if (JSON.stringify(draft.pairs) === before) store.remove(key);
    else if (!form.querySelector("[data-error-summary]")) offer(form, draft);
  }
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => store.write(key, { at: Date.now(), pairs: answers(form) }), 500);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    store.write(key, { at: Date.now(), pairs: answers(form), sent: true });
  });
}

addEventListener("beforeunload", (event) => {
  if (changed.size === 0 || sending) return;
  event.preventDefault();
  // Browsers that still show a sentence of ours.
  event.returnValue = words().unsaved ?? "";
});
// A page taken back from the browser's cache was not left after all.
addEventListener("pageshow", () => { sending = false; });

/** Guards the forms under `root`. */
function guardForms(root) {
  if (root === document) sweep();
  for (const form of root.querySelectorAll("form[data-guard], form[data-draft]")) {
    const before = JSON.stringify(answers(form));
    form.addEventListener("input", () => {
      if (JSON.stringify(answers(form)) === before) changed.delete(form);
      else changed.add(form);
    });
    form.addEventListener("submit", () => { sending = true; });
    if (form.dataset.draft) drafts(form);
  }
  for (const form of root.querySelectorAll("form[data-forget-drafts]")) {
    form.addEventListener("submit", () => store.keys().forEach(store.remove));
  }
}

// ---- Tables ----
// Arrows move from cell to cell in tables marked `data-keys`: up and down a
// column, left and right a row, Home and End to the ends. The table stays a
// table for screen readers, which have their own keys for that. On a board
// (`data-beside`) a cell opens its detail beside without leaving the page.

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const FOCUSABLE = "a[href], button:not([disabled]), summary";

/** The cell at that place, counting cells that span several columns. */
function cellAt(row, column) {
  let at = 0;
  for (const cell of row.cells) {
    at += cell.colSpan;
    if (column < at) return cell;
  }
  return null;
}

function columnOf(cell) {
  let at = 0;
  for (const other of cell.parentElement.cells) {
    if (other === cell) return at;
    at += other.colSpan;
  }
  return at;
}

/** What takes the focus in a cell: its link, or the cell itself. */
function target(cell) {
  const inside = cell.querySelector(FOCUSABLE);
  if (inside) return inside;
  cell.tabIndex = -1;
  return cell;
}

function onKey(table, event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const cell = event.target.closest("td, th");
  if (!cell) return;
  const row = cell.parentElement;
  let next = null;
  if (event.key === "Home") next = row.cells[0];
  else if (event.key === "End") next = row.cells[row.cells.length - 1];
  else if (STEPS[event.key]) {
    const [down, right] = STEPS[event.key];
    const rows = [...table.rows];
    if (right) next = row.cells[cell.cellIndex + right];
    else {
      const to = rows[rows.indexOf(row) + down];
      next = to ? cellAt(to, columnOf(cell)) : null;
    }
  } else return;
  event.preventDefault();
  if (!next) return;
  const goal = target(next);
  goal.focus({ preventScroll: true });
  // Sticky headers would hide what the browser believes in view.
  next.scrollIntoView({ block: "center", inline: "center" });
}

/** Opens the detail of a cell beside the board, from the page it leads to. */
async function openBeside(link, table) {
  const place = table.closest(".with-aside");
  const answer = await fetch(link.href, { headers: { accept: "text/html" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const detail = page.getElementById("beside");
  if (!place || !detail) throw new Error("no detail in the page");
  document.getElementById("beside")?.remove();
  place.append(detail);
  history.replaceState(null, "", link.href);
  mark(table, link);
  enhance(detail);
  watchClose(detail, () => link);
  detail.querySelector("h2").focus();
}

function mark(table, link) {
  for (const old of table.querySelectorAll("[aria-current]")) old.removeAttribute("aria-current");
  link?.closest("tr").setAttribute("aria-current", "true");
  link?.closest("td")?.setAttribute("aria-current", "true");
}

function watchClose(detail, opener) {
  const close = detail.querySelector("[data-close-beside]");
  const shut = (event) => {
    const table = document.querySelector("table[data-beside]");
    const back = opener() ?? table?.querySelector("td[aria-current] a") ?? table?.querySelector("tr[aria-current] a");
    event.preventDefault();
    history.replaceState(null, "", close.href);
    detail.remove();
    if (table) mark(table, null);
    back?.focus();
  };
  close?.addEventListener("click", shut);
  detail.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.target.closest("details[data-confirm][open]")) shut(event);
  });
}

/** Gives arrows to the tables under `root`. */
function moveInTables(root) {
  for (const hint of root.querySelectorAll("[data-keys-hint]")) hint.hidden = false;
  for (const table of root.querySelectorAll("table[data-keys]")) {
    table.addEventListener("keydown", (event) => onKey(table, event));
  }
  for (const table of root.querySelectorAll("table[data-beside]")) {
    table.addEventListener("click", (event) => {
      const link = event.target.closest("tbody a");
      const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
      if (!link || !plain || !link.search) return;
      event.preventDefault();
      // Whatever fails, the link itself still leads to the detail.
      openBeside(link, table).catch(() => { location.href = link.href; });
    });
  }
  const detail = root === document ? document.getElementById("beside") : null;
  if (detail) watchClose(detail, () => null);
  // From an address that names it, one comes to read the detail: Escape then leads to its cell.
  if (detail && location.hash === "#beside") detail.querySelector("h2").focus();
}

// ---- Sending a file ----
// A form that sends a file shows how far it is. The same form, the same
// address and the same answer as without scripts: this only counts.

/** Shows the page that answered, in place of the form that was sent. */
function show(request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const main = page.querySelector("main");
  if (!main) return false;
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  enhance(main);
  return true;
}

function send(form) {
  const panel = form.querySelector("[data-upload-progress]");
  const text = panel.querySelector("[data-upload-words]");
  const bar = panel.querySelector("progress");
  const stop = panel.querySelector("[data-upload-stop]");
  const buttons = form.querySelectorAll("button[type=submit]");
  const request = new XMLHttpRequest();
  const warn = (event) => event.preventDefault();
  let told = -1;

  const end = (message) => {
    removeEventListener("beforeunload", warn);
    for (const button of buttons) button.disabled = false;
    stop.hidden = true;
    if (message) text.textContent = message;
  };
  // Announced every tenth only: a screen reader reads each change.
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    const percent = Math.floor((event.loaded * 100) / event.total);
    bar.value = percent;
    if (Math.floor(percent / 10) > told) {
      told = Math.floor(percent / 10);
      text.textContent = panel.dataset.sending.replace("%percent", percent);
    }
  });
  request.upload.addEventListener("load", () => {
    bar.removeAttribute("value");
    text.textContent = panel.dataset.checking;
  });
  request.addEventListener("load", () => {
    end();
    const moved = request.responseURL && request.responseURL !== new URL(form.action, location.href).href;
    if (moved && request.status < 400) location.assign(request.responseURL);
    else if (!show(request)) text.textContent = panel.dataset.failed;
  });
  request.addEventListener("error", () => end(panel.dataset.failed));
  request.addEventListener("abort", () => end(panel.dataset.stopped));
  stop.onclick = () => request.abort();

  // The values are read before the buttons are closed.
  const body = new FormData(form);
  for (const button of buttons) button.disabled = true;
  panel.hidden = false;
  stop.hidden = false;
  bar.value = 0;
  text.textContent = panel.dataset.sending.replace("%percent", 0);
  addEventListener("beforeunload", warn);
  request.open("POST", form.action);
  request.setRequestHeader("accept", "text/html");
  request.send(body);
}

/** Counts for the forms under `root`. */
function uploadForms(root) {
  for (const form of root.querySelectorAll("form[data-upload]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
}

// ---- All of it ----

/** Everything a part of the page needs; called again on what is swapped in. */
function enhance(root = document) {
  passwords(root);
  confirmations(root);
  dialogs(root);
  guardForms(root);
  moveInTables(root);
  uploadForms(root);
  focusErrors(root);
}

menus();
enhance();
