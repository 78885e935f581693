// From one session of a SCO to the next without asking the server: a SCO that
// is opened again in the same page, or work of an earlier launch that is still
// in this device's queue. The server applies the same rules (model/launch.rs).

const NAMES = {
  "1.2": { exit: "cmi.core.exit", session: "cmi.core.session_time", total: "cmi.core.total_time", entry: "cmi.core.entry", mode: "cmi.core.lesson_mode" },
  2004: { exit: "cmi.exit", session: "cmi.session_time", total: "cmi.total_time", entry: "cmi.entry", mode: "cmi.mode" },
};

const UNITS = { Y: 365 * 86400, M: 30 * 86400, D: 86400, TH: 3600, TM: 60, TS: 1 };

/** Hundredths of a second, from either notation; 0 when there is none. */
export function hundredths(text) {
  if (!text) return 0;
  const clock = /^(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(text);
  if (clock) return Math.round((Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3])) * 100);
  let seconds = 0;
  let time = "";
  for (const [, amount, letter] of text.matchAll(/(\d+(?:\.\d+)?)?([YMDTHS])/g)) {
    if (letter === "T") time = "T";
    else seconds += Number(amount || 0) * UNITS[time + letter];
  }
  return Math.round(seconds * 100);
}

/** The notation of a standard. */
export function spanOf(total, standard) {
  const [hours, minutes, seconds, rest] = [Math.floor(total / 360000), Math.floor(total / 6000) % 60, Math.floor(total / 100) % 60, total % 100];
  const two = (number) => String(number).padStart(2, "0");
  if (standard === "1.2") return `${String(Math.min(hours, 9999)).padStart(4, "0")}:${two(minutes)}:${two(seconds)}.${two(rest)}`;
  return `PT${hours}H${minutes}M${seconds}${rest ? `.${two(rest)}` : ""}S`;
}

/**
 * The values that a SCO finds when it is opened once more.
 * @param values element → value at the end of its last session
 * @param ended false when the session was cut off
 */
export function nextSession(description, standard, values, ended) {
  const names = NAMES[standard];
  const suspended = values[names.exit] === "suspend" || values["adl.nav.request"] === "suspendAll";
  const resumed = suspended || !ended;
  const review = values[names.mode] === "review";
  const next = {};
  if (standard === "2004" && !resumed && !review) {
    // A new learner attempt: only what the platform gives is there.
    const { elements } = description[standard];
    for (const [element, value] of Object.entries(values)) {
      const rule = elements[element.replace(/\.\d+(?=\.|$)/g, ".n")];
      if ((rule && rule[0] === "r") || element.startsWith("adl.data.")) next[element] = value;
    }
    delete next[names.total];
    next[names.entry] = "ab-initio";
    return next;
  }
  Object.assign(next, values);
  const total = hundredths(values[names.total]) + hundredths(values[names.session]);
  for (const name of [names.exit, names.session, "adl.nav.request"]) delete next[name];
  if (total > 0) next[names.total] = spanOf(total, standard);
  next[names.entry] = resumed && !review ? "resume" : "";
  return next;
}

/**
 * The state of a launch, brought up to date with commits of earlier launches
 * that had not left this device yet when the server prepared it.
 */
export function withQueued(description, standard, state, items) {
  if (items.length === 0) return state;
  const values = Object.assign({}, state);
  for (const { set } of items) Object.assign(values, set);
  const { exit, entry } = NAMES[standard];
  // A platform that says "resume" knows of an exit that the queue did not repeat.
  const known = state[entry] !== "resume" || items.some(({ set }) => exit in set);
  return nextSession(description, standard, values, known && items[items.length - 1].end);
}
