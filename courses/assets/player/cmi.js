// The data model of one SCO in the browser: values, and the rules to read and
// to write them, taken from datamodel.json. No API states here (runtime.js),
// no saving (queue.js). The server applies the same rules in Rust.

import { check } from "./values.js";

const INDEX = /^\d{1,9}$/;
// "01" is no index of ours: it comes after every place that exists.
const indexOf = (part) => (/^0\d/.test(part) ? Infinity : Number(part));
const KEYWORDS = ["_children", "_count", "_version"];
const encoder = new TextEncoder();
const weight = (element, value) => encoder.encode(element).length + encoder.encode(value).length;

export class Cmi {
  /**
   * @param description the parsed datamodel.json
   * @param standard "1.2" or "2004"
   * @param state element → value at launch, values of the platform included
   */
  constructor(description, standard, state = {}) {
    const model = description[standard];
    this.limits = description.limits;
    this.codes = model.codes;
    this.versions = model.version;
    this.types = model.types;
    this.responses = model.responses || {};
    this.children = new Map(Object.entries(model.children));
    this.collections = new Map(Object.entries(model.collections));
    this.elements = new Map(Object.entries(model.elements));
    this.parents = new Set();
    for (const name of this.elements.keys()) {
      const parts = name.split(".");
      for (let length = parts.length; length > 0; length -= 1) this.parents.add(parts.slice(0, length).join("."));
    }
    this.values = new Map();
    this.counts = new Map();
    this.bytes = 0;
    for (const [element, value] of Object.entries(state)) this.store(element, String(value));
    /** What the SCO wrote since the last `take()`. */
    this.changed = new Map();
  }

  /** Splits a name into its pattern and the collections that it goes through. */
  locate(element) {
    const target = /^(.*\.)\{target=[^}]+\}$/.exec(element);
    if (target) return { pattern: `${target[1]}{target=}`, steps: [] };
    const steps = [];
    let pattern = "";
    let path = "";
    for (const [at, part] of element.split(".").entries()) {
      const index = this.collections.has(pattern) && INDEX.test(part);
      if (index) steps.push({ name: pattern, path, index: indexOf(part), item: `${path}.${part}` });
      // What stands for something in the description is no name for a SCO.
      const name = index ? "n" : part === "n" || part === "{target=}" ? "?" : part;
      pattern = at === 0 ? name : `${pattern}.${name}`;
      path = at === 0 ? part : `${path}.${part}`;
    }
    return { pattern, steps };
  }

  count(path) {
    return this.counts.get(path) || 0;
  }

  store(element, value) {
    const before = this.values.get(element);
    this.bytes += weight(element, value) - (before === undefined ? 0 : weight(element, before));
    this.values.set(element, value);
    for (const step of this.locate(element).steps) {
      if (step.index >= this.count(step.path)) this.counts.set(step.path, step.index + 1);
    }
  }

  /** @returns [value, error code] */
  get(element) {
    const { codes } = this;
    if (element === "") return ["", codes.get];
    const dot = element.lastIndexOf(".");
    const last = element.slice(dot + 1);
    if (KEYWORDS.includes(last)) return this.keyword(dot < 0 ? "" : element.slice(0, dot), last);
    const { pattern, steps } = this.locate(element);
    const rule = this.elements.get(pattern);
    if (!rule) return ["", codes.unknown];
    const [access, , fallback, judged] = rule;
    if (access === "w") return ["", codes.writeOnly];
    if (steps.some((step) => step.index >= this.count(step.path))) return ["", codes.get];
    if (!this.shared(pattern, steps, "r")) return ["", codes.writeOnly];
    const value = (judged && this.judge(judged)) || this.values.get(element);
    if (value !== undefined) return [value, 0];
    return fallback === undefined ? ["", codes.unset] : [fallback, 0];
  }

  keyword(parent, word) {
    const { codes } = this;
    const { pattern, steps } = this.locate(parent);
    if (!this.parents.has(pattern)) return ["", codes.unknown];
    const missing = steps.some((step) => step.index >= this.count(step.path));
    if (word === "_version") return this.versions[pattern] ? [this.versions[pattern], 0] : ["", codes.version];
    if (word === "_count") {
      if (!this.collections.has(pattern)) return ["", codes.count];
      return missing ? ["", codes.get] : [String(this.count(parent)), 0];
    }
    if (!this.children.has(pattern)) return ["", codes.children];
    return missing ? ["", codes.get] : [this.children.get(pattern), 0];
  }

  /** A status that a threshold of the manifest decides (2004, RTE 4.2.4 and 4.2.22). */
  judge(judged) {
    const threshold = this.values.get(judged.threshold);
    if (threshold === undefined || threshold === "") return undefined;
    const measure = this.values.get(judged.measure);
    if (measure === undefined || measure === "") return "unknown";
    return Number(measure) >= Number(threshold) ? judged.met : judged.unmet;
  }

  /** Whether a data store may be read ("r") or written ("w"): the manifest maps decide. */
  shared(pattern, steps, want) {
    if (pattern !== "adl.data.n.store") return true;
    const access = this.values.get(`${steps[0].item}._access`);
    return access === undefined || access.includes(want);
  }

  /** @returns the error code, 0 when the value is taken */
  set(element, value) {
    const code = this.refusal(element, value);
    if (code !== 0) return code;
    this.store(element, value);
    this.changed.set(element, value);
    return 0;
  }

  refusal(element, value) {
    const { codes } = this;
    if (element === "") return codes.set;
    const dot = element.lastIndexOf(".");
    if (KEYWORDS.includes(element.slice(dot + 1))) {
      const { pattern } = this.locate(dot < 0 ? "" : element.slice(0, dot));
      return this.parents.has(pattern) ? codes.keyword : codes.unknown;
    }
    const { pattern, steps } = this.locate(element);
    const rule = this.elements.get(pattern);
    if (!rule) return codes.unknown;
    if (rule[0] === "r") return codes.readOnly;
    const place = this.place(element, steps);
    if (place !== 0) return place;
    if (!this.shared(pattern, steps, "w")) return codes.readOnly;
    return this.content(element, value, this.types[rule[1]], steps) || this.room(element, value);
  }

  /** Order of indices, and what must be there first. */
  place(element, steps) {
    const { codes } = this;
    for (const { name, path, index, item } of steps) {
      const { fixed, first, needs } = this.collections.get(name);
      const count = this.count(path);
      if (needs && !this.values.has(`${path.slice(0, path.lastIndexOf("."))}.${needs}`)) return codes.depends;
      if (index > count || (fixed && index >= count)) return codes.order;
      if (index >= this.limits.items) return codes.full;
      if (first && index === count && element !== `${item}.${first}`) return codes.depends;
    }
    return 0;
  }

  /** Type and range of the value, then what it must not repeat. */
  content(element, value, type, steps) {
    const { codes } = this;
    let rule;
    if (type.kind === "response" || type.kind === "pattern") {
      rule = this.responses[this.values.get(`${steps[0].item}.type`)];
      if (!rule) return codes.depends;
      if (type.kind === "pattern" && rule.patterns === 1 && steps[1].index > 0) return codes.set;
    }
    const found = check(value, type, rule);
    if (found !== "ok") return codes[found];
    const step = steps[steps.length - 1];
    if (!step) return 0;
    const { first, unique, once } = this.collections.get(step.name);
    const key = element === `${step.item}.${first}`;
    if (once && key && this.values.has(element) && this.values.get(element) !== value) return codes.set;
    if (unique && key && this.repeats(step, first, value)) return codes.set;
    if (rule && rule.distinct && type.kind === "pattern" && this.repeats(step, "pattern", value, rule.set)) return codes.set;
    return 0;
  }

  repeats({ path, index }, name, value, asSet) {
    const form = (text) => (asSet ? text.split("[,]").sort().join("[,]") : text);
    for (let other = 0; other < this.count(path); other += 1) {
      const known = this.values.get(`${path}.${other}.${name}`);
      if (other !== index && known !== undefined && form(known) === form(value)) return true;
    }
    return false;
  }

  /** The bounds that the server has too; beyond them the SCO is told at once. */
  room(element, value) {
    const before = this.values.get(element);
    const bytes = this.bytes + weight(element, value) - (before === undefined ? 0 : weight(element, before));
    const full = bytes > this.limits.bytes || (before === undefined && this.values.size >= this.limits.elements);
    return full ? this.codes.full : 0;
  }

  /** Empties and returns the changes to send: { element: value }. */
  take() {
    const changes = Object.fromEntries(this.changed);
    this.changed.clear();
    return changes;
  }

  /** Puts back changes that could not be kept; newer values win. */
  giveBack(changes) {
    for (const [element, value] of Object.entries(changes)) {
      if (!this.changed.has(element)) this.changed.set(element, value);
    }
  }
}
