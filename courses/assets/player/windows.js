// The windows that content runs in: its frame, the frames within, and the
// windows that it opens itself. Knows nothing of SCORM: it tells whether the
// page that calls may be another one than before, which the call does not say.

/** Frames within frames, and windows opened from windows, looked at at most. */
const DEPTH = 12;

/** The document of a window, or null: it is closed, or another site's. */
function documentOf(window) {
  try {
    return window.closed ? null : window.document;
  } catch (error) {
    return null;
  }
}

/** Whether a call of `open` asked for a window that it does not want to know. */
const letsGo = (features) => /\bno(?:opener|referrer)\b(?!\s*=\s*(?:no|0|false)\b)/i.test(String(features ?? ""));

export class Windows {
  /**
   * @param root () → the window of the content's frame
   * @param onBlocked a window was asked for, and the content has no hold on it
   */
  constructor(root, onBlocked = () => {}) {
    this.root = root;
    this.onBlocked = onBlocked;
    /** Windows that content opened. */
    this.opened = new Set();
    /** Documents in which `open` is listened to. */
    this.heard = new WeakSet();
  }

  /** Every document that can be reached, the tops first: the frame's, then those of windows. */
  documents() {
    const found = [];
    const visit = (window, depth) => {
      const document = documentOf(window);
      if (document === null) return;
      found.push(document);
      if (depth === 0) return;
      for (let at = 0; at < window.length; at += 1) visit(window[at], depth - 1);
    };
    visit(this.root(), DEPTH);
    for (const window of this.alive()) visit(window, DEPTH);
    return found;
  }

  /** The page in the content's frame, and the page in each window that it opened. */
  tops() {
    return [this.root(), ...this.alive()].map(documentOf).filter((document) => document !== null);
  }

  /** Windows of the content that are still open. */
  alive() {
    for (const window of this.opened) if (window.closed) this.opened.delete(window);
    return [...this.opened];
  }

  /** Listens for the windows that content opens, wherever it is now. */
  watch() {
    for (const document of this.documents()) {
      if (this.heard.has(document)) continue;
      this.heard.add(document);
      const window = document.defaultView;
      if (!window) continue;
      const { open } = window;
      window.open = (...wanted) => {
        const opened = open.apply(window, wanted);
        // One of its own frames may have that name: only windows are kept.
        if (opened) {
          if (opened.top === opened && opened !== this.root().top) this.opened.add(opened);
        } else if (!letsGo(wanted[2])) {
          this.onBlocked();
        }
        return opened;
      };
    }
  }

  /** What is there now, to be compared with what will be. */
  mark() {
    return { documents: new Set(this.documents()), tops: new Set(this.tops()) };
  }

  /** Whether a page has come since. */
  hasNew({ documents }) {
    return this.documents().some((document) => !documents.has(document));
  }

  /** Whether a page has gone since, of the frame or of a window, and another has come. */
  hasReplaced({ tops }) {
    const now = this.tops();
    return [...tops].some((document) => !now.includes(document)) && now.some((document) => !tops.has(document));
  }

  /** Closes what content opened, and waits until it has had its say. */
  async close(wait) {
    for (const window of this.alive()) {
      try {
        // Within a sandbox only its opener may close a window, and we are not that: it closes itself.
        window.setTimeout("window.close()", 0);
      } catch (error) {
        window.close();
      }
    }
    for (let tries = 0; tries < 20 && this.alive().length > 0; tries += 1) await wait(50);
    this.opened.clear();
  }

  /** Says something in the windows that stay behind; gives what takes it back. */
  tell(text) {
    const told = this.alive().map((window) => {
      const document = documentOf(window);
      if (!document || !document.body) return null;
      const line = document.createElement("p");
      line.setAttribute("role", "alert");
      line.textContent = text;
      // The page is the content's: no class of ours is known there.
      Object.assign(line.style, {
        position: "fixed", inset: "0 0 auto 0", zIndex: "2147483647", margin: "0", padding: "12px 16px",
        background: "#fbf9f4", color: "#96201c", borderBottom: "3px solid #96201c", font: "18px/1.4 system-ui, sans-serif",
      });
      document.body.append(line);
      return line;
    });
    return () => { for (const line of told) if (line) line.remove(); };
  }
}
