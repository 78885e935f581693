// The commit queue: nothing that was acknowledged to a SCO is lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Queue } from "../player/queue.js";

class Storage {
  constructor(limit = Infinity) { this.map = new Map(); this.limit = limit; }
  get length() { return this.map.size; }
  key(at) { return [...this.map.keys()][at] ?? null; }
  getItem(key) { return this.map.has(key) ? this.map.get(key) : null; }
  setItem(key, value) {
    if (this.limit < value.length) throw new DOMException("full", "QuotaExceededError");
    this.map.set(key, value);
  }
  removeItem(key) { this.map.delete(key); }
}

/** A server in memory: idempotent by sequence; `respond` may answer otherwise. */
class Server {
  constructor() { this.stored = []; this.received = []; this.respond = () => null; }
  fetch(url, { body, keepalive, signal, headers }) {
    const items = [JSON.parse(body)].flat();
    for (const item of items) this.received.push({ ...item, keepalive: Boolean(keepalive), type: headers["Content-Type"] });
    const other = this.respond(items[0], signal);
    if (other !== null) return other;
    for (const item of items) {
      const known = this.stored.some(({ launch, seq }) => launch === item.launch && seq >= item.seq);
      if (!known) this.stored.push(item);
    }
    return answer(204, { "X-Saved-At": "1793457120000000" });
  }
}

const answer = (status, headers = {}, body = {}) =>
  Promise.resolve({ status, headers: new Headers(headers), json: () => Promise.resolve(body) });
const offline = () => Promise.reject(new TypeError("offline"));

class Timers {
  constructor() { this.waiting = new Map(); this.next = 1; this.waits = []; }
  set(work, wait) { this.waiting.set(this.next, [work, wait]); return this.next++; }
  clear(id) { this.waiting.delete(id); }
  async fire() {
    const all = [...this.waiting.values()];
    this.waiting.clear();
    for (const [work, wait] of all) { this.waits.push(wait); work(); }
    await settle();
  }
}

const settle = async () => { for (let at = 0; at < 30; at += 1) await Promise.resolve(); };

function make({ server = new Server(), storage = new Storage(), launch = "L1", token = "T1", now = () => 1000, ...more } = {}) {
  const states = [];
  const refused = [];
  const timers = new Timers();
  const queue = new Queue({
    attempt: "A", launch, token, url: "/t/commit", storage, timers, now,
    fetch: (url, options) => server.fetch(url, options),
    beacon: () => true, random: () => 0.5,
    onState: (state, at) => states.push(at === undefined ? state : [state, at]),
    onRefused: (item, errors) => refused.push(errors),
    ...more,
  });
  return { queue, server, storage, states, timers, refused };
}

test("a commit is kept first, then sent with the token, then forgotten", async () => {
  const { queue, server, storage, states } = make({ nextSeq: 5 });
  assert.equal(queue.push("sco", 1, { "cmi.location": "3" }, false, [[1, "Commit", "", "", "true", "0"]]), true);
  assert.equal(storage.length, 1);
  assert.ok(![...storage.map.values()].some((text) => text.includes("T1")), "the token is never stored");
  await settle();
  assert.deepEqual(server.received, [{
    token: "T1", attempt: "A", launch: "L1", seq: 5, sco: "sco", session: 1, set: { "cmi.location": "3" }, end: false,
    calls: [[1, "Commit", "", "", "true", "0"]], keepalive: false, type: "text/plain",
  }]);
  assert.equal(storage.length, 0);
  assert.deepEqual(states, ["pending", ["saved", 1793457120000]]);
});

test("off line everything waits, in order, and leaves when the network is back", async () => {
  const { queue, server, storage, states, timers } = make();
  server.respond = offline;
  for (let at = 0; at < 5; at += 1) assert.equal(queue.push("sco", 1, { "cmi.location": String(at) }, false, []), true);
  await settle();
  assert.equal(storage.length, 5);
  assert.equal(queue.unreachable, false);
  await timers.fire();
  assert.equal(queue.unreachable, false);
  await timers.fire();
  assert.equal(queue.unreachable, true, "after three failed sends calls say so");
  assert.equal(states[states.length - 1], "failing");
  assert.deepEqual(timers.waits, [1000, 2000]);
  server.respond = () => null;
  await queue.retry();
  assert.deepEqual(server.stored.map(({ seq }) => seq), [1, 2, 3, 4, 5]);
  assert.equal(queue.unreachable, false);
  assert.equal(storage.length, 0);
  assert.equal(states[states.length - 1][0], "saved");
});

test("what an earlier launch left is replayed first, in its own order and name", async () => {
  const storage = new Storage();
  const server = new Server();
  server.respond = offline;
  let time = 1000;
  const first = make({ server, storage, now: () => time++ });
  for (let at = 1; at <= 11; at += 1) first.queue.push("sco", 1, { "cmi.location": String(at) }, false, []);
  await settle();
  server.respond = () => null;
  server.received = [];
  const second = make({ server, storage, launch: "L0-later", token: "T2", now: () => time++ });
  assert.equal(second.queue.pending, 11);
  second.queue.push("sco", 1, { "cmi.location": "new" }, false, []);
  await settle();
  assert.deepEqual(server.received.map(({ launch, seq }) => `${launch} ${seq}`), [...Array.from({ length: 11 }, (_, at) => `L1 ${at + 1}`), "L0-later 1"]);
  assert.ok(server.received.every(({ token }) => token === "T2"));
  assert.equal(storage.length, 0);
});

test("an answer that got lost stores nothing twice", async () => {
  const { queue, server, timers } = make();
  server.respond = (item) => { server.stored.push(item); server.respond = () => null; return offline(); };
  queue.push("sco", 1, { "cmi.location": "1" }, false, []);
  await settle();
  await timers.fire();
  assert.equal(server.received.length, 2);
  assert.equal(server.stored.length, 1);
  assert.equal(queue.pending, 0);
});

test("a full device is said at once, and the work is sent all the same", async () => {
  const { queue, server, states } = make({ storage: new Storage(10) });
  assert.equal(queue.push("sco", 1, { "cmi.location": "1" }, false, []), false);
  assert.equal(queue.fragile, true);
  assert.deepEqual(states, ["full"]);
  await settle();
  assert.equal(server.stored.length, 1);
  assert.equal(queue.fragile, false);
});

test("on a nearly full device the log of calls goes before the work", async () => {
  const { queue, storage } = make({ storage: new Storage(200), fetch: offline });
  assert.equal(queue.push("sco", 1, { "cmi.location": "1" }, false, [[1, "GetValue", "x".repeat(500), "", "", "0"]]), true);
  assert.deepEqual(JSON.parse([...storage.map.values()][0]).calls, []);
});

test("a browser that forbids storage still sends, and answers as the server does", async () => {
  const { queue, server, states, timers } = make({ storage: null });
  assert.equal(queue.push("sco", 1, {}, false, []), true);
  assert.equal(queue.fragile, true, "closing the page before it is sent would lose it");
  await settle();
  assert.equal(server.stored.length, 1);
  assert.equal(states.includes("full"), false, "nothing is full");
  server.respond = offline;
  queue.push("sco", 1, {}, false, []);
  await settle();
  for (let at = 0; at < 2; at += 1) await timers.fire();
  assert.equal(queue.push("sco", 1, {}, false, []), false, "nobody has it but this page");
});

test("a launch superseded elsewhere hands over what it has and stops", async () => {
  const { queue, server, storage, states } = make();
  server.respond = () => answer(409, {}, { reason: "superseded" });
  queue.push("sco", 1, { "cmi.location": "1" }, false, []);
  queue.push("sco", 1, { "cmi.location": "2" }, false, []);
  await settle();
  assert.equal(server.received.length, 2, "the server is given everything, to keep it apart");
  assert.equal(storage.length, 0);
  assert.equal(states[states.length - 1], "superseded");
  assert.equal(queue.unreachable, true);
  queue.push("sco", 1, { "cmi.location": "3" }, false, []);
  await settle();
  assert.equal(server.received.length, 2);
});

test("after the end of the course the server is given everything, and the launch says so", async () => {
  const { queue, server, storage, states } = make();
  server.respond = () => answer(409, {}, { reason: "over" });
  queue.push("sco", 1, { "cmi.location": "1" }, false, []);
  await settle();
  assert.equal(server.received.length, 1);
  assert.equal(storage.length, 0);
  assert.equal(states[states.length - 1], "over");
  assert.equal(queue.unreachable, true);
});

test("an old queue that is refused does not stop the new launch", async () => {
  const storage = new Storage();
  const before = make({ storage, fetch: offline });
  before.queue.push("sco", 1, {}, false, []);
  const server = new Server();
  server.respond = (item) => (item.launch === "L1" ? answer(409) : null);
  const { queue } = make({ storage, server, launch: "L2" });
  queue.push("sco", 1, {}, true, []);
  await settle();
  assert.deepEqual(server.stored.map(({ launch }) => launch), ["L2"]);
  assert.equal(queue.unreachable, false);
});

test("a refused token leaves the queue on the device for the next launch", async () => {
  const { queue, server, storage, states, timers } = make();
  server.respond = () => answer(401);
  queue.push("sco", 1, {}, false, []);
  await settle();
  assert.equal(storage.length, 1);
  assert.equal(states[states.length - 1], "signin");
  assert.equal(queue.unreachable, true);
  assert.equal(timers.waiting.size, 0);
});

test("too late is told, and nothing is tried for ever", async () => {
  const { queue, server, storage, states } = make();
  server.respond = () => answer(410);
  queue.push("sco", 1, {}, false, []);
  await settle();
  assert.equal(storage.length, 0);
  assert.equal(states[states.length - 1], "closed");
});

test("refused elements are reported and the rest counts as saved", async () => {
  const { queue, server, refused, states } = make();
  server.respond = () => answer(422, { "X-Saved-At": "1793457120000000" }, { errors: [{ element: "cmi.x", code: 401 }] });
  queue.push("sco", 1, { "cmi.x": "1" }, false, []);
  await settle();
  assert.deepEqual(refused, [[{ element: "cmi.x", code: 401 }]]);
  assert.equal(queue.pending, 0);
  assert.deepEqual(states[states.length - 1], ["saved", 1793457120000]);
});

test("a busy server is asked again when it says", async () => {
  const { queue, server, timers } = make();
  server.respond = () => answer(503, { "Retry-After": "20" });
  queue.push("sco", 1, {}, false, []);
  await settle();
  assert.deepEqual([...timers.waiting.values()].map(([, wait]) => wait), [20000]);
  server.respond = () => null;
  await timers.fire();
  assert.equal(queue.pending, 0);
});

test("a request that hangs is given up", async () => {
  const { queue, server, timers } = make();
  server.respond = (item, signal) => new Promise((resolve, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
  queue.push("sco", 1, {}, false, []);
  await settle();
  await timers.fire();
  assert.equal(queue.failures, 1);
  assert.equal(queue.pending, 1);
});

test("when the page goes, what fits leaves with it, in order, and all stays queued", async () => {
  const { queue, server, storage } = make();
  server.respond = () => new Promise(() => {});
  for (const size of [10, 20000, 50000, 10]) queue.push("sco", 1, { "cmi.suspend_data": "x".repeat(size) }, false, []);
  await settle();
  server.received = [];
  queue.leave();
  assert.deepEqual(server.received.map(({ seq, keepalive }) => [seq, keepalive]), [[1, true], [2, true]]);
  assert.equal(storage.length, 4);
  queue.leave();
  assert.equal(server.received.length, 2, "not twice");
});

test("what leaves later holds what left before: the order of arrival does not matter", async () => {
  const { queue, server, storage } = make();
  const waiting = [];
  const fetch = server.fetch.bind(server);
  server.fetch = (url, options) => new Promise((resolve) => waiting.push(() => resolve(fetch(url, options))));
  queue.holding = true;
  queue.push("sco", 1, { "cmi.location": "2" }, false, []);
  queue.leave();
  queue.push("sco", 1, { "cmi.exit": "suspend" }, true, []);
  queue.leave();
  assert.equal(waiting.length, 2);
  for (const arrive of waiting.reverse()) arrive();
  await settle();
  assert.deepEqual(server.stored.map(({ seq }) => seq), [1, 2], "the one that was overtaken is there");
  assert.equal(storage.length, 0);
});

test("without keepalive a beacon carries the token in its body", () => {
  const beacons = [];
  const { queue } = make({
    fetch: (url, options) => { if (options.keepalive) throw new TypeError("unsupported"); return new Promise(() => {}); },
    beacon: (url, body) => { beacons.push([url, JSON.parse(body)]); return true; },
  });
  queue.push("sco", 1, {}, true, []);
  queue.leave();
  assert.equal(beacons.length, 1);
  assert.equal(beacons[0][0], "/t/commit");
  assert.equal(beacons[0][1][0].token, "T1");
});
