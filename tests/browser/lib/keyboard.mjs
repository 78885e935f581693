// What a person with a keyboard and no pointer can do, and what must be true at
// each stop: a name, a visible mark of the focus, in view, in the order of the page.
import assert from "node:assert/strict";

/** Runs in the page: what holds the focus in this document, and what is wrong with how it shows. */
function look() {
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return null;
  const tag = element.localName;
  const style = getComputedStyle(element);
  const clean = (text) => text.replace(/\s+/g, " ").trim();
  const text = (node) => {
    if (node.nodeType === 3) return node.data;
    if (node.nodeType !== 1 || node.hidden || node.getAttribute("aria-hidden") === "true") return "";
    return node.getAttribute("aria-label") ?? node.getAttribute("alt") ?? [...node.childNodes].map(text).join("");
  };
  const ids = (element.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
  const named = ids.map((id) => document.getElementById(id)).filter(Boolean).map(text).join(" ")
    || element.getAttribute("aria-label")
    || [...(element.labels ?? [])].map(text).join(" ")
    || (["input", "select", "textarea", "iframe"].includes(tag) ? "" : text(element))
    || element.title;
  const group = element.type === "radio" && element.closest("fieldset")?.querySelector("legend");
  // The pieces of it that a reader can see: inside the window and inside whatever scrolls around it.
  const pieces = [];
  for (const rect of element.getClientRects()) {
    let [left, top, right, bottom] = [rect.left, rect.top, rect.right, rect.bottom];
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).overflow === "visible") continue;
      const box = at.getBoundingClientRect();
      [left, top, right, bottom] = [Math.max(left, box.left), Math.max(top, box.top), Math.min(right, box.right), Math.min(bottom, box.bottom)];
    }
    [left, top, right, bottom] = [Math.max(left, 0), Math.max(top, 0), Math.min(right, innerWidth), Math.min(bottom, innerHeight)];
    if (right - left >= 2 && bottom - top >= 2) pieces.push({ left, top, right, bottom });
  }
  const shows = pieces.filter(({ left, top, right, bottom }) => [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]].some(([x, y]) => {
    const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
    return hit && (element.contains(hit) || hit.contains(element) && !hit.matches("main, body, html"));
  }));
  const alpha = /rgba\(.*,\s*([\d.]+)\)$/.exec(style.outlineColor);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && !(alpha && Number(alpha[1]) < 0.5);
  const frame = tag === "iframe";
  const wrong = [];
  if (!clean(named)) wrong.push("has no name");
  if (element.tabIndex > 0) wrong.push("jumps the queue (positive tabindex)");
  if (!frame && !ring) wrong.push("has no visible focus");
  if (!pieces.length) wrong.push("is out of view");
  else if (!shows.length) wrong.push("is covered by something else");
  const [box] = shows.length ? shows : pieces;
  return {
    tag,
    type: element.getAttribute("type"),
    id: element.id,
    name: clean(named),
    group: group ? clean(text(group)) : "",
    region: element.closest("header, nav, main, footer, aside")?.localName ?? "",
    place: [...document.querySelectorAll("*")].indexOf(element),
    checked: Boolean(element.checked),
    value: element.value ?? "",
    frame,
    box,
    wrong,
  };
}

const say = (stop) => (stop ? `${stop.tag}${stop.type ? `[${stop.type}]` : ""} “${stop.name}”` : "nothing");

/** What holds the focus, through the frames that hold it in turn. */
async function focused(page) {
  let frame = page.mainFrame();
  const around = [];
  for (;;) {
    const stop = await frame.evaluate(look);
    if (!stop?.frame) return stop && { ...stop, around, depth: around.length };
    around.push(stop);
    const holder = await frame.evaluateHandle(() => document.activeElement);
    const inside = await holder.asElement()?.contentFrame();
    if (!inside) return { ...stop, around, depth: around.length };
    const within = await inside.evaluate(look);
    if (!within) return { ...stop, around, depth: around.length };
    frame = inside;
  }
}
export { focused, look, say };
