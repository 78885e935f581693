// The two SCORM APIs: API_1484_11 (2004) and API (1.2). States and error codes
// of the calls; values are judged by cmi.js. Sources: SCORM 2004 4th edition
// RTE, section 3; SCORM 1.2 RTE, section 3.3.

const MAX_TEXT = 1000;
const RING_BYTES = 256 * 1024;
const COMMIT_CALLS_BYTES = 24 * 1024;

/** The last calls of a SCO, for whoever has to find out what happened. */
export class CallRing {
  constructor(now) {
    this.now = now;
    this.start = now();
    this.calls = [];
    this.bytes = 0;
    /** Values refused that have not been sent yet: somebody is to see them. */
    this.refusals = 0;
  }

  add(name, element, value, answer, code) {
    const call = [this.now() - this.start, name, cut(element), cut(value), cut(answer), String(code)];
    const size = JSON.stringify(call).length;
    this.calls.push([call, size]);
    this.bytes += size;
    if (name === "SetValue" && answer === "false") this.refusals += 1;
    while (this.bytes > RING_BYTES) {
      const [[, old, , , said], weight] = this.calls.shift();
      this.bytes -= weight;
      if (old === "SetValue" && said === "false") this.refusals -= 1;
    }
    return call;
  }

  /** Whether it no longer fits in one commit. */
  get isLong() {
    return this.bytes > COMMIT_CALLS_BYTES;
  }

  /** Takes the oldest calls, as many as fit in a commit that leaves with the page. */
  take() {
    const taken = [];
    let room = COMMIT_CALLS_BYTES;
    while (this.calls.length > 0 && this.calls[0][1] <= room) {
      const [call, size] = this.calls.shift();
      taken.push(call);
      room -= size;
      this.bytes -= size;
      if (call[1] === "SetValue" && call[4] === "false") this.refusals -= 1;
    }
    return taken;
  }
}

const cut = (text) => wellFormed(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

/** Half of a surrogate pair is no character: the log could not carry it. */
function wellFormed(text) {
  if (!/[\ud800-\udfff]/.test(text)) return text;
  return Array.from(text, (letter) => (/^[\ud800-\udfff]$/.test(letter) ? "\ufffd" : letter)).join("");
}

/** What a script passes as a text: numbers and booleans too. */
const textOf = (value) => (value === undefined || value === null ? "" : String(value));

// [before initialisation, after termination] by kind of call.
const STATES = {
  2004: { initialize: [103, 104], terminate: [112, 113], get: [122, 123], set: [132, 133], commit: [142, 143] },
  "1.2": { initialize: [101, 101], terminate: [301, 301], get: [301, 301], set: [301, 301], commit: [301, 301] },
};
const NOT_KEPT = { "1.2": 101, 2004: 391 };
const NOT_BEGUN = { "1.2": 101, 2004: 102 };
const NOT_ENDED = { "1.2": 101, 2004: 111 };

export class Runtime {
  /**
   * @param keep (end) → whether the changes are kept on this device
   * @param unreachable () → whether work has stopped reaching the server
   * @param onEnd called after a successful Terminate
   * @param onStart called after a successful Initialize
   * @param again (ended) → the data model of a new session, when another page than the one that began
   *   this session calls Initialize; null when it is the same page
   * @param onDeaf called when a page whose session has ended begins again (""), or sets an element
   * @param gone () → whether the player's own window is no more, so that nothing can be kept
   */
  constructor({ cmi, standard, errors, ring, keep, unreachable, onEnd, onStart = () => {}, again = () => null, onDeaf = () => {}, gone = () => false }) {
    Object.assign(this, { cmi, standard, errors, ring, keep, unreachable, onEnd, onStart, again, onDeaf, gone });
    /** "new", "running" or "ended" */
    this.state = "new";
    this.code = 0;
    this.about = "";
  }

  /** The object that the SCO looks for in its parents. */
  api() {
    const { standard } = this;
    const call = (name, work) => (first, second) => this.call(name, work, textOf(first), textOf(second));
    const calls = {
      Initialize: call("Initialize", (argument) => this.initialize(argument)),
      Terminate: call("Terminate", (argument) => this.terminate(argument)),
      GetValue: call("GetValue", (element) => this.getValue(element)),
      SetValue: call("SetValue", (element, value) => this.setValue(element, value)),
      Commit: call("Commit", (argument) => this.commit(argument)),
      GetLastError: () => String(this.code),
      GetErrorString: (code) => this.errors[textOf(code)] || "",
      GetDiagnostic: (code) => this.diagnostic(textOf(code)),
    };
    if (standard === "2004") return Object.freeze({ version: "1.0", ...calls });
    const old = {};
    for (const [name, work] of Object.entries(calls)) old[name === "Terminate" ? "LMSFinish" : `LMS${name}`] = work;
    return Object.freeze(old);
  }

  call(name, work, first, second) {
    // A call that sends what was logged is in what it sends, as it is about to be answered.
    const sends = this.state === "running" && first === "" && (name === "Terminate" || name === "Commit");
    const call = sends ? this.ring.add(name, first, second, "true", 0) : null;
    const [answer, code] = work(first, second);
    this.code = code;
    this.about = code === 0 ? "" : first;
    if (call === null) this.ring.add(name, first, second, answer, code);
    else if (code !== 0) call.splice(4, 2, answer, String(code));
    if (name === "Terminate" && answer === "true") this.onEnd();
    return answer;
  }

  /** The code to answer when a call comes too early or too late; 0 when it may go on. */
  early(kind) {
    const [before, after] = STATES[this.standard][kind];
    if (this.state === "running") return 0;
    return this.state === "new" ? before : after;
  }

  initialize(argument) {
    if (argument !== "") return ["false", 201];
    if (this.gone()) return ["false", NOT_BEGUN[this.standard]];
    if (this.state !== "new") {
      // The states of the calls are those of one page (RTE 3.1.5): a page that comes back has its own.
      const cmi = this.again(this.state === "ended");
      if (cmi === null) return this.begun();
      this.cmi = cmi;
    }
    this.state = "running";
    this.onStart();
    return ["true", 0];
  }

  /** The session of this page has begun, or has been: it does not begin twice. */
  begun() {
    const [already, ended] = STATES[this.standard].initialize;
    if (this.state === "running") return ["false", already];
    this.onDeaf("");
    return ["false", ended];
  }

  terminate(argument) {
    if (argument !== "") return ["false", 201];
    const early = this.early("terminate");
    if (early !== 0) return ["false", early];
    this.state = "ended";
    return this.keep(true) ? ["true", 0] : ["false", NOT_ENDED[this.standard]];
  }

  getValue(element) {
    const early = this.early("get");
    return early === 0 ? this.cmi.get(element) : ["", early];
  }

  setValue(element, value) {
    const early = this.early("set");
    if (early !== 0 && this.state === "ended") this.onDeaf(element);
    const lost = this.gone() ? this.cmi.codes.full : 0;
    const code = early || lost || this.cmi.set(element, value);
    return [code === 0 ? "true" : "false", code];
  }

  commit(argument) {
    if (argument !== "") return ["false", 201];
    const early = this.early("commit");
    if (early !== 0) return ["false", early];
    const kept = this.keep(false);
    // Kept here, but the server has not been reached for a while: say so.
    return kept && !this.unreachable() ? ["true", 0] : ["false", NOT_KEPT[this.standard]];
  }

  diagnostic(asked) {
    const code = asked === "" ? String(this.code) : asked;
    const text = this.errors[code];
    if (!text) return "";
    const about = code === String(this.code) && this.about !== "" ? `${text}: ${this.about}` : text;
    return about.slice(0, 255);
  }
}
