// The main journey of each role, by keyboard alone: from the sign-in page on, keys and
// nothing else. At each stop `lib/keyboard.mjs` checks name, visible focus, view and order.
// They are told in order: the auditor reads what the manager has issued.
// Left out: choosing a file in the dialog of the browser, which is not a page of ours.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Keyboard } from "./lib/keyboard.mjs";
import { PASSWORD, browse, serve } from "./lib/server.mjs";

const MODULE = "Choisir ses outils";
/** What the tutor opens: the place of its column on the board, and its title. */
const CELL = { column: 7, title: MODULE };

let browser;
const servers = {};
before(async () => {
  browser = await browse();
  [servers.wildcard, servers.single] = await Promise.all([serve(4010, "wildcard"), serve(4020, "single")]);
});
after(async () => {
  await browser?.close();
  await Promise.all(Object.values(servers).map((server) => server.stop()));
});

/** Signs in, and is on the page that one starts from. */
async function signIn(identifier, { hosts = "wildcard", width = 1280, dark = false } = {}) {
  const context = await browser.newContext({ locale: "fr-FR", viewport: { width, height: 800 }, colorScheme: dark ? "dark" : "light", acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(10000);
  const keys = new Keyboard(page);
  await page.goto(`${servers[hosts].base}/connexion`);
  await keys.write(/^Identifiant/, identifier);
  await keys.write(/^Mot de passe/, PASSWORD);
  await keys.leave();
  await keys.follow("Accueil");
  return { context, page, keys };
}

const heading = (page) => page.locator("h1").first().textContent();

/** The activity that plays, once it shows something and has the focus. */
async function activity(page, keys) {
  await page.frameLocator("iframe[name=player]").frameLocator("iframe.frame").locator("h1").waitFor();
  await keys.until((stop) => stop.around.length > 0);
  return page.frames().find((one) => one.parentFrame()?.parentFrame());
}

/** Reads and answers until the result; the focus goes to the title of each screen. */
async function play(keys, frame) {
  for (let screen = 1; screen < 12; screen += 1) {
    await frame.locator(".place", { hasText: `${screen} sur` }).waitFor();
    if (screen > 1) assert.equal((await keys.here()).tag, "h1", "where the focus is on a new screen");
    if (await frame.locator("fieldset").count()) {
      const answer = await keys.to(/./, { most: 1 });
      assert.equal(answer.type, "radio");
      await keys.press(answer.group.startsWith("Combien") ? "Space" : "ArrowDown");
      assert.ok((await keys.here()).checked, "the answer is chosen");
    }
    const next = await keys.to(/^(Page suivante|Voir mon résultat)$/, { most: 8 });
    assert.equal(next.around.length, 2, "in the activity");
    await keys.press("Enter");
    if (next.name === "Voir mon résultat") return;
  }
  assert.fail("the activity never ends");
}

describe("by keyboard alone", () => {
  for (const [width, hosts, dark] of [[1280, "wildcard", false], [360, "single", true]]) {
    test(`a trainee finds what to do, plays it to the result and sees it done, at ${width} pixels`, async () => {
      const { context, page, keys } = await signIn("stagiaire@exemple.fr", { hosts, width, dark });
      await keys.round();
      await keys.skip();
      await keys.follow(`Commencer ${MODULE}`);
      await keys.skip();
      await keys.follow(`Commencer ${MODULE}`);

      const frame = await activity(page, keys);
      const stops = await keys.round();
      assert.ok(stops.some((stop) => stop.includes("Page suivante")), "a round of the page goes through the activity");
      await keys.skip();
      await keys.to("Page suivante");
      await keys.to("Quitter", { back: true });
      await play(keys, frame);

      await frame.getByText("Bravo").waitFor();
      assert.equal((await keys.here()).name, "Terminé");
      await page.frameLocator("iframe[name=player]").getByText(/Enregistré à/).waitFor();
      await keys.to("Quitter", { back: true });
      await keys.leave();
      const line = page.locator("main li", { has: page.locator("a", { hasText: MODULE }) }).last();
      assert.match(await line.textContent(), /Fait/);
      await keys.round();
      await context.close();
    });
  }

  test("a tutor filters the board, opens an attempt, comes back to the same place and exports", async () => {
    const { context, page, keys } = await signIn("tutrice@exemple.fr");
    await keys.skip();
    await keys.follow("Automne, groupe 1");
    const board = new URL(page.url()).pathname;

    await keys.skip();
    await keys.follow(/^En retard/);
    assert.equal(await page.locator("tbody tr", { hasText: "BENALI" }).count(), 0, "who is not late is not shown");
    await keys.skip();
    await keys.follow(/^Tout le monde/);

    await keys.skip();
    await keys.to(/^Suivi du groupe/);
    await keys.to("BENALI Amina");
    for (let column = 0; column < CELL.column; column += 1) {
      await keys.press("ArrowRight");
      await keys.here();
    }
    const cell = await keys.here();
    assert.equal(cell.row, "BENALI Amina");
    await keys.press("Enter");
    await keys.until((stop) => stop.id === "beside-title");
    await keys.here();
    await keys.to("Fermer", { most: 1 });
    await keys.press("Escape");
    assert.equal((await keys.here()).place, cell.place, "the focus is back on the cell");
    assert.equal(await page.locator("#beside").count(), 0, "the detail is closed");

    await keys.press("Enter");
    await keys.until((stop) => stop.id === "beside-title");
    await keys.follow("Voir le détail", { most: 3 });
    assert.equal(await heading(page), CELL.title);
    await page.getByRole("heading", { name: "Essai 1" }).waitFor();
    assert.match(await page.locator("main").textContent(), /Score 100/);
    await keys.round();
    await keys.follow("Automne, groupe 1");
    assert.equal(new URL(page.url()).pathname, board, "back on the board");
    await keys.until((stop) => ["beside", "beside-title"].includes(stop.id));
    await keys.press("Escape");
    assert.equal((await keys.here()).place, cell.place, "back to the same place");

    await keys.to("DELMAS Claire");
    await keys.to("Télécharger le suivi (CSV)", { back: true });
    const download = page.waitForEvent("download");
    await keys.press("Enter");
    assert.match((await download).suggestedFilename(), /\.csv$/);
    await context.close();
  });

  test("a training manager makes a course, reorders it, opens a group, enrols, corrects hours and certifies", async () => {
    const { context, page, keys } = await signIn("responsable@exemple.fr");
    await keys.follow("Formations");
    await keys.skip();
    await keys.follow("Écrire une formation");
    await keys.skip();
    await keys.write(/^Titre de la formation/, "Accueillir à distance");
    await keys.write(/^Nombre de semaines/, "1");
    await keys.follow("Créer la formation");
    await keys.skip();
    await keys.unfold("Ajouter une semaine");
    await keys.write(/^Titre de la semaine/, "Se préparer");
    await keys.follow("Ajouter cette semaine");
    for (const title of ["Première lecture", "Seconde lecture"]) {
      await keys.follow("Page", { most: 12 });
      await keys.write(/^Titre de l’activité/, title, { most: 1 });
      await keys.write(/^Texte de la page/, "Lisez, puis notez une question.");
      await keys.write(/^Durée estimée/, "20");
      await keys.follow("Ajouter l’activité");
      await keys.to(`Modifier ${title}`, { most: 1 });
    }
    await keys.follow("Monter : Seconde lecture", { most: 8 });
    assert.deepEqual(await page.locator(".plan-activity strong").allTextContents(), ["Seconde lecture", "Première lecture"]);
    await keys.to("Modifier Seconde lecture", { most: 1 });

    await keys.follow("Groupes", { back: true });
    await keys.skip();
    await keys.follow("Ouvrir un groupe");
    await keys.skip();
    await keys.choose(/^Formation suivie/, "Accompagner");
    await keys.to(/^Premier jour/);
    const year = new Date().getFullYear() + 1;
    // The same day and month: the order of a date is the browser's.
    await page.keyboard.type(`1212${year}`);
    assert.equal((await keys.here()).value, `${year}-12-12`);
    await keys.write(/^Nom du groupe/, "Printemps");
    await keys.follow("Ouvrir le groupe");
    assert.match(await page.locator("main").textContent(), /Le groupe est ouvert/);

    await keys.skip();
    await keys.follow("Inscrire une personne");
    await keys.skip();
    await keys.follow("Inscrire cette personne");
    assert.match((await keys.here()).name, /Il reste quelque chose à corriger/);
    await keys.to("Donnez le prénom.", { most: 1 });
    await keys.press("Enter");
    assert.match((await keys.here()).name, /^Prénom/, "the focus is in the field to correct");
    await page.keyboard.type("Awa");
    await keys.write(/^Nom /, "Sarr", { most: 1 });
    await keys.follow("Inscrire cette personne");
    assert.match(await page.locator("main").textContent(), /La personne est inscrite/);
    await keys.skip();
    await keys.write(/^Chercher par nom/, "Vidal");
    await keys.leave();
    await keys.skip();
    await keys.follow(/^Inscrire .*VIDAL/i);
    await keys.skip();
    await keys.follow("Revenir au groupe");
    assert.match(await page.locator("#people").textContent(), /SARR Awa.*VIDAL Nathalie/s);

    await keys.follow("Groupes");
    await keys.skip();
    await keys.follow("Rentrée");
    await keys.skip();
    await keys.follow("Bilan");
    await keys.round();
    await keys.skip();
    await keys.unfold("Corriger BENALI Amina");
    await keys.write("Heures", "3", { most: 1 });
    await keys.write("Minutes", "30", { most: 1 });
    await keys.write("Motif", "Atelier fait sur place", { most: 1 });
    await keys.follow("Enregistrer la correction", { most: 1 });
    assert.match(await page.locator("tr", { hasText: "BENALI" }).textContent(), /3\sh\s30.*Atelier fait sur place/s);
    await keys.to("BENALI Amina", { most: 1 });
    await keys.follow("Émettre les certificats");
    for (const until = Date.now() + 60000; (await page.locator("a", { hasText: "Actualiser" }).count()) && Date.now() < until;) {
      await keys.skip();
      await keys.follow("Actualiser");
    }
    assert.ok((await page.locator("td a", { hasText: "Certificat de réalisation" }).count()) > 0, "the certificates came");
    await context.close();
  });

  test("an administrator invites a person, gives them a role, and changes a setting of the space", async () => {
    const { context, page, keys } = await signIn("administration@exemple.fr");
    await keys.skip();
    await keys.follow("Personnes");
    await keys.skip();
    await keys.follow("Ajouter une personne");
    await keys.skip();
    await keys.write(/^Prénom/, "Basile");
    await keys.write(/^Nom de famille/, "Ferrand");
    await keys.write(/^Adresse électronique/, "basile.ferrand@exemple.fr");
    const invite = await keys.to(/^Envoyer une invitation/);
    if (!invite.checked) await keys.press("Space");
    await keys.follow("Ajouter cette personne");
    assert.match(await page.locator("main").textContent(), /l’invitation vient de partir/);
    await keys.round();
    await keys.skip();
    await keys.to("Administration");
    await keys.press("ArrowDown");
    assert.deepEqual([(await keys.here()).name, (await keys.here()).checked], ["Gestion des formations", true]);
    await keys.follow("Donner ce rôle");
    assert.match(await page.locator("main").textContent(), /Le rôle est donné/);

    await keys.skip();
    await keys.unfold(/^Retirer le rôle/);
    await page.locator(".confirm-sentence:focus").waitFor();
    await keys.press("Escape");
    assert.match((await keys.here()).name, /^Retirer le rôle/, "the focus is back where it was");

    await keys.follow("Espace", { back: true });
    await keys.skip();
    await keys.write("Téléphone", "05 11 22 33 44");
    await keys.follow("Enregistrer les réglages");
    assert.match(await page.locator("main").textContent(), /Les réglages sont enregistrés/);
    await context.close();
  });

  test("an auditor reads a group and its certificates, and verifies one", async () => {
    const { context, page, keys } = await signIn("audit@exemple.fr");
    await keys.follow("Groupes");
    await keys.skip();
    await keys.follow("Rentrée");
    await keys.skip();
    await keys.follow("Suivi");
    await keys.skip();
    await keys.follow("Groupes", { back: true });
    await keys.skip();
    await keys.follow("Rentrée");
    await keys.skip();
    await keys.follow("Bilan");
    await keys.skip();
    await keys.to(/^Certificat de réalisation/);
    const { pathname } = new URL(page.url());
    await keys.press("Enter");
    await page.waitForURL((url) => url.pathname !== pathname);
    // What the document says is read here as one reads it on paper: its address and its code.
    const document = await page.request.get(page.url());
    const [, address, code] = /(https?:[^\s()]+\/verifier)\/([0-9a-f]{20})/.exec((await document.body()).toString("latin1"));
    assert.equal(address, `${servers.wildcard.base}/verifier`);
    await page.goto(address);
    await keys.arrived();
    await keys.skip();
    await keys.write("Code de vérification", code);
    await keys.follow("Vérifier ce code");
    assert.equal(await heading(page), "Document authentique");
    await keys.skip();
    await keys.unfold("Détail de la preuve");
    await keys.round();
    await context.close();
  });
});
