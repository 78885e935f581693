// A tool that others made with PyLTI1p3, registered by hand, picked from, opened by a trainee in a
// tab and in a frame, and what it sends back.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { beginActivity, sound, takePerson } from "./lib/manage.mjs";
import { pylti } from "./lib/pylti.mjs";
import { browse, serve, signedIn } from "./lib/server.mjs";

const SPACE = "/e/accueil/gestion";

describe("courses open a tool that others made", () => {
  let server;
  let tool;
  let browser;
  let course;
  before(async () => {
    server = await serve(4000, "wildcard", { PASSERELLE_PRIVATE_ADDRESSES: "true" });
    tool = await pylti(4005, server.base);
    browser = await browse();
  });
  after(async () => {
    if (browser) await browser.close();
    if (tool) await tool.stop();
    if (server) await server.stop();
  });

  const both = async (page, name) => {
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await sound(page, name);
    }
  };

  test("an administrator connects it field by field, and says what it learns", async () => {
    const { context, page } = await signedIn(browser, server.base, "administration@exemple.fr");
    await page.goto(`${server.base}${SPACE}/outils`);
    await both(page, "tools-empty");
    await page.getByRole("link", { name: "Relier un outil" }).first().click();
    await both(page, "tools-add");
    const fields = {
      name: "Exercices", target_url: `${tool.base}/launch`, login_url: `${tool.base}/login`,
      redirects: `${tool.base}/launch`, jwks_uri: `${tool.base}/keys`, picker_url: `${tool.base}/launch`,
    };
    for (const [name, value] of Object.entries(fields)) await page.fill(`main [name="${name}"]`, value);
    await page.getByRole("button", { name: "Relier cet outil" }).click();
    await page.getByText("L’outil est relié.").waitFor();
    await page.getByRole("button", { name: "Vérifier ses clés" }).click();
    await page.locator(".notice", { hasText: "clé" }).waitFor();
    await page.getByLabel("Prénom et nom").check();
    await page.getByLabel("Liste du groupe").check();
    await page.getByRole("button", { name: "Enregistrer" }).click();
    await page.getByText("C’est enregistré.").waitFor();
    await both(page, "tools-show");
    const client = await page.locator("dt", { hasText: "client" }).locator("xpath=following-sibling::dd[1]").textContent();
    await tool.is(client.trim());
    await context.close();
  });

  test("who makes a course picks two exercises in it", async () => {
    const { context, page } = await signedIn(browser, server.base, "responsable@exemple.fr");
    await page.goto(`${server.base}${SPACE}/formations`);
    await page.locator("main table a").first().click();
    course = page.url().split(/[?#]/)[0];
    await beginActivity(page, course, 1, "Outil externe");
    await both(page, "tools-activity");
    await page.locator("#ajouter").getByRole("link", { name: "Choisir dans Exercices" }).click();
    await page.getByRole("heading", { name: "Que choisir ?" }).waitFor();
    await page.getByRole("link", { name: "Prendre deux exercices" }).click();
    await page.getByText("Conjuguer").waitFor();
    await both(page, "tools-pick");
    await page.getByLabel("Durée estimée, en minutes").first().fill("20");
    await page.getByRole("button", { name: "Ajouter à la semaine" }).click();
    await page.getByText("Les activités sont ajoutées.").waitFor();
    await page.locator("section.plan-week").first().locator("strong", { hasText: "Accorder" }).waitFor();
    await both(page, "tools-course");
    // Within our page, this one.
    await page.getByRole("link", { name: "Modifier Accorder" }).click();
    await page.getByLabel("Montrer l’outil dans la page").check();
    await page.getByRole("button", { name: "Enregistrer l’activité" }).click();
    await page.getByText("L’activité est enregistrée.").waitFor();
    // A group of it that starts today.
    await page.goto(`${server.base}${SPACE}/groupes`);
    await page.locator("main a", { hasText: "Ouvrir un groupe" }).click();
    await page.selectOption("select[name=course]", course.split("/").pop());
    await page.fill('[name="start"]', new Date().toISOString().slice(0, 10));
    await page.fill('main [name="title"]', "Groupe des outils");
    await page.getByRole("button", { name: "Ouvrir le groupe" }).click();
    await page.getByText("Le groupe est ouvert.").waitFor();
    const group = page.url().split(/[?#]/)[0].replace(/\/gestion$/, "");
    await page.goto(`${group}/gestion/inscrire`);
    await takePerson(page, "stagiaire@exemple.fr", /Inscrire/, "La personne est inscrite.");
    await context.close();
  });

  test("a trainee does one in a tab, and it counts; another within the page", async () => {
    const { context, page } = await signedIn(browser, server.base, "stagiaire@exemple.fr", 360);
    await page.goto(`${server.base}/accueil`);
    await page.getByRole("link", { name: "Groupe des outils" }).first().click();
    await page.locator("main a", { hasText: "Conjuguer" }).first().click();
    await both(page, "tools-trainee");
    const activity = page.url();
    const [tab] = await Promise.all([
      context.waitForEvent("page"),
      page.getByRole("link", { name: "Ouvrir Exercices dans un nouvel onglet" }).click(),
    ]);
    await tab.getByRole("link", { name: "Terminer" }).waitFor();
    await tab.getByRole("link", { name: "Terminer" }).click();
    await tab.getByRole("heading", { name: "C’est noté" }).waitFor();
    await tab.close();
    await page.goto(activity);
    await page.getByText("Score : 90").waitFor();
    await both(page, "tools-done");
    const seen = await tool.seen();
    const launch = seen.launches.at(-1);
    assert.equal(launch["https://purl.imsglobal.org/spec/lti/claim/custom"].exercice, "1");
    assert.deepEqual(seen.items.sort(), ["Conjuguer", "Temps"]);
    // In the scale that the tool asked for when it was picked.
    assert.deepEqual(seen.results.map((one) => [one.userId, (100 * one.resultScore) / one.resultMaximum]), [[launch.sub, 90]]);
    assert.ok(seen.members.some((one) => one.user_id === launch.sub && one.given_name === launch.given_name));

    await page.goto(activity.replace(/\/activite\/.*$/, ""));
    await page.locator("main a", { hasText: "Accorder" }).first().click();
    const frame = page.frameLocator("main iframe");
    await frame.getByText("Bonjour").waitFor();
    await both(page, "tools-framed");
    await context.close();
  });
});
