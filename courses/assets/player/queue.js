// The commit queue. A SCORM call is synchronous and the network is not: what
// is committed is first written to localStorage, then sent, in order, until
// the server has answered. Idempotent by (attempt, launch, sequence). The
// token is never stored: it is added when an item leaves.

const BACK_OFF = [1000, 2000, 4000, 8000, 15000, 30000, 60000];
const FAILURES_BEFORE_SAYING_SO = 3;
/** What browsers let leave with a page: 64 KiB for all requests together. */
const LEAVING_BYTES = 60 * 1024;

/** A request that hangs on a bad line is given up and tried again. */
const PATIENCE = 30000;

/** Whether anything at all can be written there. */
function usable(storage) {
  try {
    storage.setItem("passerelle.try", "1");
    storage.removeItem("passerelle.try");
    return true;
  } catch (error) {
    // A device that is only full has room for what is there already.
    return Boolean(storage) && error.name === "QuotaExceededError";
  }
}

const sizeOf = (text) => new TextEncoder().encode(text).length;

/**
 * States given to `onState`: "idle", "pending", "saved" (with `at`, ms),
 * "failing" (three sends failed), "full" (this device refuses to keep a copy),
 * "signin" (token refused), "superseded", "over" (the course has ended),
 * "closed" (too late), "refused".
 */
export class Queue {
  constructor({ attempt, launch, token, url, nextSeq = 1, storage, fetch, beacon, timers, random, now, onState, onRefused }) {
    Object.assign(this, { attempt, launch, token, url, storage, fetch, beacon, now, random, onRefused });
    this.seq = nextSeq;
    this.timers = timers;
    this.onState = onState || (() => {});
    this.failures = 0;
    /** The round of sending under way. */
    this.round = null;
    this.timer = null;
    /** While the page goes: only `leave()` sends. */
    this.holding = false;
    /** Why nothing more can be sent in this launch, once it is so. */
    this.stopped = null;
    /** Whether the browser refuses all storage here, as some do in a frame of another site. */
    this.forbidden = !usable(storage);
    this.items = this.load();
  }

  prefix() {
    return `passerelle:${this.attempt}:`;
  }

  /** What earlier launches left, oldest launch first, each in its order. */
  load() {
    const items = [];
    try {
      for (let at = 0; at < this.storage.length; at += 1) {
        const key = this.storage.key(at);
        if (key !== null && key.startsWith(this.prefix())) items.push({ key, kept: true, ...JSON.parse(this.storage.getItem(key)) });
      }
    } catch (error) {
      // No storage, or a text that is not ours: what was readable is sent.
    }
    const begun = new Map();
    for (const { launch, at } of items) begun.set(launch, Math.min(at, begun.has(launch) ? begun.get(launch) : at));
    return items.sort((a, b) => begun.get(a.launch) - begun.get(b.launch) || a.seq - b.seq);
  }

  /** Whether the next Commit has to say that work does not reach the server. */
  get unreachable() {
    return this.stopped !== null || this.failures >= FAILURES_BEFORE_SAYING_SO;
  }

  get pending() {
    return this.items.length;
  }

  /** Whether closing the page now would lose work. */
  get fragile() {
    return this.items.some((item) => !item.kept);
  }

  /**
   * Queues a commit. True when this device has kept it: it survives the page.
   * Otherwise it is sent all the same, for as long as the page lives. Where
   * nothing can ever be kept, it is true for as long as the server answers: a
   * SCO told "no" at each commit would alarm people over work that is saved.
   */
  push(sco, session, set, end, calls) {
    const item = { at: this.now(), launch: this.launch, seq: this.seq, sco, session, set, end, calls };
    this.seq += 1;
    const key = `${this.prefix()}${item.launch}:${item.seq}`;
    let kept = false;
    try {
      this.storage.setItem(key, JSON.stringify(item));
      kept = true;
    } catch (error) {
      // Full, or forbidden in this browser. The log of calls can go, work cannot.
      try {
        this.storage.setItem(key, JSON.stringify({ ...item, calls: [] }));
        kept = true;
      } catch (again) {
        if (!this.forbidden) this.onState("full");
      }
    }
    this.items.push({ key, kept, ...item });
    if ((kept || this.forbidden) && !this.unreachable) this.onState("pending");
    this.send();
    return kept || (this.forbidden && !this.unreachable);
  }

  body({ launch, seq, sco, session, set, end, calls }) {
    return JSON.stringify({ token: this.token, attempt: this.attempt, launch, seq, sco, session, set, end, calls });
  }

  request(body, options) {
    const headers = { "Content-Type": "text/plain" };
    return this.fetch(this.url, { method: "POST", headers, body, credentials: "omit", cache: "no-store", ...options });
  }

  /** Sends until the queue is empty or a send fails. Resolves when the round is over. */
  send() {
    if (this.round !== null) return this.round;
    if (this.stopped !== null || this.timer !== null || this.holding) return Promise.resolve();
    this.round = this.sendAll().then(() => {
      this.round = null;
    });
    return this.round;
  }

  async sendAll() {
    while (this.items.length > 0 && this.stopped === null) {
      const item = this.items[0];
      const cancel = typeof AbortController === "function" ? new AbortController() : { signal: undefined, abort() {} };
      const timer = this.timers.set(() => cancel.abort(), PATIENCE);
      let response;
      try {
        response = await this.request(this.body(item), { signal: cancel.signal });
      } catch (error) {
        this.later();
        return;
      } finally {
        this.timers.clear(timer);
      }
      if (!(await this.answered(item, response))) return;
    }
  }

  /** @returns whether to go on with the next item */
  async answered(item, response) {
    const { status } = response;
    if (status === 204 || status === 200 || status === 422) {
      this.failures = 0;
      this.drop(item);
      if (status === 422 && this.onRefused) this.onRefused(item, await errorsOf(response));
      const micros = Number(response.headers.get("X-Saved-At"));
      if (this.items.length === 0) this.onState("saved", micros > 0 ? micros / 1000 : this.now());
      return true;
    }
    if (status === 409 || status === 410) {
      // 409: the server keeps such work apart, shows it, and says why. 410: too late for good.
      const why = status === 409 ? await reasonOf(response) : "closed";
      this.drop(item);
      const own = item.launch === this.launch;
      this.onState(why);
      if (own && this.items.length === 0) this.stopped = why;
      return true;
    }
    if (status === 401 || status === 403) {
      // The queue waits on this device for the next launch.
      this.stopped = "signin";
      this.onState("signin");
      return false;
    }
    if (status !== 429 && status < 500) {
      // Not understood: this item must not hold back the others.
      this.drop(item);
      this.onState("refused");
      return true;
    }
    this.later(Number(response.headers.get("Retry-After")) * 1000);
    return false;
  }

  drop(item) {
    this.items = this.items.filter((other) => other.key !== item.key);
    try {
      this.storage.removeItem(item.key);
    } catch (error) {
      // Sent again at the next launch: the server knows the sequence.
    }
  }

  later(asked = 0) {
    this.failures += 1;
    this.onState(this.unreachable ? "failing" : "pending");
    const step = BACK_OFF[Math.min(this.failures, BACK_OFF.length) - 1];
    const wait = Math.max(asked > 0 ? Math.min(asked, 300000) : 0, step * (0.75 + this.random() / 2));
    this.timer = this.timers.set(() => {
      this.timer = null;
      this.send();
    }, wait);
  }

  /** Tries now: the network came back, the page is looked at again. */
  retry() {
    if (this.timer !== null) this.timers.clear(this.timer);
    this.timer = null;
    for (const item of this.items) item.left = false;
    return this.send();
  }

  /**
   * The page may be gone in an instant: what fits leaves with it, all stays
   * queued. One request holds all of it, in order: two that leave together may
   * arrive in any order, and the server takes nothing that comes after its
   * successor. What left a moment ago leaves again before what is newer.
   */
  leave() {
    if (this.stopped !== null || this.items.every((item) => item.left)) return;
    const going = [];
    let size = 1;
    for (const item of this.items) {
      const body = this.body(item);
      size += sizeOf(body) + 1;
      // In order or not at all: what does not fit is replayed at the next launch.
      if (size > LEAVING_BYTES) break;
      going.push([item, body]);
    }
    if (going.every(([item]) => item.left)) return;
    for (const [item] of going) item.left = true;
    const body = `[${going.map(([, one]) => one).join(",")}]`;
    try {
      this.request(body, { keepalive: true })
        .then(({ status }) => {
          // Anything else is settled one by one, if the page is still there.
          if (status === 204) for (const [item] of going) this.drop(item);
        })
        .catch(() => {});
    } catch (error) {
      this.beacon(this.url, body);
    }
  }
}

/** Why work is kept apart: another device went on, or the course has ended. */
async function reasonOf(response) {
  try {
    return (await response.json()).reason === "over" ? "over" : "superseded";
  } catch (error) {
    return "superseded";
  }
}

async function errorsOf(response) {
  try {
    return (await response.json()).errors || [];
  } catch (error) {
    return [];
  }
}
