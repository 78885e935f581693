// What a value may look like, type by type, for both SCORM data models.
//
// A check answers "ok", "type" (not of that format) or "range" (right format,
// outside the bounds). Sources: SCORM 1.2 RTE, section 3.4.2; SCORM 2004 4th
// edition RTE, sections 4.1.1 (data types) and 4.2.9 (interactions). The
// server has the same rules in Rust: both run tests/vectors/*.json.

const REAL = /^-?(?:\d{1,20}(?:\.\d{1,20})?|\.\d{1,20})$/;
const INTEGER = /^[+-]?\d{1,6}$/;
const IDENTIFIER_12 = /^[\x21-\x7e]+$/;
// RFC 3986 without brackets (they are delimiters here), with RFC 3987's letters.
const IDENTIFIER = /^[^\s\x00-\x20\x7f"<>\\^`{|}[\]]+$/;
const URN = /^urn:[a-z0-9][a-z0-9-]{0,31}:./i;
const LANGUAGE = /^(?:[a-z]{2,3}|[ix])(?:-[a-z0-9]{1,8})*$/i;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,2})?$/;
const TIMESPAN = /^\d{2,4}:\d\d:\d\d(?:\.\d{1,2})?$/;
const DURATION =
  /^P(?=[\dT])(?:\d{1,10}Y)?(?:\d{1,10}M)?(?:\d{1,10}D)?(?:T(?=\d)(?:\d{1,10}H)?(?:\d{1,10}M)?(?:\d{1,10}(?:\.\d{1,2})?S)?)?$/;
// The zone is only allowed after a fraction of a second (RTE 4.1.1.7).
const TIMESTAMP =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:\.\d{1,2}(?:Z|[+-](\d\d)(?::(\d\d))?)?)?)?)?)?)?)?$/;

const all = (list, check) => list.every(check);

function timestamp(value) {
  const found = TIMESTAMP.exec(value);
  if (!found) return false;
  const [year, month, day, hour, minute, second, zoneHour, zoneMinute] = found
    .slice(1)
    .map((part) => (part === undefined ? undefined : Number(part)));
  const within = (part, low, high) => part === undefined || (part >= low && part <= high);
  const days = month === undefined ? 31 : new Date(Date.UTC(year, month, 0)).getUTCDate();
  return (
    within(year, 1970, 2038) && within(month, 1, 12) && within(day, 1, days) &&
    within(hour, 0, 23) && within(minute, 0, 59) && within(second, 0, 59) &&
    within(zoneHour, 0, 23) && within(zoneMinute, 0, 59)
  );
}

export function isIdentifier(value) {
  return IDENTIFIER.test(value) && (!/^urn:/i.test(value) || URN.test(value));
}

/** A text with an optional `{lang=xx}` in front. */
function isLocalized(value) {
  if (!value.startsWith("{lang=")) return true;
  const end = value.indexOf("}");
  return end > 0 && LANGUAGE.test(value.slice(6, end));
}

function number(value, type) {
  if (value === "" && type.blank) return "ok";
  if (!REAL.test(value)) return "type";
  return between(Number(value), type);
}

function between(value, type) {
  const low = type.min === undefined || value >= type.min;
  const high = type.max === undefined || value <= type.max;
  return low && high ? "ok" : "range";
}

/** Takes `{case_matters=…}` and `{order_matters=…}` off the front; undefined when one is wrong. */
function withoutOptions(value, names) {
  let rest = value;
  for (;;) {
    const found = /^\{(case_matters|order_matters)=([^}]*)\}/.exec(rest);
    if (!found || !names.includes(found[1])) return rest;
    if (found[2] !== "true" && found[2] !== "false") return undefined;
    rest = rest.slice(found[0].length);
  }
}

function isRange(value) {
  const bounds = value.split("[:]");
  if (bounds.length !== 2 || !all(bounds, (bound) => bound === "" || REAL.test(bound))) return false;
  return bounds.includes("") || Number(bounds[0]) <= Number(bounds[1]);
}

function isStep(step, pattern) {
  const at = step.indexOf("[.]");
  if (at < 0) return false;
  const [name, answer] = [step.slice(0, at), step.slice(at + 3)];
  if (name === "" && answer === "") return false;
  if (answer.includes("[.]")) return false;
  if (answer.includes("[:]") && !(pattern && isRange(answer))) return false;
  return name === "" || isIdentifier(name);
}

const FORMS = {
  boolean: (value) => value === "true" || value === "false",
  identifier: isIdentifier,
  identifiers: (value, rule) => {
    if (value === "") return true;
    const list = value.split("[,]");
    return all(list, isIdentifier) && (!rule.set || new Set(list).size === list.length);
  },
  texts: (value) => all(value.split("[,]"), isLocalized),
  text: isLocalized,
  pairs: (value) =>
    value === "" ||
    all(value.split("[,]"), (pair) => {
      const sides = pair.split("[.]");
      return sides.length === 2 && all(sides, isIdentifier);
    }),
  steps: (value, rule, pattern) => value === "" || all(value.split("[,]"), (step) => isStep(step, pattern)),
  number: (value, rule, pattern) => (pattern && value.includes("[:]") ? isRange(value) : REAL.test(value)),
  any: () => true,
};

/** A learner's response, or a correct response's pattern, for one type of interaction. */
function response(value, rule, pattern) {
  const body = pattern && rule.options ? withoutOptions(value, rule.options) : value;
  return body !== undefined && FORMS[rule.form](body, rule, pattern);
}

function navigation(value, type) {
  const target = /^\{target=([^}]+)\}([a-z]+)$/.exec(value);
  return target ? type.targeted.includes(target[2]) : type.of.includes(value);
}

const plain = (test) => (value) => (test(value) ? "ok" : "type");

const KINDS = {
  string: () => "ok",
  identifier12: plain((value) => IDENTIFIER_12.test(value)),
  identifier: plain(isIdentifier),
  localized: plain(isLocalized),
  language: plain((value) => value === "" || LANGUAGE.test(value)),
  real: number,
  integer: (value, type) => (INTEGER.test(value) ? between(Number(value), type) : "type"),
  vocabulary: (value, type) => (type.of.includes(value) || (type.real && REAL.test(value)) ? "ok" : "type"),
  time: plain((value) => TIME.test(value)),
  timespan: plain((value) => TIMESPAN.test(value)),
  duration: plain((value) => DURATION.test(value)),
  timestamp: plain(timestamp),
  navigation: (value, type) => (navigation(value, type) ? "ok" : "type"),
  response: (value, type, rule) => (response(value, rule, false) ? "ok" : "type"),
  pattern: (value, type, rule) => (response(value, rule, true) ? "ok" : "type"),
};

/**
 * Checks a value against a type of datamodel.json.
 * `rule` is the entry of `responses` for the interaction's type, when there is one.
 */
export function check(value, type, rule) {
  // Half of a surrogate pair is no character (ISO 10646): it would not come back as it went.
  if (/[\ud800-\udfff]/u.test(value)) return "type";
  // `max` is a maximum (1.2); `spm` only says what a system must at least keep (2004).
  if (type.max !== undefined && type.kind !== "real" && type.kind !== "integer" && value.length > type.max) return "type";
  return KINDS[type.kind](value, type, rule);
}
