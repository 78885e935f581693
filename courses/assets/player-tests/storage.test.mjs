// Storage of a shared content host between one attempt and the next.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LAST, takeOver } from "../player/storage.js";

class Storage {
  constructor(entries = {}) { this.map = new Map(Object.entries(entries)); }
  get length() { return this.map.size; }
  key(at) { return [...this.map.keys()][at] ?? null; }
  getItem(key) { return this.map.get(key) ?? null; }
  setItem(key, value) { this.map.set(key, value); }
  clear() { this.map.clear(); }
}

function browser(entries) {
  const cookies = new Map([["seen", "1"]]);
  const deleted = [];
  return {
    cookies,
    deleted,
    localStorage: new Storage(entries),
    sessionStorage: new Storage({ draft: "x" }),
    document: {
      get cookie() { return [...cookies].map(([name, value]) => `${name}=${value}`).join("; "); },
      set cookie(text) { cookies.delete(text.split("=")[0]); },
    },
    indexedDB: { databases: () => Promise.resolve([{ name: "left" }]), deleteDatabase: (name) => deleted.push(name) },
    caches: { keys: () => Promise.resolve(["left"]), delete: (name) => { deleted.push(name); return Promise.resolve(true); } },
  };
}

test("another attempt finds nothing of the one before but commits that wait", async () => {
  const window = browser({ [LAST]: "A", secret: "mine", "passerelle:A:L1:1": "{}" });
  let asked = 0;
  await takeOver(window, "B", () => { asked += 1; return Promise.resolve(); });
  assert.equal(asked, 1);
  assert.deepEqual([...window.localStorage.map.keys()].sort(), [LAST, "passerelle:A:L1:1"].sort());
  assert.equal(window.localStorage.getItem(LAST), "B");
  assert.equal(window.sessionStorage.length, 0);
  assert.equal(window.cookies.size, 0);
  assert.deepEqual(window.deleted, ["left", "left"]);
});

test("the same attempt opened again keeps what its package stored", async () => {
  const window = browser({ [LAST]: "A", place: "3" });
  await takeOver(window, "A", () => assert.fail("nothing is to be cleared"));
  assert.equal(window.localStorage.getItem("place"), "3");
});

test("off line, or without storage, the activity still opens", async () => {
  const window = browser({ secret: "mine" });
  await takeOver(window, "B", () => Promise.reject(new TypeError("offline")));
  assert.equal(window.localStorage.getItem("secret"), null);
  const without = { get localStorage() { throw new DOMException("no", "SecurityError"); } };
  await takeOver(without, "B", () => Promise.reject(new Error("not asked")));
});
