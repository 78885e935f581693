// What a training manager prepares before anyone can play a package: it is
// uploaded, made an activity of a course, and people are enrolled in a cohort
// of that course. All through the pages, as a person would.

const DAY = 24 * 3600 * 1000;

/** Uploads a package; gives its page's address. `file` is a path, or a name and bytes. */
export async function upload(page, base, file) {
  await page.goto(`${base}/e/accueil/gestion/contenus/importer`);
  await page.setInputFiles('input[name="package"]', file);
  await page.locator("form[data-upload] button[type=submit]").click();
  await page.waitForURL((url) => /\/contenus\/[0-9a-f-]{36}$/.test(url.pathname));
  return page.url().split("?")[0];
}

/** A course of the demonstration, copied with its whole sheet, that nobody follows yet. */
async function copyOfCourse(page, base) {
  await page.goto(`${base}/e/accueil/gestion/formations?etat=published`);
  await page.locator('main td a, main th a').first().click();
  const before = page.url();
  await page.locator('form[action$="/dupliquer"] button').click();
  await page.waitForURL((url) => url.href !== before && /\/formations\/[0-9a-f-]{36}$/.test(url.pathname));
  return page.url().split(/[?#]/)[0];
}

/** Adds a package to the first week; `hosts` are those outside that it may reach. */
async function addActivity(page, course, { title, id, hosts = [] }) {
  await page.goto(course);
  await page.locator('a[href*="ajouter=scorm"]').first().click();
  const form = page.locator('form[action$="/activites"]');
  await form.locator('[name="title"]').fill(title);
  await form.locator('[name="package"]').selectOption(id);
  await form.locator('[name="minutes"]').fill("10");
  await form.locator('button[data-kind="primary"]').click();
  await page.waitForURL((url) => url.hash.startsWith("#activite-"));
  const activity = new URL(page.url()).hash.slice("#activite-".length);
  if (hosts.length > 0) {
    await page.goto(`${course}?modifier=${activity}`);
    const change = page.locator(`form[action$="/activite/${activity}"]`);
    for (const host of hosts) await change.locator(`[name="hosts"][value="${host}"]`).check();
    await change.locator('button[data-kind="primary"]').click();
    await page.waitForURL((url) => url.hash === `#activite-${activity}` && !url.search);
  }
  return activity;
}

async function openCohort(page, base, course) {
  await page.locator('form[action$="/publier"] button').click();
  await page.locator('form[action$="/publier"]').waitFor({ state: "detached" });
  await page.goto(`${base}/e/accueil/gestion/groupes/nouveau`);
  await page.locator('[name="course"]').selectOption(course.split("/").pop());
  // It has begun, in whatever zone.
  await page.locator('[name="start"]').fill(new Date(Date.now() - DAY).toISOString().slice(0, 10));
  await page.locator('form[action$="/nouveau"] button[type=submit]').click();
  await page.waitForURL((url) => /\/groupe\/[0-9a-f-]{36}\/gestion$/.test(url.pathname));
  return page.url().split("/groupe/")[1].slice(0, 36);
}

/** Enrols somebody known by the family name; gives the enrolment. */
async function enrol(page, base, cohort, family) {
  await page.goto(`${base}/groupe/${cohort}/gestion/inscrire?q=${family}`);
  const row = page.locator("tr", { hasText: new RegExp(family, "i") });
  await row.locator("button").first().click();
  await page.waitForURL((url) => url.pathname.startsWith("/groupe/"));
  await page.goto(`${base}/groupe/${cohort}/gestion`);
  const link = page.locator("tr", { hasText: new RegExp(family, "i") }).locator('a[href*="/inscription/"]').first();
  return (await link.getAttribute("href")).split("/inscription/")[1].slice(0, 36);
}

async function assignTutor(page, base, cohort, family) {
  await page.goto(`${base}/groupe/${cohort}/gestion/tuteurs?q=${family}`);
  await page.locator("tr", { hasText: new RegExp(family, "i") }).locator("button").first().click();
  await page.waitForURL((url) => !url.search);
}

/**
 * A cohort that is open, with Sophie Arnal as its tutor and an activity for each package.
 * @param packages [{title, file, hosts}]
 * @param families family names of the trainees
 */
export async function stage(page, base, packages, families) {
  const addresses = [];
  for (const { file } of packages) addresses.push(await upload(page, base, file));
  const course = await copyOfCourse(page, base);
  const activities = [];
  for (const [n, { title, hosts }] of packages.entries()) {
    activities.push(await addActivity(page, course, { title, hosts, id: addresses[n].split("/").pop() }));
  }
  await page.goto(course);
  const cohort = await openCohort(page, base, course);
  await assignTutor(page, base, cohort, "Arnal");
  const enrolments = [];
  for (const family of families) enrolments.push(await enrol(page, base, cohort, family));
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
