// The two APIs as a SCO meets them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Cmi } from "../player/cmi.js";
import { CallRing, Runtime } from "../player/runtime.js";
import { hundredths, nextSession, spanOf, withQueued } from "../player/session.js";

const description = JSON.parse(readFileSync(new URL("../../scorm/datamodel/datamodel.json", import.meta.url), "utf8"));

function sco(standard, { kept = () => true, reached = () => true, state = {} } = {}) {
  const seen = { ends: 0, commits: [] };
  const cmi = new Cmi(description, standard, state);
  const ring = new CallRing(() => 0);
  const runtime = new Runtime({
    cmi, standard, errors: description[standard].errors, ring,
    keep: (end) => { seen.commits.push(end); return kept(); },
    unreachable: () => !reached(),
    onEnd: () => { seen.ends += 1; },
  });
  return { api: runtime.api(), cmi, ring, seen, runtime };
}

/** Calls, and checks the answer and the error code that follows. */
const expecting = (api, lastError) => (name, args, answer, code) => {
  assert.equal(api[name](...args), answer, `${name}(${args})`);
  assert.equal(api[lastError](), String(code), `error after ${name}(${args})`);
};

test("2004: every call before, during and after the session has its own code", () => {
  const { api, seen } = sco("2004");
  const call = expecting(api, "GetLastError");
  assert.match(api.version, /^1\.0/);
  call("GetLastError", [], "0", 0);
  call("Commit", [""], "false", 142);
  call("SetValue", ["cmi.location", "x"], "false", 132);
  call("GetValue", ["cmi.location"], "", 122);
  call("Terminate", [""], "false", 112);
  call("Initialize", ["illegal"], "false", 201);
  call("GetErrorString", ["0"], "No error", 201);
  call("Initialize", [""], "true", 0);
  call("Initialize", [""], "false", 103);
  call("SetValue", ["", "x"], "false", 351);
  call("GetValue", [""], "", 301);
  call("GetValue", ["cmi.location"], "", 403);
  call("SetValue", ["cmi.location", 12], "true", 0);
  call("GetValue", ["cmi.location"], "12", 0);
  call("Commit", ["illegal"], "false", 201);
  call("Commit", [""], "true", 0);
  call("Terminate", ["illegal"], "false", 201);
  call("Terminate", [""], "true", 0);
  call("Terminate", [""], "false", 113);
  call("Initialize", [""], "false", 104);
  call("GetValue", ["cmi.location"], "", 123);
  call("SetValue", ["cmi.location", "x"], "false", 133);
  call("Commit", [""], "false", 143);
  assert.deepEqual(seen, { ends: 1, commits: [false, true] });
});

test("1.2: every call before, during and after the session has its own code", () => {
  const { api, seen } = sco("1.2");
  const call = expecting(api, "LMSGetLastError");
  assert.equal(api.version, undefined);
  call("LMSGetValue", ["cmi.core.entry"], "", 301);
  call("LMSSetValue", ["cmi.core.exit", ""], "false", 301);
  call("LMSCommit", [""], "false", 301);
  call("LMSFinish", [""], "false", 301);
  call("LMSInitialize", ["x"], "false", 201);
  call("LMSInitialize", [""], "true", 0);
  call("LMSInitialize", [""], "false", 101);
  call("LMSSetValue", ["cmi.core.lesson_status", "incomplete"], "true", 0);
  call("LMSGetValue", ["cmi.core.lesson_status"], "incomplete", 0);
  call("LMSGetValue", ["cmi.core.exit"], "", 404);
  call("LMSCommit", [""], "true", 0);
  call("LMSFinish", [""], "true", 0);
  call("LMSFinish", [""], "false", 301);
  call("LMSInitialize", [""], "false", 101);
  assert.deepEqual(seen, { ends: 1, commits: [false, true] });
});

test("error strings and diagnostics are short, and empty for unknown codes", () => {
  const { api } = sco("2004");
  api.Initialize("");
  api.GetValue(`cmi.${"x".repeat(400)}`);
  assert.equal(api.GetErrorString("401"), "Undefined data model element");
  assert.equal(api.GetErrorString("001"), "");
  assert.equal(api.GetErrorString(1444), "");
  assert.equal(api.GetDiagnostic("1444"), "");
  assert.match(api.GetDiagnostic(""), /^Undefined data model element: cmi\.x/);
  assert.ok(api.GetDiagnostic("").length <= 255);
  assert.equal(api.GetDiagnostic("402"), "Unimplemented data model element");
  assert.equal(api.GetLastError(), "401");
  for (const text of Object.values(description["2004"].errors)) assert.ok(text.length <= 255);
});

test("missing arguments count as empty, as old content expects", () => {
  const { api } = sco("1.2");
  assert.equal(api.LMSInitialize(), "true");
  assert.equal(api.LMSCommit(null), "true");
  assert.equal(api.LMSFinish(undefined), "true");
});

// It was accepted and replaced: what came back was not what had been stored.
test("half a character is refused: it could not come back as it went", () => {
  const { api, cmi, ring } = sco("2004");
  api.Initialize("");
  assert.equal(api.SetValue("cmi.suspend_data", "a\ud83d😀\udc00\udc00\udc00"), "false");
  assert.equal(api.GetLastError(), "406");
  assert.equal(cmi.values.has("cmi.suspend_data"), false);
  assert.equal(api.SetValue("cmi.suspend_data", "a😀"), "true");
  assert.ok(JSON.stringify(ring.take()).isWellFormed());
  const old = sco("1.2");
  old.api.LMSInitialize("");
  assert.equal(old.api.LMSSetValue("cmi.suspend_data", "a\ud83d"), "false");
  assert.equal(old.api.LMSGetLastError(), "405");
});

// Content of 1.2 stopped at 4,096 characters: its place moved on, its data did not.
test("1.2 keeps 64,000 characters of suspend_data and gives them back as they were", () => {
  const { api, ring } = sco("1.2");
  api.LMSInitialize("");
  const memory = `{"p":1,"d":"é😀${"abcdefgh".repeat(7000)}${"x".repeat(64000)}`.slice(0, 64000);
  assert.equal(api.LMSSetValue("cmi.suspend_data", memory), "true");
  assert.equal(api.LMSGetValue("cmi.suspend_data"), memory);
  assert.equal(ring.refusals, 0);
  assert.equal(api.LMSSetValue("cmi.suspend_data", `${memory}x`), "false");
  assert.equal(api.LMSGetLastError(), "405");
  assert.equal(api.LMSGetValue("cmi.suspend_data"), memory);
  assert.equal(ring.refusals, 1);
  ring.take();
  assert.equal(ring.refusals, 0);
});

// After Finish the page was loaded again, Initialize was refused, and every later value was lost.
test("a page that comes back begins a new session; the same page does not", () => {
  for (const [standard, [begin, end, get, set, last], [running, ended]] of [
    ["1.2", ["LMSInitialize", "LMSFinish", "LMSGetValue", "LMSSetValue", "LMSGetLastError"], ["101", "101"]],
    ["2004", ["Initialize", "Terminate", "GetValue", "SetValue", "GetLastError"], ["103", "104"]],
  ]) {
    const place = standard === "1.2" ? "cmi.core.lesson_location" : "cmi.location";
    const deaf = [];
    let other = false;
    const cmi = new Cmi(description, standard);
    const runtime = new Runtime({
      cmi, standard, errors: description[standard].errors, ring: new CallRing(() => 0), keep: () => true, unreachable: () => false, onEnd: () => {},
      again: () => (other ? new Cmi(description, standard, { [place]: "1" }) : null), onDeaf: (element) => deaf.push(element),
    });
    const api = runtime.api();
    assert.equal(api[begin](""), "true");
    assert.equal(api[begin](""), "false");
    assert.equal(api[last](), running);
    assert.deepEqual(deaf, []);
    api[end]("");
    assert.equal(api[begin](""), "false");
    assert.equal(api[last](), ended);
    assert.equal(api[set](place, "9"), "false");
    assert.deepEqual(deaf, ["", place]);
    other = true;
    assert.equal(api[begin](""), "true");
    assert.equal(api[get](place), "1");
    assert.equal(api[set](place, "2"), "true");
    assert.equal(api[end](""), "true");
  }
});

test("Commit fails with the standard's error when this device cannot keep the work", () => {
  const modern = sco("2004", { kept: () => false });
  modern.api.Initialize("");
  assert.equal(modern.api.Commit(""), "false");
  assert.equal(modern.api.GetLastError(), "391");
  assert.equal(modern.api.Terminate(""), "false");
  assert.equal(modern.api.GetLastError(), "111");
  assert.equal(modern.runtime.state, "ended");
  const old = sco("1.2", { kept: () => false });
  old.api.LMSInitialize("");
  assert.equal(old.api.LMSCommit(""), "false");
  assert.equal(old.api.LMSGetLastError(), "101");
});

test("Commit says so when the server is not reached, Terminate still ends", () => {
  const { api } = sco("2004", { reached: () => false });
  api.Initialize("");
  assert.equal(api.Commit(""), "false");
  assert.equal(api.GetLastError(), "391");
  assert.equal(api.Terminate(""), "true");
});

test("the log of calls keeps the latest 256 KiB and shortens long values", () => {
  const { api, ring } = sco("2004");
  api.Initialize("");
  for (let at = 0; at < 600; at += 1) api.SetValue("cmi.suspend_data", `${at} ${"x".repeat(3000)}`);
  assert.ok(ring.bytes <= 256 * 1024);
  assert.ok(ring.calls[0][0][3].length <= 1001);
  assert.notEqual(ring.calls[0][0][1], "Initialize");
  const first = ring.calls[0][0];
  const taken = ring.take();
  assert.deepEqual(taken[0], first);
  assert.ok(JSON.stringify(taken).length < 26 * 1024);
  assert.deepEqual(first.slice(1, 3), ["SetValue", "cmi.suspend_data"]);
  assert.deepEqual(first.slice(4), ["true", "0"]);
});

test("spans are added in both notations", () => {
  assert.equal(hundredths("PT1H1M1.5S"), 366150);
  assert.equal(hundredths("P1DT1M"), 8646000);
  assert.equal(hundredths("P1M"), 30 * 8640000);
  assert.equal(hundredths("0001:01:01.50"), 366150);
  assert.equal(hundredths(undefined), 0);
  assert.equal(spanOf(366150, "1.2"), "0001:01:01.50");
  assert.equal(spanOf(366150, "2004"), "PT1H1M1.50S");
});

test("a SCO of 2004 opened again resumes after suspend, starts afresh otherwise", () => {
  const values = { "cmi.learner_id": "p", "cmi.entry": "ab-initio", "cmi.location": "3", "cmi.session_time": "PT1M", "cmi.total_time": "PT2M", "adl.data.0.store": "s" };
  const resumed = nextSession(description, "2004", { ...values, "cmi.exit": "suspend" }, true);
  assert.deepEqual(resumed, { "cmi.learner_id": "p", "cmi.entry": "resume", "cmi.location": "3", "cmi.total_time": "PT0H3M0S", "adl.data.0.store": "s" });
  const fresh = nextSession(description, "2004", { ...values, "cmi.exit": "normal" }, true);
  assert.deepEqual(fresh, { "cmi.learner_id": "p", "cmi.entry": "ab-initio", "adl.data.0.store": "s" });
  assert.equal(nextSession(description, "2004", values, false)["cmi.entry"], "resume");
  assert.equal(nextSession(description, "2004", { ...values, "cmi.mode": "review", "cmi.exit": "normal" }, true)["cmi.entry"], "");
});

test("a SCO of 1.2 opened again keeps its values", () => {
  const values = { "cmi.core.entry": "ab-initio", "cmi.suspend_data": "x", "cmi.core.exit": "", "cmi.core.session_time": "00:01:00" };
  assert.deepEqual(nextSession(description, "1.2", values, true), { "cmi.core.entry": "", "cmi.suspend_data": "x", "cmi.core.total_time": "0000:01:00.00" });
});

test("work that had not left this device is in the state of the next launch", () => {
  const state = { "cmi.learner_id": "p", "cmi.entry": "ab-initio" };
  const items = [{ set: { "cmi.location": "1" }, end: false }, { set: { "cmi.location": "2", "cmi.exit": "suspend" }, end: true }];
  assert.deepEqual(withQueued(description, "2004", state, items), { "cmi.learner_id": "p", "cmi.entry": "resume", "cmi.location": "2" });
  assert.equal(withQueued(description, "2004", state, []), state);
  const resumed = withQueued(description, "2004", { "cmi.entry": "resume", "cmi.location": "1" }, [{ set: { "cmi.score.raw": "1" }, end: true }]);
  assert.deepEqual(resumed, { "cmi.entry": "resume", "cmi.location": "1", "cmi.score.raw": "1" });
});
