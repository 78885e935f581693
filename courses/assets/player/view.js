// The player's page: bar, table of contents, frame, previous and next. Knows
// nothing of SCORM. All texts come from the launch data.

/** Puts values into `{name}` places of a text. */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

/** "14 h 02", as the launch data writes times. */
export function clock(pattern, millis) {
  const date = new Date(millis);
  return fill(pattern, { h: String(date.getHours()), m: String(date.getMinutes()).padStart(2, "0") });
}

const SIGNS = { completed: "✓", incomplete: "…", none: "○" };
// What waits or fails is shown as such; the word says it too.
const TONES = { saved: "good", idle: "calm", pending: "wait", failing: "wait" };

export class View {
  constructor(document, launch, handlers) {
    this.document = document;
    this.launch = launch;
    this.handlers = handlers;
    this.rows = new Map();
    this.saveText = null;
    document.documentElement.lang = launch.lang;
    document.title = launch.title;
    this.build();
  }

  text(key, values = {}) {
    const { strings } = this.launch;
    return key in strings ? fill(strings[key], values) : key;
  }

  make(tag, attributes, ...children) {
    const element = this.document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== null) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  build() {
    const { document, launch } = this;
    const listed = launch.toc.filter((item) => item.visible !== false);
    this.several = listed.filter((item) => item.href !== null).length > 1;
    this.contentsButton = this.make(
      "button",
      { type: "button", class: "contents-button", "aria-expanded": "false", "aria-controls": "contents", onclick: () => this.toggleContents() },
      this.text("contents"),
    );
    this.screenButton = this.make("button", { type: "button", class: "screen-button", onclick: () => this.toggleScreen() }, this.text("full_screen"));
    this.save = this.make("p", { class: "save", role: "status" });
    const close = this.make("button", { type: "button", onclick: () => this.handlers.close() }, this.text("close"));
    const bar = this.make("header", { class: "bar" }, this.make("h1", {}, launch.title), this.save, this.screenButton, close);
    if (this.several) bar.prepend(this.contentsButton);
    const shut = this.make("button", { type: "button", class: "shut", onclick: () => this.toggleContents(false) }, this.text("close_contents"));
    this.contents = this.make("nav", { id: "contents", class: "contents", "aria-label": this.text("contents") }, shut, this.list());
    this.frame = this.make("iframe", { class: "frame", title: launch.title, allow: "fullscreen; autoplay; clipboard-write; encrypted-media; picture-in-picture; gyroscope; accelerometer; xr-spatial-tracking", });
    this.note = this.make("p", { class: "note", role: "status", hidden: "" });
    this.panel = this.make("div", { class: "panel", hidden: "", tabindex: "-1" });
    this.previous = this.make("button", { type: "button", onclick: () => this.handlers.previous() }, this.text("previous"));
    this.next = this.make("button", { type: "button", class: "main", onclick: () => this.handlers.next() }, this.text("next"));
    this.position = this.make("p", { class: "position", role: "status" });
    const steps = this.make("footer", { class: "steps" }, this.previous, this.position, this.next);
    const work = this.make("main", { class: "work" }, this.note, this.frame, this.panel);
    document.body.append(bar, ...(this.several ? [this.contents] : []), work, ...(this.several ? [steps] : []));
    document.body.classList.toggle("alone", !this.several);
    if (launch.mode !== "normal") this.say(this.text(launch.mode));
    this.listen();
  }

  list() {
    const rows = this.launch.toc.filter((item) => item.visible !== false).map((item) => {
      const sign = this.make("span", { class: "sign", "aria-hidden": "true" });
      const word = this.make("span", { class: "word" });
      const title = this.make("span", { class: "title" }, item.title);
      const inside = [sign, title, word];
      const dead = item.href === null && item.kind !== "folder";
      if (dead) word.textContent = this.text("dead");
      const row =
        item.href === null
          ? this.make("span", { class: dead ? "folder dead" : "folder" }, title, ...(dead ? [word] : []))
          : this.make("button", { type: "button", onclick: () => this.choose(item.id) }, ...inside);
      this.rows.set(item.id, { row, sign, word });
      const line = this.make("li", {}, row);
      // An attribute would be refused by the page's own policy.
      line.style.setProperty("--depth", String(Number(item.depth) || 0));
      return line;
    });
    return this.make("ul", {}, ...rows);
  }

  listen() {
    const { document } = this;
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && document.body.classList.contains("contents-open")) this.toggleContents(false);
    });
    document.addEventListener("click", (event) => {
      const drawer = document.body.classList.contains("contents-open");
      if (drawer && !this.contents.contains(event.target) && event.target !== this.contentsButton) this.toggleContents(false);
    });
    const root = document.documentElement;
    if (!root.requestFullscreen && !root.webkitRequestFullscreen) this.screenButton.hidden = true;
    for (const name of ["fullscreenchange", "webkitfullscreenchange"]) {
      document.addEventListener(name, () => {
        this.screenButton.textContent = this.text(this.isFullScreen() ? "leave_full_screen" : "full_screen");
      });
    }
  }

  isFullScreen() {
    return Boolean(this.document.fullscreenElement || this.document.webkitFullscreenElement);
  }

  toggleScreen() {
    const { document } = this;
    const root = document.documentElement;
    const [owner, name] = this.isFullScreen()
      ? [document, document.exitFullscreen ? "exitFullscreen" : "webkitExitFullscreen"]
      : [root, root.requestFullscreen ? "requestFullscreen" : "webkitRequestFullscreen"];
    const done = owner[name]();
    // Refused by the page around: nothing is lost, the button simply has no effect.
    if (done && done.catch) done.catch(() => {});
  }

  /** On a phone the table of contents is a drawer; on a wide page it is always there. */
  toggleContents(open = !this.document.body.classList.contains("contents-open")) {
    this.document.body.classList.toggle("contents-open", open);
    this.contentsButton.setAttribute("aria-expanded", String(open));
    const target = open ? this.contents.querySelector("[aria-current]") || this.contents.querySelector("button") : this.contentsButton;
    target.focus();
  }

  choose(id) {
    if (this.document.body.classList.contains("contents-open")) this.toggleContents(false);
    this.handlers.open(id);
  }

  /** Shows which item is open and what lies before and after it. */
  current(item, index, total) {
    for (const [id, { row }] of this.rows) {
      if (id === item.id) row.setAttribute("aria-current", "page");
      else row.removeAttribute("aria-current");
    }
    this.panel.hidden = true;
    this.frame.hidden = false;
    this.frame.title = item.title;
    this.document.title = `${item.title} – ${this.launch.title}`;
    // What the content opened by itself, and is not listed, has no place.
    this.position.textContent = index < 0 ? "" : this.text("position", { n: index + 1, total });
    this.previous.disabled = index <= 0;
    this.next.disabled = index === total - 1;
  }

  /** @param completion "completed", "incomplete" or anything else */
  mark(id, completion) {
    const found = this.rows.get(id);
    if (!found) return;
    const kind = completion in SIGNS ? completion : "none";
    found.sign.textContent = SIGNS[kind];
    found.word.textContent = this.text({ completed: "done", incomplete: "in_progress", none: "not_started" }[kind]);
    found.row.dataset.completion = kind;
  }

  /** The state of saving, in words. Said again only when it changes. */
  saving(state, at) {
    const values = at === undefined ? {} : { time: clock(this.text("time"), at) };
    const text = state === "idle" ? "" : this.text(state, values);
    if (text === this.saveText) return;
    this.saveText = text;
    this.save.textContent = text;
    this.save.dataset.tone = TONES[state] || "bad";
    this.save.dataset.state = state;
  }

  say(text) {
    this.note.textContent = text;
    this.note.hidden = text === "";
  }

  /** Content of another site, which no frame of ours may show: a sentence, and its address to follow. */
  elsewhere(item, onOpen) {
    const { host } = new URL(item.href, this.document.baseURI);
    this.frame.hidden = true;
    this.panel.hidden = false;
    const link = this.make("a", { class: "main", href: item.href, target: "_blank", rel: "noopener noreferrer", onclick: onOpen }, this.text("elsewhere_open"));
    this.panel.replaceChildren(this.make("p", {}, this.text("elsewhere", { host })), link);
    this.panel.focus();
  }

  /** In the place of the activity: a sentence, and a way on if there is one. */
  rest(text, link) {
    this.frame.hidden = true;
    this.panel.hidden = false;
    this.panel.replaceChildren(this.make("p", {}, text));
    if (link) this.panel.append(this.make("a", { class: "main", href: link, target: "_top" }, this.text("close")));
    this.panel.focus();
  }
}
