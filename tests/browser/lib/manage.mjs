// Steps of a course from its packages to its certificates, each taken through the pages
// as a person takes it, and what every page of ours must satisfy.
import assert from "node:assert/strict";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { scoFrame } from "./server.mjs";

/** Page of the golf packages that holds their questions, the last one. */
const QUESTIONS = "shared/assessmenttemplate.html";

/** A package that others made; the folder is the caller's to name. */
export function packageFile(name) {
  const folder = process.env.PASSERELLE_PACKAGES;
  if (!folder) throw new Error("PASSERELLE_PACKAGES must name the folder of the SCORM packages");
  return join(folder, `${name}.zip`);
}

async function faults(page, unless = []) {
  const axe = new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]);
  for (const part of unless) axe.exclude(part);
  const { violations } = await axe.analyze();
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

const isWithin = (frame) => frame.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1);

const PATIENCE = 120_000;
const found = new Set();

/**
 * What holds on every page of ours: axe finds nothing, nothing scrolls sideways. Looked at once
 * for each name and width: how content is hosted changes none of them but the player's.
 */
export async function sound(page, name, unless = []) {
  const { width } = page.viewportSize();
  if (found.has(`${name} ${width}`)) return;
  found.add(`${name} ${width}`);
  // PASSERELLE_SHOTS names a folder in which to keep what each page looked like.
  if (process.env.PASSERELLE_SHOTS) {
    const path = join(process.env.PASSERELLE_SHOTS, `${name}-${width}.png`);
    await page.screenshot({ path, fullPage: unless.length === 0 });
  }
  assert.deepEqual(await faults(page, unless), [], `${name} at ${width} pixels`);
  assert.ok(await isWithin(page), `${name} scrolls sideways at ${width} pixels`);
}

/** The same on a computer and on a phone. */
export async function looked(page, name) {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    await sound(page, name);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** The page says so, above its content. */
export const told = (page, text) => page.locator(".notice", { hasText: text }).waitFor();
const press = (place, name) => place.getByRole("button", { name }).first().click();

/** The frame of the player, which is ours too, around the one of the SCO, which is not. */
const player = (page) => page.frameLocator("iframe[name=player]");

/**
 * A browser whose storage is parted by site, as people have it: frames of another site, which
 * content is, have a storage. Playwright switches that off, and then some builds leave them none.
 */
export async function browse() {
  const browser = await chromium.launch({
    executablePath: process.env.PASSERELLE_CHROMIUM || "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
      // The last list of the command line holds: this one takes the place of Playwright's.
      "--disable-features=Translate,MediaRouter,OptimizationHints",
    ],
  });
  return {
    async newContext(options) {
      const context = await browser.newContext(options);
      // States are waited for, and a machine at work on much else takes its time to reach them.
      context.setDefaultTimeout(PATIENCE);
      return context;
    },
    close: () => browser.close(),
  };
}

// ---- Packages ----

/** Sends a package from the import form that is open, held on its way until its progress was seen. */
export async function sendPackage(page, file) {
  let pass;
  const seen = new Promise((go) => { pass = go; });
  const held = async (route) => { await seen; await route.continue(); };
  await page.route("**/gestion/contenus/importer", held, { times: 1 });
  await page.setInputFiles('input[name="package"]', file);
  await press(page, "Importer ce contenu");
  await page.locator("[data-upload-words]", { hasText: "Envoi :" }).waitFor();
  await page.getByRole("progressbar", { name: "Avancée de l’envoi" }).waitFor();
  await sound(page, "import-under-way");
  pass();
}

// ---- Courses ----

export const SHEET = {
  summary: "Deux modules pour découvrir le golf, et de quoi vérifier ce que l’on a retenu.",
  audience: "Toute personne qui n’a jamais joué.",
  prerequisites: "Aucun.",
  objective: "Expliquer le déroulement d’une partie",
  hours: "4",
  minutes: "0",
  answer_hours: "48",
  programme: "- Les règles\n- Le handicap\n- Le plaisir de jouer",
  modalities: "À distance, à son rythme, avec une tutrice.",
  methods: "Lectures et questions.",
  assessment: "Un questionnaire à la fin de chaque module.",
  access: "Inscription auprès du centre ; entrée sous une semaine.",
  price: "Gratuit.",
  contact: "contact@exemple.fr",
  accessibility: "Aménagements possibles : handicap@exemple.fr",
  results: "Première session.",
};

export async function fillSheet(page) {
  for (const [name, text] of Object.entries(SHEET)) await page.fill(`main [name="${name}"]`, text);
  await press(page, "Enregistrer la fiche");
  await told(page, "La fiche est enregistrée.");
}

/** Opens the form that adds an activity of that kind to a week. */
export async function beginActivity(page, course, week, kind) {
  await page.goto(course);
  await page.locator("section.plan-week").nth(week - 1).locator("a", { hasText: new RegExp(`^\\s*${kind}`) }).click();
  await page.locator("#ajouter").waitFor();
}

/** Fills and saves the form that is open; `rule` is the value of the choice. */
export async function saveActivity(page, { title, minutes, rule, score, markdown, library, objective }) {
  const form = page.locator("#ajouter form");
  await form.locator('[name="title"]').fill(title);
  if (library) {
    const choice = form.locator("select[name=package] option", { hasText: library });
    await form.locator("select[name=package]").selectOption(await choice.getAttribute("value"));
  }
  if (markdown) await form.locator('[name="markdown"]').fill(markdown);
  await form.locator('[name="minutes"]').fill(String(minutes));
  await form.locator(`[name="rule"][value="${rule}"]`).check();
  if (score) await form.locator('[name="score"]').fill(String(score));
  if (objective) await form.getByLabel(objective).check();
  await sound(page, `activity-form-${library ? "module" : "page"}`);
  await press(form, "Ajouter l’activité");
  await told(page, "L’activité est ajoutée.");
}

// ---- Cohorts ----

/** Zones that are never on the same day: it is already tomorrow in one when it is today in the other. */
const WEST = { zone: "Pacific/Pago_Pago", hours: -11 };
const LESS_WEST = { zone: "Pacific/Honolulu", hours: -10 };
export const EAST = "Pacific/Kiritimati";

/** A western zone whose midnight does not come in the next quarter of an hour, and its day. */
export function westernDay(now = Date.now()) {
  const local = (place, ahead = 0) => new Date(now + ahead + place.hours * 3_600_000).toISOString().slice(0, 10);
  const soon = 15 * 60_000;
  const place = local(WEST) === local(WEST, soon) ? WEST : LESS_WEST;
  return { zone: place.zone, today: local(place) };
}

export function daysBefore(day, count) {
  return new Date(Date.parse(day) - count * 86_400_000).toISOString().slice(0, 10);
}

/** Moves a space to another zone; those the form does not propose are added to its list. */
export async function moveSpace(page, base, zone) {
  await page.goto(`${base}/e/accueil/gestion/espace`);
  await page.locator("select[name=zone]").evaluate((list, one) => list.add(new Option(one, one)), zone);
  await page.selectOption("select[name=zone]", zone);
  await press(page, "Enregistrer les réglages");
  await page.locator(".notice").first().waitFor();
  assert.equal(await page.inputValue("select[name=zone]"), zone);
}

/** Searches for somebody on the page that is open, and presses the button of their line. */
export async function takePerson(page, words, button, answer) {
  await page.fill('main input[name="q"]', words);
  await page.press('main input[name="q"]', "Enter");
  await page.locator("#found").waitFor();
  await page.locator("#found tr", { hasText: words }).getByRole("button", { name: button }).click();
  await told(page, answer);
}

/** Gives the only trainee of a group until that day. */
export async function extend(page, group, day) {
  await page.goto(`${group}/gestion`);
  await page.locator("#people tbody th a, #people tbody td a").first().click();
  await page.locator("#extension summary").click();
  await page.fill('#extension [name="to"]', day);
  await sound(page, "enrolment");
  await press(page, "Enregistrer ce délai");
  await told(page, "Le nouveau délai est enregistré.");
}

// ---- Playing ----

/** Opens an activity from the course of a trainee and waits for its SCO; dialogs are accepted and kept. */
export async function openModule(page, course, title, button) {
  const asked = [];
  page.on("dialog", (dialog) => { asked.push(dialog.message()); dialog.accept(); });
  await page.goto(course);
  await (await lineOf(page, title)).locator("a").click();
  await page.locator("h1", { hasText: title }).waitFor();
  await sound(page, `activity-${button}`);
  await page.getByRole("button", { name: new RegExp(`^${button}`) }).click();
  const sco = await scoFrame(page);
  await sco.locator("#butNext").waitFor();
  return { sco, asked };
}

/** Waits until the page of a golf package that comes at that place, or any, is shown whole; its place and its path. */
async function shown(sco, place = null) {
  const found = await sco.waitForFunction((wanted) => {
    const { currentPage, pageArray } = window;
    const { contentDocument } = document.getElementById("contentFrame");
    if (currentPage === null || (wanted !== null && currentPage !== wanted) || contentDocument?.readyState !== "complete") return null;
    const path = pageArray[currentPage].split("?")[0];
    return contentDocument.location.pathname.endsWith(path) ? { place: currentPage, path } : null;
  }, place, { polling: 100 });
  return found.jsonValue();
}

/** Where a golf package is, once it shows it. */
export const lesson = async (sco) => (await shown(sco)).path;

/** Turns pages until that one. */
export async function readUntil(sco, path) {
  let at = await shown(sco);
  while (at.path !== path) {
    await sco.click("#butNext");
    at = await shown(sco, at.place + 1);
  }
}

/** Reads what is left and answers all questions but the first one rightly; the score that this gives. */
export async function finish(sco) {
  await readUntil(sco, QUESTIONS);
  const frame = await (await sco.$("#contentFrame")).contentFrame();
  const questions = frame.locator("div.question");
  const count = await questions.count();
  for (let n = 0; n < count; n += 1) {
    const right = questions.nth(n).locator(".correctAnswer");
    const typed = right.locator('input[type="text"]');
    // By keyboard: what is in frames of frames may still move under a pointer.
    if (n === 0) await questions.nth(n).locator(".answer input").first().press("Space");
    else if (await typed.count()) await typed.fill(/\((\d+)\)/.exec(await right.textContent())[1]);
    else await right.locator("input").press("Space");
  }
  await frame.press('input[value="Submit Answers"]', "Enter");
  const score = Math.round(((count - 1) * 100) / count);
  await frame.getByRole("heading", { name: `Score: ${score}` }).waitFor();
  return score;
}

/** Leaves by the player's own button, and is back in the course. */
export async function quit(page) {
  await player(page).getByRole("button", { name: "Quitter" }).click();
  await page.waitForURL(/\/formation\/[^/]+$/);
}

/** Whether the player itself, without the SCO in it, is as the pages around it must be. */
export async function soundPlayer(page, name) {
  const frame = page.frames().find((one) => one.name() === "player");
  assert.ok(await isWithin(frame), `${name} scrolls sideways at ${page.viewportSize().width} pixels`);
  await sound(page, name, [["iframe[name=player]", "iframe"]]);
}

/** The line of an activity on the page of a course, whose week is unfolded if need be. */
export async function lineOf(page, title) {
  const week = page.locator("details.week", { hasText: title });
  await week.waitFor();
  if (!(await week.evaluate((one) => one.open))) await week.locator("summary").click();
  return week.locator("li.activity", { hasText: title });
}

/** Waits until the page of a course says that of an activity. */
export async function stands(page, title, word) {
  await (await lineOf(page, title)).getByText(word).waitFor();
}
