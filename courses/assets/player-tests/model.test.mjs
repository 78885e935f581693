// The vectors that the server's model passes too: courses/scorm/tests/vectors.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Cmi } from "../player/cmi.js";

const scorm = new URL("../../scorm/", import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, scorm), "utf8"));
const description = read("datamodel/datamodel.json");
const files = readdirSync(new URL("tests/vectors/", scorm)).filter((name) => name.endsWith(".json"));

for (const file of files) {
  const { standard, cases } = read(`tests/vectors/${file}`);
  for (const { name, state, steps } of cases) {
    test(`${standard}: ${name}`, () => {
      const cmi = new Cmi(description, standard, state);
      for (const [verb, element, written, code] of steps) {
        // ["x", 4001] stands for that letter, so many times.
        const value = Array.isArray(written) ? written[0].repeat(written[1]) : written;
        const shown = `${verb} ${element} ${JSON.stringify(value.slice(0, 60))}`;
        if (verb === "set") assert.equal(cmi.set(element, value), code, shown);
        else assert.deepEqual(cmi.get(element), [value, code], shown);
      }
    });
  }
}

test("the vectors set and get every element of both models", () => {
  for (const standard of ["1.2", "2004"]) {
    const seen = new Set();
    for (const file of files) {
      const vectors = read(`tests/vectors/${file}`);
      if (vectors.standard !== standard) continue;
      const cmi = new Cmi(description, standard);
      for (const { steps } of vectors.cases) for (const [verb, element] of steps) seen.add(`${verb} ${cmi.locate(element).pattern}`);
    }
    for (const element of Object.keys(description[standard].elements)) {
      assert.ok(seen.has(`set ${element}`), `set ${element}`);
      assert.ok(seen.has(`get ${element}`), `get ${element}`);
    }
  }
});

test("a SCO is told when it stores more than the server keeps", () => {
  const cmi = new Cmi({ ...description, limits: { bytes: 100, elements: 3, items: 2 } }, "2004");
  assert.equal(cmi.set("cmi.suspend_data", "x".repeat(90)), 351);
  assert.equal(cmi.set("cmi.suspend_data", "é".repeat(42)), 0);
  assert.equal(cmi.set("cmi.location", "page"), 351);
  assert.equal(cmi.set("cmi.suspend_data", ""), 0);
  assert.equal(cmi.set("cmi.location", ""), 0);
  assert.equal(cmi.set("cmi.objectives.0.id", "a"), 0);
  assert.equal(cmi.set("cmi.objectives.1.id", "b"), 351);
});
