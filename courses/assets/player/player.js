// The player: opens the items of a launch one after another, gives each SCO
// its API, keeps what it commits, and leaves. Runs on the content host, in a
// page that holds `<script type="application/json" id="launch">`. README.md
// says what that is and how commits are answered.
//
// Sequencing (SCORM 2004 SN) is not here: `wish()` is where its decisions will
// come in, from the server.

import { Cmi } from "./cmi.js";
import { Queue } from "./queue.js";
import { CallRing, Runtime } from "./runtime.js";
import { nextSession, withQueued } from "./session.js";
import { takeOver } from "./storage.js";
import { View } from "./view.js";
import { Windows } from "./windows.js";

const AUTO_COMMIT = 60000;
/** Scripts that run while a page goes say more after its end than is worth a word. */
const LAST_WORDS = 2000;
const BLANK = "about:blank";
const STATUS = { "1.2": "cmi.core.lesson_status", 2004: "cmi.completion_status" };

/** The three states that the table of contents shows. */
function completionOf(status) {
  if (status === "completed" || status === "passed" || status === "failed") return "completed";
  return status === "incomplete" || status === "browsed" ? "incomplete" : "none";
}

/** What is listed of the items that can be opened; everything, where nothing is. */
function stepsOf(leaves) {
  const listed = leaves.filter((item) => item.visible !== false);
  return listed.length > 0 ? listed : leaves;
}

export class Player {
  constructor(window, launch, description) {
    Object.assign(this, { window, launch, description });
    /** What can be opened, and what is listed of it: the rest is for the content to ask for. */
    this.leaves = launch.toc.filter((item) => item.href !== null);
    this.steps = stepsOf(this.leaves);
    this.ring = new CallRing(() => Date.now());
    this.sessions = new Map();
    this.running = null;
    /** Place among the steps of the item shown last; -1 when it is not listed. */
    this.at = 0;
    /** A page whose session has ended wants more to be kept: what the bar says then stays. */
    this.deaf = false;
    this.opening = Promise.resolve();
    this.leaving = false;
    this.view = new View(window.document, launch, {
      open: (id) => this.open(id),
      previous: () => this.step(-1),
      next: () => this.step(1),
      close: () => this.close(),
    });
    this.windows = new Windows(() => this.view.frame.contentWindow, () => this.blocked());
    this.queue = this.makeQueue();
    this.earlier = this.queue.items.slice();
    for (const item of this.leaves) this.view.mark(item.id, item.completion);
  }

  makeQueue() {
    const { window, launch } = this;
    let storage = null;
    try {
      storage = window.localStorage;
    } catch (error) {
      // Forbidden here: every write fails, and the queue says so.
    }
    return new Queue({
      attempt: launch.attempt,
      launch: launch.launch,
      token: launch.token,
      url: launch.commit_url,
      nextSeq: launch.next_seq,
      storage,
      fetch: (url, options) => window.fetch(url, options),
      beacon: (url, body) => window.navigator.sendBeacon(url, new window.Blob([body], { type: "text/plain" })),
      timers: { set: (work, wait) => window.setTimeout(work, wait), clear: (timer) => window.clearTimeout(timer) },
      random: () => Math.random(),
      now: () => Date.now(),
      onState: (state, at) => { if (!this.deaf) this.view.saving(state, at); },
      onRefused: () => this.view.say(this.view.text("refused")),
      gone: () => window.closed,
    });
  }

  start() {
    const { window } = this;
    window.addEventListener("online", () => this.queue.retry());
    window.addEventListener("pageshow", () => this.returned());
    window.addEventListener("pagehide", () => this.gone());
    window.document.addEventListener("visibilitychange", () => {
      if (window.document.visibilityState !== "hidden") return this.returned();
      // On a phone this may be the last thing that is ever heard.
      this.queue.holding = true;
      this.keepPlace();
      this.queue.leave();
      this.queue.holding = this.leaving;
      return undefined;
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.queue.fragile) event.preventDefault();
    });
    this.view.frame.addEventListener("load", () => this.windows.watch());
    window.setInterval(() => this.keep(false), AUTO_COMMIT);
    if (this.queue.forbidden && this.launch.mode === "normal") this.view.say(this.view.text("unkept"));
    if (this.queue.pending > 0) this.view.saving("pending");
    this.queue.send();
    const first = this.leaves.find((item) => item.id === this.launch.current) || this.leaves[0];
    if (first) this.open(first.id);
    else this.view.rest(this.view.text("empty"), this.launch.exit_url);
  }

  /** Where the person stopped: work that had not left this device knows it better than the server. */
  first() {
    const { leaves, earlier, launch } = this;
    const named = (id) => leaves.find((item) => item.id === id);
    const queued = earlier.length > 0 ? named(earlier[earlier.length - 1].sco) : undefined;
    return queued || named(launch.current) || this.steps[0] || leaves[0];
  }

  returned() {
    if (this.untell) this.untell();
    this.untell = null;
    this.leaving = false;
    this.queue.holding = false;
    this.queue.retry();
  }

  /**
   * The page goes, and this page hears it before the SCO in it does: what is
   * changed leaves now, the end is the SCO's to say, and it is still heard. If
   * it does not say it in time the session was cut off, and is resumed.
   */
  gone() {
    this.leaving = true;
    this.queue.holding = true;
    this.keepPlace();
    this.queue.leave();
    // Windows of the content outlive the page that keeps their work.
    this.untell = this.windows.tell(this.view.text("orphaned"));
  }

  /** Keeps what is changed and, of a session that never said anything, that it was: one resumes there. */
  keepPlace() {
    const { running } = this;
    const silent = Boolean(running && running.runtime && running.runtime.state === "running" && !running.told);
    this.keep(false, running, silent);
  }

  /** Content asked for a window and has none, or one that cannot find its way back here. */
  blocked() {
    this.view.say(this.view.text(this.launch.window === "own" ? "blocked" : "blocked_frame"));
  }

  /**
   * A page that ended its session wants more to be kept. It was told "false";
   * the person must not read "saved".
   */
  unheard(element, running) {
    if (this.leaving || this.moving || this.running !== running) return;
    if (element !== "" && Date.now() - running.endedAt < LAST_WORDS) return;
    this.deaf = true;
    this.view.saving("unheard");
  }

  hear() {
    if (!this.deaf) return;
    this.deaf = false;
    this.view.saving(this.queue.pending > 0 ? "pending" : "idle");
  }

  step(by) {
    const item = this.steps[this.at + by];
    if (item) this.open(item.id);
  }

  /** Opens an item, after the one before has had its say. One at a time. */
  open(id) {
    const item = this.leaves.find((leaf) => leaf.id === id);
    if (!item) return this.opening;
    this.opening = this.opening.then(() => this.leave()).then(() => this.show(item));
    return this.opening;
  }

  /** Empties the frame, so that the SCO ends by itself, then ends it if it did not. */
  async leave() {
    if (!this.running) return;
    this.moving = true;
    await this.windows.close((wait) => new Promise((go) => this.window.setTimeout(go, wait)));
    this.lastWords();
    await this.blank();
    this.end();
  }

  /**
   * Some SCOs (Lectora) climb to the topmost window of their origin, which is
   * this one, and put their last words there: it stays, so they are said now.
   */
  lastWords() {
    const { window } = this;
    // It would ask on the way out.
    window.onbeforeunload = null;
    for (const name of ["onpagehide", "onunload"]) {
      const said = window[name];
      window[name] = null;
      if (typeof said !== "function") continue;
      try {
        said.call(window, new window.Event(name.slice(2)));
      } catch (error) {
        // The SCO's own fault; the others are still heard.
      }
    }
  }

  end() {
    const { running } = this;
    if (!running) return;
    if (running.runtime && running.runtime.state === "running") {
      running.runtime.state = "ended";
      this.keep(true);
    }
    if (running.cmi) {
      this.sessions.set(running.item.id, { values: Object.fromEntries(running.cmi.values), number: running.session });
      this.mark();
    }
    this.running = null;
  }

  blank() {
    const { frame } = this.view;
    return new Promise((resolve) => {
      const timer = this.window.setTimeout(resolve, 3000);
      frame.addEventListener("load", () => { this.window.clearTimeout(timer); resolve(); }, { once: true });
      this.navigate(BLANK);
    });
  }

  /** Without an entry in the history: "back" leaves the player, not the SCO. */
  navigate(href) {
    try {
      this.view.frame.contentWindow.location.replace(href);
    } catch (error) {
      // The SCO led its frame to another site.
      this.view.frame.src = href;
    }
  }

  show(item) {
    const { window, launch, description } = this;
    this.at = this.steps.indexOf(item);
    this.moving = false;
    this.hear();
    this.view.current(item, this.at, this.steps.length);
    delete window.API;
    delete window.API_1484_11;
    const before = this.sessions.get(item.id);
    const session = before ? before.number + 1 : 1;
    if (item.external) return this.lead(item, session);
    if (item.kind !== "sco") {
      this.running = { item, session, runtime: null, cmi: null };
      this.opened(item, session);
    } else {
      const { standard } = launch;
      const values = before
        ? nextSession(description, standard, before.values, true)
        : withQueued(description, standard, item.state, this.earlier.filter((queued) => queued.sco === item.id));
      this.running = this.begin(item, session, values);
      window[standard === "2004" ? "API_1484_11" : "API"] = this.running.runtime.api();
    }
    this.navigate(item.href);
    this.view.frame.focus();
    return undefined;
  }

  /** Content on another site: it opens in a tab of its own, on a click, and that is all there is of it. */
  lead(item, session) {
    this.running = null;
    this.navigate(BLANK);
    this.view.elsewhere(item, () => this.opened(item, session));
  }

  /** An item that reports nothing: opening it is all there is. */
  opened(item, session) {
    if (this.launch.mode !== "review") this.queue.push(item.id, session, {}, true, []);
    this.sessions.set(item.id, { values: {}, number: session });
    this.view.mark(item.id, "completed");
  }

  /** The session of a SCO, not begun yet, with its API. */
  begin(item, session, values) {
    const { description } = this;
    const { standard } = this.launch;
    const cmi = new Cmi(description, standard, values);
    const running = { item, session, cmi, told: false, endedAt: 0, pages: null };
    running.runtime = new Runtime({
      cmi,
      standard,
      errors: description[standard].errors,
      ring: this.ring,
      keep: (end) => this.keep(end, running),
      unreachable: () => this.queue.unreachable,
      onStart: () => this.started(running),
      onEnd: () => this.ended(running),
      again: (ended) => this.again(running, ended),
      onDeaf: (element) => this.unheard(element, running),
      gone: () => this.window.closed,
    });
    return running;
  }

  started(running) {
    this.windows.watch();
    running.pages = this.windows.mark();
    this.hear();
  }

  /**
   * Initialize once more. By the page that began the session it is an error of
   * the standard; a page that has come since (it was loaded again, it is in
   * another window) begins a new session of the same attempt, as if the item
   * had been opened again.
   * @returns the data model of the new session, or null
   */
  again(running, ended) {
    if (this.running !== running || running.pages === null) return null;
    this.windows.watch();
    const other = ended ? this.windows.hasNew(running.pages) : this.windows.hasReplaced(running.pages);
    if (!other) return null;
    // What the page that has gone did not commit; the server counts its session even without.
    if (!ended) this.keep(false, running, true);
    const { description } = this;
    const { standard } = this.launch;
    const values = nextSession(description, standard, Object.fromEntries(running.cmi.values), ended);
    running.cmi = new Cmi(description, standard, values);
    running.session += 1;
    running.told = false;
    return running.cmi;
  }

  /**
   * Queues the changes of a SCO. True when this device has kept them, or there are none.
   * @param always even if there are none: the server is to know that the session was
   */
  keep(end, running = this.running, always = false) {
    if (!running || !running.cmi) return true;
    if (this.launch.mode === "review") {
      running.cmi.take();
      return true;
    }
    const due = end || always || running.cmi.changed.size > 0 || this.ring.refusals > 0;
    if (!due) return true;
    running.told = true;
    // A long log leaves by itself first: a commit has to fit where pages end.
    while (this.ring.isLong && !this.leaving) {
      this.queue.push(running.item.id, running.session, {}, false, this.ring.take());
    }
    const kept = this.queue.push(running.item.id, running.session, running.cmi.take(), end, this.ring.take());
    if (this.leaving) this.queue.leave();
    this.mark(running);
    return kept;
  }

  mark(running = this.running) {
    const [status] = running.cmi.get(STATUS[this.launch.standard]);
    const known = completionOf(status);
    this.view.mark(running.item.id, known === "none" ? running.item.completion : known);
  }

  /** The SCO called Terminate. What it asked for comes once it has returned. */
  ended(running) {
    running.endedAt = Date.now();
    if (this.leaving || this.running !== running) return;
    const wish = running.cmi.values.get("adl.nav.request");
    if (wish !== undefined && wish !== "_none_") this.window.setTimeout(() => this.wish(wish), 0);
  }

  /**
   * A navigation request of the SCO (adl.nav.request), honoured simply: in the
   * order of the table of contents. Sequencing will decide here.
   */
  wish(wish) {
    const target = /^\{target=([^}]+)\}/.exec(wish);
    if (target) return this.open(target[1]);
    if (wish === "continue") return this.step(1);
    if (wish === "previous") return this.step(-1);
    // "exit" and "abandon" leave one activity: with others beside it, stay here.
    const alone = this.steps.length === 1;
    if (!alone && (wish === "exit" || wish === "abandon")) {
      return this.leave().then(() => this.view.rest(this.view.text("ended")));
    }
    return this.close();
  }

  /** Ends what runs, gives the queue a moment, and goes back to the application. */
  async close() {
    await this.opening;
    await this.leave();
    const { window, launch, queue } = this;
    if (queue.pending > 0) {
      await Promise.race([queue.retry(), new Promise((resolve) => window.setTimeout(resolve, 3000))]);
    }
    if (queue.pending > 0) queue.leave();
    this.view.rest(this.view.text(queue.pending > 0 ? "leaving_pending" : "leaving"), launch.exit_url);
    if (launch.window === "own" || window.parent === window) {
      if (window.opener) window.close();
      window.location.assign(launch.exit_url);
      return;
    }
    // The frame may not navigate what is around it: the application does.
    window.parent.postMessage({ passerelle: "exit" }, new URL(launch.exit_url, window.location.href).origin);
  }
}

async function boot() {
  const launch = JSON.parse(document.getElementById("launch").textContent);
  const inPage = document.getElementById("datamodel");
  const description = inPage
    ? JSON.parse(inPage.textContent)
    : await (await fetch(new URL("datamodel.json", import.meta.url), { credentials: "omit" })).json();
  if (launch.shared_host) {
    // A response to a request without credentials would clear nothing.
    await takeOver(window, launch.attempt, () => fetch("/t/clear", { method: "POST", credentials: "same-origin", cache: "no-store" }));
  }
  new Player(window, launch, description).start();
}

if (typeof document !== "undefined" && document.getElementById("launch")) boot();
