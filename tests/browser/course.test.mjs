// From two packages that others made to the certificate of somebody who played them: imported,
// put in a course, followed by a group, left in the middle, resumed elsewhere, seen and certified,
// with content on a host for each attempt and on a single host.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  EAST, SHEET, beginActivity, browse, daysBefore, extend, fillSheet, finish, lesson, lineOf, moveSpace, openModule,
  packageFile, quit, readUntil, saveActivity, sendPackage, sound, soundPlayer, stands, takePerson, westernDay,
} from "./lib/manage.mjs";
import { serve, signedIn } from "./lib/server.mjs";

const MANAGER = "responsable@exemple.fr";
const TRAINEE = "stagiaire@exemple.fr";
const PHONE = 360;
const COURSE = "Le golf expliqué";
const GROUP = "Golf, premier groupe";
/** The modules: a SCORM 1.2 package of the library, and two of SCORM 2004 imported on the way. */
const OLD = { title: "Les règles du golf", minutes: 60, rule: "passed", objective: SHEET.objective, library: "Golf Explained - Run-time Basic Calls (SCORM 1.2)" };
const NEW = { title: "Le golf en pratique", minutes: 60, rule: "completed" };
const DEEP = { title: "Le golf approfondi", minutes: 60, rule: "score", score: 80 };

let browser;
before(async () => { browser = await browse(); });
after(async () => { await browser.close(); });

for (const [hosts, port] of [["wildcard", 3930], ["single", 3940]]) {
  describe(`content hosts: ${hosts}`, () => {
    let day, server, course, group, formation, broken;
    before(async () => {
      day = westernDay();
      server = await serve(port, hosts);
    });
    after(async () => { await server.stop(); });

    /** One part of the journey; without the one before, it says so at once. */
    function step(name, work) {
      test(name, async () => {
        if (broken) throw new Error(`the journey stopped: ${broken}`);
        broken = name;
        await work();
        broken = undefined;
      });
    }

    /** Somebody at work in a context of their own, closed whatever happens. */
    async function as(who, width, work) {
      const { page, context } = await signedIn(browser, server.base, who, width);
      try {
        await work(page);
      } finally {
        await context.close();
      }
    }

    step("a manager imports a SCORM 1.2 package and sees it leave, arrive and checked", async () => {
      await as(MANAGER, 1280, async (page) => {
        await page.goto(`${server.base}/e/accueil/gestion/contenus`);
        await sound(page, "library");
        await page.locator("main a", { hasText: "Importer un contenu" }).click();
        await sound(page, "import");
        await sendPackage(page, packageFile("RuntimeBasicCalls_SCORM12"));
        await page.locator(".notice", { hasText: "Le contenu est importé." }).waitFor();
        await page.getByText("Rien à signaler").waitFor();
        assert.match(await page.locator("dl.facts").first().textContent(), /SCORM 1\.2/);
        await sound(page, "package");
      });
    });

    step("a manager writes a four-week course around packages, one imported on the way, and publishes it", async () => {
      await as(MANAGER, 1280, async (page) => {
        await page.goto(`${server.base}/e/accueil/gestion/formations/nouvelle`);
        await page.fill('main [name="title"]', COURSE);
        await sound(page, "course-new");
        await page.getByRole("button", { name: "Créer la formation" }).click();
        await page.getByRole("heading", { name: COURSE, level: 1 }).waitFor();
        course = page.url().split(/[?#]/)[0];
        assert.ok(await page.getByRole("button", { name: "Publier la formation" }).isDisabled());
        await page.getByText("Indiquez la durée convenue.").waitFor();
        await sound(page, "course-gaps");

        await page.goto(`${course}/fiche`);
        await sound(page, "sheet");
        await fillSheet(page);

        await beginActivity(page, course, 1, "Page");
        await saveActivity(page, { title: "Bienvenue", minutes: 30, rule: "viewed", markdown: "# Bienvenue\n\nCommencez par **les règles**." });
        await beginActivity(page, course, 1, "Module");
        await saveActivity(page, OLD);
        for (const [week, module, name] of [[2, NEW, "RuntimeBasicCalls_SCORM20043rdEdition"], [3, DEEP, "RunTimeAdvancedCalls_SCORM20043rdEdition"]]) {
          await beginActivity(page, course, week, "Module");
          await page.locator("main a", { hasText: "Importer un nouveau module" }).click();
          await sendPackage(page, packageFile(name));
          // The import leads back to the form it was asked from, with the package chosen.
          await page.waitForURL(/paquet=/);
          assert.match(await page.locator("select[name=package] option:checked").textContent(), /SCORM 2004/);
          await saveActivity(page, module);
        }
        await beginActivity(page, course, 4, "Page");
        await saveActivity(page, { title: "Faire le point", minutes: 30, rule: "declared", markdown: "Qu’avez-vous retenu ?" });
        await sound(page, "course-whole");
        await page.getByRole("button", { name: "Publier la formation" }).click();
        await page.getByText("La formation est publiée").waitFor();
        await page.getByRole("link", { name: "Page publique", exact: true }).click();
        await page.getByText("Expliquer le déroulement d’une partie").waitFor();
        await sound(page, "public-sheet");
      });
    });

    step("a manager opens a group on its last day, gives it its tutor and enrols a trainee", async () => {
      // A group ends at a midnight, for which no test waits. This one lives where the day is the
      // last on Earth to end; certifying happens once the group is where it is tomorrow already.
      await as("administration@exemple.fr", 1280, async (page) => {
        await moveSpace(page, server.base, day.zone);
        await sound(page, "space");
      });
      await as(MANAGER, 1280, async (page) => {
        await page.goto(`${server.base}/e/accueil/gestion/groupes`);
        await page.locator("main a", { hasText: "Ouvrir un groupe" }).click();
        const choice = page.locator("select[name=course] option", { hasText: COURSE });
        await page.selectOption("select[name=course]", await choice.getAttribute("value"));
        await page.fill('[name="start"]', daysBefore(day.today, 27));
        await page.fill('main [name="title"]', GROUP);
        await sound(page, "group-new");
        await page.getByRole("button", { name: "Ouvrir le groupe" }).click();
        await page.getByText("Le groupe est ouvert.").waitFor();
        group = page.url().split(/[?#]/)[0].replace(/\/gestion$/, "");
        await sound(page, "group-empty");
        await page.goto(`${group}/gestion/tuteurs`);
        await takePerson(page, "tutrice@exemple.fr", /Confier|Choisir|Ajouter/, "Le groupe est confié à cette personne.");
        await sound(page, "tutors");
        await page.goto(`${group}/gestion/inscrire`);
        await takePerson(page, TRAINEE, /Inscrire/, "La personne est inscrite.");
        await sound(page, "enrol");
        await page.goto(`${group}/gestion`);
        await page.getByText("En cours").first().waitFor();
        await sound(page, "group");
        // The first weeks are over: more time for somebody who comes this late.
        await extend(page, group, day.today);
      });
    });

    step("a trainee on a phone reads a page, leaves the SCORM 1.2 module in the middle and passes it on another one", async () => {
      await as(TRAINEE, PHONE, async (page) => {
        await page.goto(`${server.base}/accueil`);
        await sound(page, "home");
        await page.locator("main a", { hasText: GROUP }).first().click();
        await page.getByRole("heading", { name: GROUP, level: 1 }).waitFor();
        formation = page.url();
        await sound(page, "formation");
        await (await lineOf(page, "Bienvenue")).locator("a").click();
        await page.getByText("Commencez par").waitFor();
        await sound(page, "page-activity");
        const { sco, asked } = await openModule(page, formation, OLD.title, "Commencer");
        assert.equal(await lesson(sco), "Playing/Playing.html");
        await soundPlayer(page, `player-12-${hosts}`);
        await readUntil(sco, "Playing/RulesOfGolf.html");
        assert.deepEqual(asked, []);
        await quit(page);
        await stands(page, OLD.title, "En cours");
      });
      await as(TRAINEE, PHONE, async (page) => {
        const { sco, asked } = await openModule(page, formation, OLD.title, "Continuer");
        assert.equal(await lesson(sco), "Playing/RulesOfGolf.html");
        assert.deepEqual(asked, ["Would you like to resume from where you previously left off?"]);
        assert.equal(await finish(sco), 93);
        await quit(page);
        await stands(page, OLD.title, "Fait");
        await sound(page, "formation-begun");
      });
    });

    step("a trainee leaves a SCORM 2004 module by its own button, resumes it elsewhere and completes it", async () => {
      await as(TRAINEE, PHONE, async (page) => {
        const { sco } = await openModule(page, formation, NEW.title, "Commencer");
        assert.equal(await lesson(sco), "Playing/Playing.html");
        await soundPlayer(page, `player-2004-${hosts}`);
        await readUntil(sco, "Handicapping/Overview.html");
        // The module asks whether to keep its place, and takes itself away (suspendAll).
        await sco.click("#butExit");
        await page.waitForURL(formation);
        await stands(page, NEW.title, "En cours");
      });
      await as(TRAINEE, PHONE, async (page) => {
        const { sco } = await openModule(page, formation, NEW.title, "Continuer");
        assert.equal(await lesson(sco), "Handicapping/Overview.html");
        assert.equal(await finish(sco), 93);
        await sco.click("#butExit");
        await page.waitForURL(formation);
        await stands(page, NEW.title, "Fait");
      });
    });

    step("a trainee whose page goes without a word resumes where it was, and finishes the course", async () => {
      await as(TRAINEE, PHONE, async (page) => {
        const { sco } = await openModule(page, formation, DEEP.title, "Commencer");
        await readUntil(sco, "Etiquette/Play.html");
        await page.goto(formation);
        await stands(page, DEEP.title, "En cours");
      });
      await as(TRAINEE, PHONE, async (page) => {
        const { sco } = await openModule(page, formation, DEEP.title, "Continuer");
        assert.equal(await lesson(sco), "Etiquette/Play.html");
        assert.equal(await finish(sco), 93);
        await quit(page);
        await stands(page, DEEP.title, "Fait");
        await (await lineOf(page, "Faire le point")).locator("a").click();
        await page.getByRole("button", { name: "Marquer comme fait" }).click();
        await page.getByText("Vous avez terminé votre formation, bravo").first().waitFor();
        await page.goto(formation);
        await sound(page, "formation-done");
      });
    });

    step("the tutor sees the trainee on the board, and behind each cell the attempt with its score, time and answers", async () => {
      await as("tutrice@exemple.fr", 1280, async (page) => {
        await page.goto(`${server.base}/accueil`);
        await sound(page, "tutor-home");
        await page.locator("main a", { hasText: GROUP }).first().click();
        const row = page.locator("tr", { has: page.locator("th", { hasText: "BENALI" }) });
        assert.equal(await row.locator("a.cell", { hasText: "Fait" }).count(), 5);
        await sound(page, "board");
        for (const module of [OLD, NEW, DEEP]) {
          await page.goto(group);
          const titles = await page.locator("thead tr").last().locator("th").allTextContents();
          const column = titles.findIndex((text) => text.includes(module.title));
          assert.ok(column > 0, `no column for ${module.title} in ${titles.join(" | ")}`);
          await row.locator(":scope > *").nth(column).locator("a.cell").click();
          const beside = page.locator("#beside");
          await beside.getByText(module.title, { exact: true }).waitFor();
          await sound(page, "board-beside");
          await beside.locator("a", { hasText: "Voir le détail" }).click();
          await page.waitForURL(/\/activite\//);
          assert.equal(await page.locator("h1").textContent(), module.title);
          const part = page.locator("article.card").first();
          assert.match(await part.textContent(), /93/, module.title);
          await part.getByText("Réussi").first().waitFor();
          await sound(page, `cell-${module.rule}`);
          const answers = page.locator("table", { hasText: "Réponses données" });
          assert.equal(await answers.locator("tbody tr").count(), module === DEEP ? 15 : 0, module.title);
          await page.getByRole("link", { name: "Voir le journal technique" }).click();
          await page.locator("#journal td", { hasText: "Initialize" }).first().waitFor();
          await sound(page, `calls-${module.rule}`);
        }
      });
    });

    step("the manager cannot certify before the last day is over, then issues all and holds a PDF", async () => {
      await as(MANAGER, 1280, async (page) => {
        await page.goto(`${group}/bilan`);
        await sound(page, "end");
        await page.getByText("les certificats s’émettent après le dernier jour").waitFor();
        assert.equal(await page.getByRole("button", { name: "Émettre les certificats" }).count(), 0);
      });
      // The day is over by the group's own clock, whatever the space's says.
      assert.equal(server.change("UPDATE cohort SET zone = ? WHERE title = ?", EAST, GROUP), 1);
      await as(MANAGER, 1280, async (page) => {
        await page.goto(`${group}/bilan`);
        const row = page.locator("tr", { has: page.locator("th", { hasText: "BENALI" }) });
        assert.match((await row.textContent()).replace(/\s+/g, " "), /4 h .*oui/);
        await page.getByRole("button", { name: "Émettre les certificats" }).click();
        await page.getByText("Les documents sont en préparation.").waitFor();
        const document = row.locator("a", { hasText: "Certificat de réalisation" });
        for (let tries = 0; tries < 120 && !(await document.count()); tries += 1) {
          await page.waitForTimeout(500);
          await page.goto(`${group}/bilan`);
        }
        await sound(page, "end-issued");
        const pdf = await page.request.get(server.base + (await document.getAttribute("href")));
        assert.equal((await pdf.body()).subarray(0, 5).toString(), "%PDF-");
      });
      await as(TRAINEE, PHONE, async (page) => {
        await page.goto(formation);
        await page.getByRole("heading", { name: "Vos documents" }).waitFor();
        await sound(page, "formation-over");
      });
    });
  });
}
