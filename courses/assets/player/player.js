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

const AUTO_COMMIT = 60000;
const BLANK = "about:blank";
const STATUS = { "1.2": "cmi.core.lesson_status", 2004: "cmi.completion_status" };

/** The three states that the table of contents shows. */
function completionOf(status) {
  if (status === "completed" || status === "passed" || status === "failed") return "completed";
  return status === "incomplete" || status === "browsed" ? "incomplete" : "none";
}

export class Player {
  constructor(window, launch, description) {
    Object.assign(this, { window, launch, description });
    this.leaves = launch.toc.filter((item) => item.href !== null);
    this.ring = new CallRing(() => Date.now());
    this.sessions = new Map();
    this.running = null;
    /** Place of the item shown last. */
    this.at = 0;
    this.opening = Promise.resolve();
    this.leaving = false;
    this.view = new View(window.document, launch, {
      open: (id) => this.open(id),
      previous: () => this.step(-1),
      next: () => this.step(1),
      close: () => this.close(),
    });
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
      onState: (state, at) => this.view.saving(state, at),
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
      this.keep(false);
      this.queue.leave();
      this.queue.holding = this.leaving;
      return undefined;
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.queue.fragile) event.preventDefault();
    });
    window.setInterval(() => this.keep(false), AUTO_COMMIT);
    if (this.queue.forbidden && this.launch.mode === "normal") this.view.say(this.view.text("unkept"));
    if (this.queue.pending > 0) this.view.saving("pending");
    this.queue.send();
    const first = this.leaves.find((item) => item.id === this.launch.current) || this.leaves[0];
    if (first) this.open(first.id);
    else this.view.rest(this.view.text("empty"), this.launch.exit_url);
  }

  returned() {
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
    this.keep(false);
    this.queue.leave();
  }

  step(by) {
    const item = this.leaves[this.at + by];
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
    this.at = this.leaves.indexOf(item);
    this.view.current(item, this.at, this.leaves.length);
    delete window.API;
    delete window.API_1484_11;
    const before = this.sessions.get(item.id);
    const session = before ? before.number + 1 : 1;
    if (item.kind !== "sco") {
      this.running = { item, session, runtime: null, cmi: null };
      if (launch.mode !== "review") this.queue.push(item.id, session, {}, true, []);
      this.sessions.set(item.id, { values: {}, number: session });
      this.view.mark(item.id, "completed");
    } else {
      const { standard } = launch;
      const values = before
        ? nextSession(description, standard, before.values, true)
        : withQueued(description, standard, item.state, this.earlier.filter((queued) => queued.sco === item.id));
      const cmi = new Cmi(description, standard, values);
      const running = { item, session, cmi };
      running.runtime = new Runtime({
        cmi,
        standard,
        errors: description[standard].errors,
        ring: this.ring,
        keep: (end) => this.keep(end, running),
        unreachable: () => this.queue.unreachable,
        onEnd: () => this.ended(running),
      });
      this.running = running;
      window[standard === "2004" ? "API_1484_11" : "API"] = running.runtime.api();
    }
    this.navigate(item.href);
    this.view.frame.focus();
  }

  /** Queues the changes of a SCO. True when this device has kept them, or there are none. */
  keep(end, running = this.running) {
    if (!running || !running.cmi) return true;
    if (this.launch.mode === "review") {
      running.cmi.take();
      return true;
    }
    if (!end && running.cmi.changed.size === 0) return true;
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
    const alone = this.leaves.length === 1;
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
