// Which pages the content has, and whether another one has come.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Windows } from "../player/windows.js";

/** A window in memory, with as much of one as is looked at. */
class Pane {
  constructor(parent = null) {
    this.closed = false;
    this.frames = [];
    this.parent = parent || this;
    this.load();
  }

  /** Another document takes the place of the one before; so do its scripts. */
  load() {
    const pane = this;
    this.frames = [];
    this.document = { defaultView: this, made: [] };
    this.open = function open(url, name, features) {
      if (pane.refuses || /noopener/.test(features || "")) return null;
      return url ? new Pane() : pane.frames[0] || null;
    };
    return this;
  }

  get length() { return this.frames.length; }
  get top() { return this.parent === this ? this : this.parent.top; }
  get 0() { return this.frames[0]; }
  get 1() { return this.frames[1]; }
  frame() {
    const inner = new Pane(this);
    this.frames.push(inner);
    return inner;
  }

  /** As a text: it is read in that window, which closes itself. */
  setTimeout(script) { if (script === "window.close()") this.close(); }
  close() { this.closed = true; }
}

function scene() {
  const player = new Pane();
  const content = player.frame();
  let blocked = 0;
  const windows = new Windows(() => content, () => { blocked += 1; });
  windows.watch();
  return { content, windows, blocked: () => blocked };
}

// The page that comes back after Finish is another document in the same window.
test("a page that was loaded again is another one, in the frame and within it", () => {
  const { content, windows } = scene();
  const inner = content.frame();
  const before = windows.mark();
  assert.equal(windows.hasNew(before), false);
  inner.load();
  assert.equal(windows.hasNew(before), true);
  assert.equal(windows.hasReplaced(before), false, "the page around it is the same");
  content.load();
  assert.equal(windows.hasReplaced(before), true);
});

test("a window that content opens is one of its pages; one that replaces it is another page", () => {
  const { content, windows } = scene();
  const first = content.open("module.html", "module");
  const before = windows.mark();
  assert.equal(before.tops.size, 2);
  const second = content.open("module.html", "other");
  assert.equal(windows.hasNew(before), true);
  assert.equal(windows.hasReplaced(before), false, "the first is still there");
  first.close();
  assert.equal(windows.hasReplaced(before), true);
  assert.deepEqual(windows.alive(), [second]);
  // And what that one opens in its turn, once it is looked at.
  windows.watch();
  second.open("more.html");
  assert.equal(windows.alive().length, 2);
});

test("a window that did not open, or has no way back, is told; one that is let go on purpose is not", () => {
  const { content, windows, blocked } = scene();
  content.open("help.html", "help", "noopener,width=3");
  assert.equal(blocked(), 0);
  content.refuses = true;
  assert.equal(content.open("module.html"), null);
  assert.equal(blocked(), 1);
  assert.deepEqual(windows.alive(), []);
});

test("a frame that is found by its name is no window, and `open` is listened to once", () => {
  const { content, windows } = scene();
  content.frame();
  windows.watch();
  windows.watch();
  const { open } = content;
  windows.watch();
  assert.equal(content.open, open);
  assert.equal(content.open("", "inner"), content.frames[0]);
  assert.deepEqual(windows.alive(), []);
});

test("another site's page and a closed window have no document", () => {
  const { content, windows } = scene();
  const opened = content.open("module.html");
  Object.defineProperty(opened, "document", { get() { throw new Error("SecurityError"); } });
  assert.equal(windows.tops().length, 1);
  opened.close();
  assert.deepEqual(windows.alive(), []);
});

test("windows are closed before the item is left, and waited for", async () => {
  const { content, windows } = scene();
  const opened = content.open("module.html");
  opened.close = () => setTimeout(() => { opened.closed = true; }, 5);
  let waited = 0;
  await windows.close(() => { waited += 1; return new Promise((go) => setTimeout(go, 2)); });
  assert.ok(waited >= 1 && opened.closed);
});
