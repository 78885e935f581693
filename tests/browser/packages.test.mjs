// Packages that others made, imported, played to their end and tracked: what
// each reported is what the tutor sees. PASSERELLE_PACKAGES is their folder.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { detail, play, stage } from "./lib/course.mjs";
import { device, signIn, until } from "./lib/device.mjs";
import { browse, scoFrame, serve, signedIn } from "./lib/server.mjs";

const folder = process.env.PASSERELLE_PACKAGES;
if (!folder) throw new Error("PASSERELLE_PACKAGES must name the folder of packages");
const PACKAGES = readdirSync(folder).filter((name) => name.endsWith(".zip")).map((name) => name.slice(0, -4)).sort();

/** Scripts that the 4th edition sample takes from elsewhere; here, as much of them as it uses. */
const JQUERY = "window.$ = () => ({ dialog() {}, val: () => '' });";
const LIBRARY = "ajax.googleapis.com";

/** Answers every question of the sample quiz, rightly or not, and hands it in. */
async function answer(frame, rightly) {
  await frame.getByRole("button", { name: "Submit Answers" }).waitFor();
  await frame.evaluate((right) => {
    const { test: { Questions }, document } = window;
    for (const { Id, Type, Answers, CorrectAnswer } of Questions) {
      if (Type === "choice") document.getElementById(`question_${Id}_${right ? Answers.indexOf(CorrectAnswer) : Answers.findIndex((one) => one !== CorrectAnswer)}`).checked = true;
      else if (Type === "true-false") document.getElementById(`question_${Id}_${Boolean(CorrectAnswer) === right ? "True" : "False"}`).checked = true;
      else document.getElementById(`question_${Id}_Text`).value = String(right ? CorrectAnswer : CorrectAnswer + 1);
    }
  }, rightly);
  await frame.getByRole("button", { name: "Submit Answers" }).click();
  return Number(/Score: (\d+)/.exec(await frame.locator("#test h3").first().textContent())[1]);
}

/** The page within the SCO's own frame, once it shows `part` of the course. */
function within(page, part) {
  return until(part, () => page.frames().find((one) => one.name() === "contentFrame" && one.url().includes(part)) || pageOf(page, part));
}

function pageOf(page, part) {
  return page.frames().find((one) => one.parentFrame() && one.parentFrame().url().includes("launchpage.html") && one.url().includes(part));
}

async function leave(page, player) {
  await player.getByRole("button", { name: "Quitter", exact: true }).click();
  await page.waitForURL((url) => /^\/formation\/[0-9a-f-]+$/.test(url.pathname));
}

/** Turns the pages of the SCO; stops on the page of that number, from 0. */
async function turnTo(sco, last) {
  for (;;) {
    const at = await sco.evaluate(() => window.currentPage);
    if (at >= last) return;
    await sco.locator("#butNext").click();
    await sco.waitForFunction((before) => window.currentPage === before + 1, at);
  }
}

/** Half of it, then away, then the rest from where it was left. */
async function golf({ page, open, pages, quiz }) {
  let player = await open();
  let sco = await scoFrame(page);
  await sco.waitForFunction(() => window.currentPage === 0);
  await turnTo(sco, 3);
  await leave(page, player);
  const questions = page.asked.length;
  player = await open();
  sco = await scoFrame(page);
  await sco.waitForFunction(() => window.currentPage === 3);
  assert.deepEqual(page.asked.slice(questions), ["Would you like to resume from where you previously left off?"]);
  await turnTo(sco, pages - 1);
  const score = quiz ? await answer(await within(page, "assessmenttemplate"), true) : null;
  await leave(page, player);
  return score;
}

/** A package of pages without a word to the platform: opened one after another. */
async function leafThrough({ page, open }) {
  const player = await open();
  const next = player.getByRole("button", { name: "Suivant", exact: true });
  const position = player.locator(".position");
  if (!(await position.count())) return leave(page, player);
  const total = Number(/ sur (\d+)/.exec(await position.textContent())[1]);
  for (let at = 2; at <= total; at += 1) {
    await next.click();
    await player.getByText(`${at} sur ${total}`, { exact: true }).waitFor();
  }
  assert.ok(await next.isDisabled());
  const last = await until("the last page", () => page.frames().find((one) => one.url().includes("questions=HavingFun")));
  assert.equal(await answer(last, true), 100);
  await leave(page, player);
  return total;
}

/** Four SCOs of pages and one with the quiz. */
async function chapters({ page, open }) {
  const player = await open();
  const next = player.getByRole("button", { name: "Suivant", exact: true });
  for (const [n, chapter] of ["playing", "etiquette", "handicapping", "havingfun"].entries()) {
    const sco = await until(chapter, () => page.frames().find((one) => one.url().endsWith(`?content=${chapter}`)));
    await sco.waitForFunction(() => window.currentPage === 0);
    await turnTo(sco, await sco.evaluate(() => window.pageArray.length - 1));
    await next.click();
    await player.getByText(`${n + 2} sur 5`, { exact: true }).waitFor();
  }
  const score = await answer(await within(page, "assessmenttemplate"), true);
  await leave(page, player);
  return score;
}

/** What was set of an element last, after all. */
function lastSet(calls, element) {
  const set = calls.filter((call) => /^(LMS)?SetValue$/.test(call[2]) && call[3] === element && call[5] === "true");
  return set.length > 0 ? set.at(-1)[4] : null;
}

function seconds(words) {
  const text = words.find((word) => /^\d+ (s|min|h)\b/.test(word)) || "";
  const number = (unit) => Number((new RegExp(`(\\d+) ${unit}\\b`).exec(text) || [0, 0])[1]);
  return number("h") * 3600 + number("min") * 60 + number("s");
}

const KINDS = {
  ContentPackagingOneFilePerSCO_SCORM12: {
    run: leafThrough,
    check(seen, total) {
      assert.equal(seen.parts.length, total);
      assert.equal(total, 18);
      for (const part of seen.parts) assert.ok(part.words.includes("Fait"), part.title);
      assert.match(seen.status, /Fait$/);
      assert.equal(seen.activity.Score, undefined);
    },
  },
  ContentPackagingSingleSCO_SCORM12: { run: leafThrough, check: silent },
  ContentPackagingSingleSCO_SCORM20042ndEdition: { run: leafThrough, check: silent },
  RuntimeBasicCalls_SCORM12: { run: (how) => golf({ ...how, pages: 15, quiz: true }), check: basic("cmi.core.lesson_location") },
  RuntimeBasicCalls_SCORM20043rdEdition: { run: (how) => golf({ ...how, pages: 15, quiz: true }), check: basic("cmi.location") },
  RunTimeAdvancedCalls_SCORM20043rdEdition: {
    run: (how) => golf({ ...how, pages: 15, quiz: true }),
    check(seen, score) {
      basic("cmi.location")(seen, score);
      const [part] = seen.parts;
      assert.ok(part.words.includes("Avancement 100 %"), part.words.join());
      assert.ok(part.answers.length > 10);
      for (const [question, kind, given, verdict, expected] of part.answers) {
        assert.equal(verdict, "Juste", question);
        assert.equal(given, expected, question);
        assert.ok(["Choix", "Vrai ou faux", "Nombre"].includes(kind), kind);
      }
      const objectives = Object.fromEntries(part.objectives.map(([id, ...rest]) => [id, rest]));
      for (const id of ["obj_etiquette", "obj_handicapping", "obj_havingfun"]) assert.deepEqual(objectives[id], ["Fait", "", "100 %"], id);
      // It forgets the pages of the first session: so it says itself.
      assert.deepEqual(objectives.obj_playing, ["En cours", "", "100 %"]);
    },
  },
  SequencingPostTestRollup4thEd_SCORM20044thEdition: {
    hosts: [LIBRARY],
    run: chapters,
    check(seen, score) {
      assert.equal(score, 100);
      assert.equal(seen.parts.length, 5);
      for (const part of seen.parts) assert.ok(part.words.includes("Fait"), `${part.title}: ${part.words}`);
      const quiz = seen.parts.find((part) => part.title === "Quiz");
      assert.ok(quiz.words.includes("Réussi") && quiz.words.includes("Score 100 %"), quiz.words.join());
      assert.match(seen.status, /Fait$/);
    },
  },
};

/** A SCO that never speaks leaves no trace but that it was opened. */
function silent(seen) {
  assert.deepEqual(seen.calls, []);
  assert.deepEqual(seen.parts, []);
  assert.match(seen.status, /En cours$/);
}

function basic(location) {
  return (seen, score) => {
    assert.equal(score, 100);
    assert.equal(seen.parts.length, 1);
    const [part] = seen.parts;
    assert.ok(part.words.includes("Fait") && part.words.includes("Réussi") && part.words.includes("Score 100 %"), part.words.join());
    assert.ok(seconds(part.words) >= 1, "no time was counted");
    assert.equal(lastSet(seen.calls, location), "14");
    assert.equal(seen.attempt["Nombre d’ouvertures"], "2");
    assert.equal(seen.activity.Score, "100 %");
    assert.match(seen.status, /Fait$/);
  };
}

function line(name, hosts, seen) {
  const parts = seen.parts.map((part) => {
    const more = [part.answers.length && `${part.answers.length} interactions`, part.objectives.length && `${part.objectives.length} objectives`].filter(Boolean);
    return `${part.title}: ${[...part.words.slice(0, -1), ...more].join(", ")}`;
  });
  const place = lastSet(seen.calls, "cmi.core.lesson_location") || lastSet(seen.calls, "cmi.location");
  return `${name} (${hosts}): ${seen.status.replace(/^.*(Fait|En cours|Pas commencé).*$/, "$1")}; time ${seen.activity["Temps déclaré par le contenu"]}; ${parts.length} parts [${parts.slice(0, 5).join(" | ")}${parts.length > 5 ? " | …" : ""}]; location ${place ?? "–"}; ${seen.calls.length} calls`;
}

const LAYOUTS = [
  ["wildcard", 3950, PACKAGES],
  ["single", 3952, PACKAGES.filter((name) => ["RuntimeBasicCalls_SCORM12", "RunTimeAdvancedCalls_SCORM20043rdEdition"].includes(name))],
];

test("every package has somebody who plays it", () => {
  assert.deepEqual(PACKAGES.filter((name) => !(name in KINDS)), []);
});

for (const [hosts, port, names] of LAYOUTS) {
  describe(`packages of others, content hosts: ${hosts}`, () => {
    let server;
    let staff;
    let tutor;
    let trainee;
    let scene;
    before(async () => {
      server = await serve(port, hosts);
      [staff, trainee] = await Promise.all([browse(), device()]);
      const manager = await signedIn(staff, server.base, "responsable@exemple.fr");
      const packages = names.map((name) => ({ title: name, file: join(folder, `${name}.zip`), hosts: (KINDS[name] || {}).hosts }));
      scene = await stage(manager.page, server, packages, ["Benali"]);
      await manager.context.close();
      tutor = await signedIn(staff, server.base, "tutrice@exemple.fr");
      await signIn(trainee.page, server.base, "stagiaire@exemple.fr");
      trainee.page.asked = [];
      trainee.page.on("dialog", async (dialog) => {
        trainee.page.asked.push(dialog.message());
        await dialog.accept();
      });
      await trainee.context.route(`https://${LIBRARY}/**`, (route) => route.fulfill({ contentType: "text/javascript", body: JQUERY }));
    });
    after(async () => {
      for (const one of [staff, trainee]) if (one) await one.close();
      if (server) await server.stop();
      assert.equal(server.said().trim(), "", "the server complained");
    });

    for (const [n, name] of names.entries()) {
      test(`${name} is played to its end, and the tutor sees what it reported`, async (t) => {
        const { run, check } = KINDS[name];
        const { page } = trainee;
        page.asked.length = 0;
        const open = () => play(page, server.base, scene.enrolments[0], scene.activities[n]);
        const outcome = await run({ page, open });
        const seen = await detail(tutor.page, server.base, scene.enrolments[0], scene.activities[n]);
        t.diagnostic(line(name, hosts, seen));
        check(seen, outcome);
        const alarms = page.asked.filter((text) => /error/i.test(text));
        assert.deepEqual(alarms, [], "the package complained");
      });
    }
  });
}
