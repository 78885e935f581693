// What a person with a keyboard and no pointer can do, and what must be true at
// each stop of the focus: a name, a mark that one sees, in view, in the order of
// the page, never twice the same. Only ever presses keys; it reads, it does not help.
import assert from "node:assert/strict";

const SKIP = "Aller au contenu";
const END = Symbol("the end of the page");

/** Runs in a document: what holds the focus there, and what is wrong with how it shows. */
function look() {
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return null;
  const clean = (text) => (text ?? "").replace(/\s+/g, " ").trim();
  const text = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE || node.hidden || node.getAttribute("aria-hidden") === "true") return "";
    return node.getAttribute("aria-label") ?? node.getAttribute("alt") ?? [...node.childNodes].map(text).join("");
  };
  const tag = element.localName;
  const byId = (element.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)).filter(Boolean);
  const own = ["input", "select", "textarea", "iframe"].includes(tag) ? "" : text(element);
  const name = byId.map(text).join(" ") || element.getAttribute("aria-label") || [...(element.labels ?? [])].map(text).join(" ") || own || element.title;

  // The pieces of it that are inside the window and inside whatever scrolls around it.
  const pieces = [];
  let scroller = null;
  for (const rect of element.getClientRects()) {
    let { left, top, right, bottom } = rect;
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).overflow === "visible") continue;
      const box = at.getBoundingClientRect();
      [left, top, right, bottom] = [Math.max(left, box.left), Math.max(top, box.top), Math.min(right, box.right), Math.min(bottom, box.bottom)];
      scroller ??= at;
    }
    [left, top, right, bottom] = [Math.max(left, 0), Math.max(top, 0), Math.min(right, innerWidth), Math.min(bottom, innerHeight)];
    if (right - left >= 4 && bottom - top >= 4) pieces.push({ left, top, right, bottom });
  }
  const POINTS = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]];
  const shown = pieces.filter(({ left, top, right, bottom }) => POINTS.some(([x, y]) => {
    const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
    return hit && (element.contains(hit) || hit.control === element || [...(element.labels ?? [])].some((label) => label.contains(hit)));
  }));

  // The mark: an outline of two pixels at least, that stands out of what is around.
  const parts = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const light = (colour) => parts(colour).slice(0, 3).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, n) => sum + part * [0.2126, 0.7152, 0.0722][n], 0);
  const solid = (colour) => colour.startsWith("rgb") && (parts(colour)[3] ?? 1) > 0.5;
  const style = getComputedStyle(element);
  let ground = element.parentElement;
  while (ground && !solid(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
  const under = light(ground ? getComputedStyle(ground).backgroundColor : "rgb(255, 255, 255)");
  const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && solid(style.outlineColor);
  const mark = drawn ? light(style.outlineColor) : under;
  const contrast = (Math.max(mark, under) + 0.05) / (Math.min(mark, under) + 0.05);

  const wrong = [];
  if (!clean(name)) wrong.push("has no name");
  if (element.tabIndex > 0) wrong.push("jumps the queue with a tabindex");
  // The button of a date field is drawn by the browser, with a mark of its own.
  if (tag !== "iframe" && tag !== "main" && element.type !== "date" && contrast < 3) wrong.push("shows no mark of the focus");
  if (!pieces.length) wrong.push("is out of view");
  else if (tag !== "iframe" && !shown.length) wrong.push("is covered by something else");
  const rect = element.getBoundingClientRect();
  const everything = [...document.querySelectorAll("*")];
  return {
    tag, wrong,
    type: element.getAttribute("type") ?? "",
    // Day, month, year and calendar: a date is one field of several stops.
    stops: element.type === "date" ? 4 : 1,
    id: element.id,
    name: clean(name),
    group: clean(element.closest("fieldset")?.querySelector("legend")?.textContent),
    row: clean(element.closest("tr")?.querySelector("th")?.textContent),
    value: element.value ?? "",
    checked: Boolean(element.checked),
    open: Boolean(element.parentElement?.open),
    // Where it is: in the order of the document, on the page, and in the window.
    doc: performance.timeOrigin,
    place: everything.indexOf(element),
    scroller: everything.indexOf(scroller),
    spot: { left: rect.left, top: rect.top + scrollY, right: rect.right, bottom: rect.bottom + scrollY },
    box: shown[0] ?? pieces[0] ?? null,
    origin: [rect.left + element.clientLeft, rect.top + element.clientTop],
  };
}

/** What holds the focus of the page, through the frames that hold it in turn; null when nothing does. */
export async function focused(page) {
  let frame = page.mainFrame();
  const around = [];
  for (;;) {
    const stop = await frame.evaluate(look);
    if (!stop) return around.length ? { ...around.pop(), around } : null;
    if (stop.tag !== "iframe") return { ...stop, around };
    around.push(stop);
    const holder = await frame.evaluateHandle(() => document.activeElement);
    const inside = await holder.asElement()?.contentFrame();
    if (!inside) return { ...around.pop(), around };
    frame = inside;
  }
}

export const say = (stop) => (stop ? `${stop.tag}${stop.type && `[${stop.type}]`} “${stop.name}”` : "nothing");

/** What is wrong with a stop, frames around it included. */
function faults(stop, { width, height }) {
  const wrong = [...stop.wrong];
  if (stop.box && stop.around.length) {
    const [x, y] = stop.around.reduce(([left, top], { origin }) => [left + origin[0], top + origin[1]], [0, 0]);
    const { left, top, right, bottom } = stop.box;
    if (right + x < 4 || bottom + y < 4 || left + x > width - 4 || top + y > height - 4) wrong.push("is in a part of its frame that is out of view");
  }
  return wrong;
}

/** What is wrong with going from one stop to the next one, forwards. */
function leap(from, to) {
  const [before, after] = [[...from.around, from], [...to.around, to]];
  for (let depth = 0; depth < Math.min(before.length, after.length); depth += 1) {
    const [a, b] = [before[depth], after[depth]];
    if (a.doc !== b.doc) return null;
    if (a.place > b.place) return "comes before it in the page";
    if (a.place < b.place) {
      // In a table that scrolls, headers that stay in view have no place of their own.
      const above = a.scroller === -1 && b.scroller === -1 && b.spot.bottom <= a.spot.top + 1 && b.spot.left < a.spot.right;
      // The link that skips lies over the page, and is first whatever is below it.
      return above && a.name !== SKIP ? "is above it on the screen" : null;
    }
  }
  return before.length === after.length && from.stops === 1 ? "is the same: the focus is trapped" : null;
}

const matches = (stop, wanted) => (wanted instanceof RegExp ? wanted.test(stop.name) : stop.name === wanted);

/** The keyboard of a page. */
export class Keyboard {
  constructor(page) {
    this.page = page;
    this.last = END;
  }

  /** What holds the focus now, once nothing is wrong with it; fails if that does not come. */
  async here() {
    const until = Date.now() + 3000;
    for (;;) {
      const stop = await focused(this.page);
      const wrong = stop ? faults(stop, this.page.viewportSize()) : [];
      if (!wrong.length) return stop;
      // Frames scroll into view a little after the focus came.
      assert.ok(Date.now() < until, `${new URL(this.page.url()).pathname}: ${say(stop)} ${wrong.join(", ")}`);
      await this.page.evaluate(() => new Promise(requestAnimationFrame));
    }
  }

  /** One step forwards, or backwards. The first step into a page is the link that skips to its content. */
  async tab(back = false) {
    const { page, last } = this;
    await page.keyboard.press(back ? "Shift+Tab" : "Tab");
    // Into a frame and out of it the focus comes in several times, and is nowhere between.
    const same = (stop) => last && last !== END && stop.doc === last.doc && stop.place === last.place && last.stops === 1;
    const between = (stop) => !stop || stop.tag === "iframe" || same(stop);
    const until = Date.now() + 2000;
    let stop = await this.here();
    while (page.frames().length > 1 && between(stop) && Date.now() < until) {
      await page.evaluate(() => new Promise(requestAnimationFrame));
      stop = await this.here();
    }
    if (stop && last && last !== END) {
      const wrong = back ? leap(stop, last) : leap(last, stop);
      assert.equal(wrong, null, `${new URL(page.url()).pathname}: from ${say(last)} ${back ? "back " : ""}to ${say(stop)}: one ${wrong}`);
    }
    if (last === END && !back) assert.equal(stop?.name, SKIP, "the first stop of the page");
    this.last = stop ?? END;
    return stop;
  }

  /** Steps until what has that name; `back` goes backwards, `also` asks more of it than its name. */
  async to(wanted, { back = false, most = 90, also = () => true } = {}) {
    const passed = [];
    for (let step = 0; step < most; step += 1) {
      const stop = await this.tab(back);
      if (stop && matches(stop, wanted) && also(stop)) return stop;
      passed.push(say(stop));
      if (!stop) break;
    }
    return assert.fail(`${new URL(this.page.url()).pathname}: no way to ${wanted} ${back ? "backwards " : ""}by ${passed.join(", ")}`);
  }

  /** The page moved the focus by itself: the next step starts from there. */
  moved() {
    this.last = null;
  }

  /** Waits until what the page moved the focus to is as expected. */
  async until(expected) {
    const until = Date.now() + 10000;
    for (;;) {
      const stop = await focused(this.page);
      if (stop && expected(stop)) break;
      assert.ok(Date.now() < until, `${this.page.url()}: the focus stays on ${say(stop)}`);
      await this.page.evaluate(() => new Promise(requestAnimationFrame));
    }
    this.moved();
  }

  /** A key that is not a step: the page may change under it. */
  async press(key) {
    this.moved();
    await this.page.keyboard.press(key);
  }

  /** A new page: the next step is its first stop, unless the page chose another place. */
  async arrived() {
    const { page } = this;
    await page.waitForFunction(() => !window.leaving && document.readyState === "complete");
    const stop = await focused(page);
    const anchored = await page.evaluate(() => Boolean(location.hash && document.querySelector(":target")));
    this.last = stop || anchored ? null : END;
  }

  /** Presses a key that leads to another page, and waits for that page. */
  async leave(key = "Enter") {
    const { page } = this;
    await page.evaluate(() => { window.leaving = true; });
    await this.press(key);
    await this.arrived();
  }

  /** Goes to a link or a button, presses it, and waits for the page it leads to. */
  async follow(wanted, options = {}) {
    await this.to(wanted, options);
    await this.leave(options.key);
  }

  /** Over the head of the page, by the link that is there for that. */
  async skip() {
    if (this.last?.name !== SKIP) await this.to(SKIP, { most: 1 });
    await this.press("Enter");
    await this.page.waitForFunction(() => document.activeElement?.localName === "main");
    this.last = await focused(this.page);
  }

  /** Goes to a field and writes in the place of what it holds. */
  async write(wanted, text, options) {
    const stop = await this.to(wanted, options);
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.type(text);
    const now = await this.here();
    assert.equal(now.value, text, `what is written in ${say(stop)}`);
  }

  /** Goes to a list of choices and takes one, by its first letters. */
  async choose(wanted, letters, options) {
    await this.to(wanted, options);
    await this.page.keyboard.type(letters);
  }

  /** Unfolds what a summary hides. */
  async unfold(wanted, options) {
    const stop = await this.to(wanted, options);
    assert.equal(stop.tag, "summary");
    if (stop.open) return;
    await this.press("Enter");
    await this.page.waitForFunction((place) => document.querySelectorAll("*")[place].parentElement.open, stop.place);
  }

  /** All the stops from here to the end of the page; backwards, to its first one. */
  async out(back = false, most = 150) {
    const passed = [];
    for (let step = 0; step < most; step += 1) {
      const stop = await this.tab(back);
      if (stop) passed.push(say(stop));
      if (!stop || (back && stop.name === SKIP)) return passed;
    }
    return assert.fail(`${this.page.url()}: the focus never leaves the page: ${passed.slice(-6).join(", ")}`);
  }

  /** The whole page from its first stop to its last, and back by the same: nothing holds the focus. */
  async round() {
    if (this.last !== END) await this.out();
    const forwards = await this.out();
    const backwards = await this.out(true);
    assert.deepEqual(backwards.reverse(), forwards, "what one meets backwards and forwards");
    return forwards;
  }
}
