// What a training manager prepares before anyone can play a package: it is
// uploaded, made an activity of a course, and people are enrolled in a cohort
// of that course. The upload goes through its page, as a person would do it.

const DAY = 24 * 3600 * 1000;

/** Uploads a package; gives its page's address. `file` is a path, or a name and bytes. */
export async function upload(page, base, file) {
  await page.goto(`${base}/e/accueil/gestion/contenus/importer`);
  await page.setInputFiles('input[name="package"]', file);
  await page.locator("form[data-upload] button[type=submit]").click();
  await page.waitForURL((url) => /\/contenus\/[0-9a-f-]{36}$/.test(url.pathname));
  return page.url().split("?")[0];
}

/**
 * Asks for a page as the browser of that session would, but from here: names
 * that only that browser resolves are reached at `place.direct`.
 */
async function ask(page, { base, direct = base }, path, options = {}) {
  const cookies = (await page.context().cookies(base)).map(({ name, value }) => `${name}=${value}`);
  return fetch(`${direct}${path}`, { redirect: "manual", ...options, headers: { cookie: cookies.join("; "), origin: base } });
}

/** Posts a form; gives where it leads. */
async function post(page, place, path, form) {
  const answer = await ask(page, place, path, { method: "POST", body: new URLSearchParams(form) });
  if (answer.status !== 303) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.headers.get("location");
}

/** The first match in the text of a page. */
async function find(page, place, path, pattern) {
  const answer = await ask(page, place, path);
  const found = pattern.exec(await answer.text());
  if (!found) throw new Error(`${path}: ${answer.status}, nothing like ${pattern}`);
  return found[1];
}

const ID = "([0-9a-f]{8}-[0-9a-f-]{27})";

/** A course of the demonstration, copied with its whole sheet, that nobody follows yet. */
async function copyOfCourse(page, place) {
  const courses = "/e/accueil/gestion/formations";
  const first = await find(page, place, `${courses}?etat=published`, new RegExp(`href="${courses}/${ID}"`));
  const copy = await post(page, place, `${courses}/${first}/dupliquer`, {});
  return copy.split(/[?#]/)[0];
}

const revisionOf = (page, place, course) => find(page, place, course, /name="revision" value="(\d+)"/);

/** Adds a package to the first week; `hosts` are those outside that it may reach. */
async function addActivity(page, place, course, { title, id, hosts = [] }) {
  const week = await find(page, place, course, new RegExp(`semaine-${ID}`));
  const form = { revision: await revisionOf(page, place, course), kind: "scorm", week, action: "save", title, package: id, minutes: "10", rule: "completed" };
  const to = await post(page, place, `${course}/activites`, form);
  const activity = to.split("#activite-")[1];
  if (hosts.length > 0) {
    await page.goto(`${place.base}${course}?modifier=${activity}`);
    const change = page.locator(`form[action$="/activite/${activity}"]`);
    for (const host of hosts) await change.locator(`[name="hosts"][value="${host}"]`).check();
    await change.locator('button[data-kind="primary"]').click();
    await page.waitForURL((url) => url.hash === `#activite-${activity}` && !url.search);
  }
  return activity;
}

async function openCohort(page, place, course) {
  await post(page, place, `${course}/publier`, { revision: await revisionOf(page, place, course) });
  // It has begun, in whatever zone.
  const start = new Date(Date.now() - DAY).toISOString().slice(0, 10);
  const form = { course: course.split("/").pop(), start, capacity: "20", title: "Essais", answer_hours: "" };
  return new RegExp(ID).exec(await post(page, place, "/e/accueil/gestion/groupes/nouveau", form))[1];
}

/** Adds somebody known by the family name: as a tutor (`tuteurs`) or a trainee (`inscrire`). */
async function add(page, place, cohort, how, family) {
  const path = `/groupe/${cohort}/gestion/${how}`;
  const person = await find(page, place, `${path}?q=${family}`, new RegExp(`name="person" value="${ID}"`));
  await post(page, place, path, { person });
}

/** Enrols; gives the enrolment. */
async function enrol(page, place, cohort, family) {
  await add(page, place, cohort, "inscrire", family);
  return find(page, place, `/groupe/${cohort}/gestion?q=${family}`, new RegExp(`/inscription/${ID}"`));
}

/**
 * A cohort that is open, with Sophie Arnal as its tutor and an activity for each package.
 * @param place {base, direct}
 * @param packages [{title, file, hosts}]; without a file, the one before
 * @param families family names of the trainees
 */
export async function stage(page, place, packages, families) {
  const addresses = [];
  for (const { file } of packages) addresses.push(file ? await upload(page, place.base, file) : addresses.at(-1));
  const course = await copyOfCourse(page, place);
  const activities = [];
  for (const [n, { title, hosts }] of packages.entries()) {
    activities.push(await addActivity(page, place, course, { title, hosts, id: addresses[n].split("/").pop() }));
  }
  const cohort = await openCohort(page, place, course);
  await add(page, place, cohort, "tuteurs", "Arnal");
  const enrolments = [];
  for (const family of families) enrolments.push(await enrol(page, place, cohort, family));
  return { course, cohort, activities, enrolments };
}

/** Opens an activity in the page of a trainee; gives the player's frame. */
export async function play(page, base, enrolment, activity) {
  await page.goto(`${base}/formation/${enrolment}/activite/${activity}`);
  await page.locator('main form[action$="/ouvrir"] button').first().click();
  const player = page.frameLocator("iframe[name=player]");
  await player.locator("header.bar").waitFor();
  return player;
}

/** What the board has behind a cell, as text by part; `calls` is the technical log. */
export async function detail(page, base, enrolment, activity) {
  const answer = await page.goto(`${base}/suivi/${enrolment}/activite/${activity}?journal=1`);
  if (answer.status() !== 200) throw new Error(await page.locator("main").innerText());
  return page.evaluate(() => {
    const clean = (node) => node.textContent.replace(/\s+/g, " ").trim();
    const rows = (table) => [...table.querySelectorAll("tbody tr")].map((row) => [...row.children].map(clean));
    const facts = (list) => Object.fromEntries([...list.querySelectorAll("dt")].map((term) => [clean(term), clean(term.nextElementSibling)]));
    const lists = [...document.querySelectorAll("main dl.facts")].map(facts);
    const parts = [...document.querySelectorAll("main article.card")].map((card) => ({
      title: clean(card.querySelector("h3")),
      words: [...card.querySelector("p.cluster").children].map(clean),
      answers: [...card.querySelectorAll('table[id^="reponses-"]')].flatMap(rows),
      objectives: [...card.querySelectorAll('table[id^="objectifs-"]')].flatMap(rows),
    }));
    const late = document.querySelector("#travail-non-repris");
    const calls = [...document.querySelectorAll("#journal tbody tr")].map((row) => [...row.children].map(clean));
    const status = clean(document.querySelector("main > p.cluster"));
    return { status, activity: lists[0], attempt: lists[1], parts, late: late ? rows(late) : [], calls };
  });
}
