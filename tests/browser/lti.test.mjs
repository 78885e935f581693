// A course opened from another site's platform: connected by one address, launched in a window
// and in a frame, with third-party cookies blocked.
import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { after, before, describe, test } from "node:test";
import { sound } from "./lib/manage.mjs";
import { platform } from "./lib/platform.mjs";
import { browse, scoFrame, serve, signedIn } from "./lib/server.mjs";

const MODULE = "Choisir ses outils";
const PLATFORMS = "/e/accueil/gestion/plateformes";

describe("a partner's platform opens our courses", () => {
  let server;
  let partner;
  let browser;
  before(async () => {
    server = await serve(3990, "wildcard", { PASSERELLE_PRIVATE_ADDRESSES: "true" });
    partner = await platform(3995);
    browser = await browse(["--test-third-party-cookie-phaseout"]);
  });
  after(async () => {
    if (browser) await browser.close();
    if (partner) await partner.stop();
    if (server) await server.stop();
  });

  /** What somebody sees who follows the link in a window. */
  const arrive = async (sub, given_name) => {
    partner.state.person = { sub, given_name, family_name: "Diallo" };
    const context = await browser.newContext({ locale: "fr-FR", viewport: { width: 360, height: 800 } });
    const page = await context.newPage();
    await page.goto(`${partner.issuer}/course`);
    await page.click("#link");
    await page.waitForURL(`${server.base}/**`);
    return page;
  };

  test("an administrator gives one address, the partner's pastes it, and the group has its link", async () => {
    const admin = await signedIn(browser, server.base, "administration@exemple.fr");
    const { page } = admin;
    await page.goto(`${server.base}${PLATFORMS}`);
    await sound(page, "lti-list-empty");
    await page.getByRole("link", { name: "Relier une plateforme" }).first().click();
    await sound(page, "lti-add");
    await page.getByRole("button", { name: "Créer l’adresse" }).click();
    const address = await page.getByRole("textbox", { name: "Adresse à coller" }).inputValue();
    await page.setViewportSize({ width: 360, height: 800 });
    await sound(page, "lti-offer");

    // On the partner's side, in the frame that their platform opens.
    const theirs = await (await browser.newContext({ locale: "fr-FR" })).newPage();
    await theirs.goto(`${partner.issuer}/admin?${new URLSearchParams({ tool: address })}`);
    const frame = theirs.frameLocator("iframe[name=tool]");
    await frame.getByText("Relier localhost à l’espace").waitFor();
    await frame.getByRole("button", { name: "Relier" }).click();
    await frame.getByText("La plateforme est reliée").waitFor();
    await theirs.locator("#told", { hasText: "closed" }).waitFor();
    assert.equal(partner.state.tool.initiate_login_uri, `${server.base}/lti/connexion`);
    await theirs.context().close();

    await page.goto(`${server.base}${PLATFORMS}`);
    await sound(page, "lti-list");
    await page.getByRole("link", { name: "localhost" }).click();
    await page.setViewportSize({ width: 1280, height: 800 });
    await sound(page, "lti-platform");
    await page.setViewportSize({ width: 360, height: 800 });
    await sound(page, "lti-platform");
    partner.state.target = (await page.locator("#liens td").first().textContent()).trim();
    assert.match(partner.state.target, /\/lti\/groupe\/[0-9a-f-]{36}$/);
    // Who picks within the platform is offered what was opened to it alone.
    const row = page.locator("#liens tr", { hasText: partner.state.target });
    await row.locator("form button").first().click();
    await page.waitForLoadState();
    await sound(page, "lti-platform-opened");
    // The group of the demonstration is full: first come, then a place more.
    for (const time of ["first", "second"]) {
      const waiting = await arrive("u-0", "Awa");
      await waiting.getByText("Votre nom est sur la liste d’attente").waitFor();
      await sound(waiting, `lti-full-${time}`);
      await waiting.context().close();
    }
    await page.goto(`${server.base}/groupe/${partner.state.target.split("/").pop()}/gestion/reglages`);
    await page.fill('input[name="capacity"]', "30");
    await page.getByRole("button", { name: "Enregistrer" }).first().click();
    await page.waitForURL(/gestion$/);
    // Who waits goes first.
    const place = page.locator('form[action$="/place"] button').first();
    while (await place.count()) {
      await place.click();
      await page.waitForLoadState();
    }
    await admin.context.close();
  });

  test("a trainee follows the link in a window and is at their course, signed in", async () => {
    const page = await arrive("u-1", "Nora");
    await page.waitForURL(`${server.base}/formation/*`);
    await page.locator("main a", { hasText: MODULE }).first().waitFor();
    await page.goto(`${server.base}/mon-compte`);
    assert.equal(await page.inputValue('input[name="family_name"]'), "Diallo");
    await page.context().close();
  });

  test("in a frame of another site, without third-party cookies, a module plays to its end", async () => {
    const context = await browser.newContext({ locale: "fr-FR", viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    partner.state.person = { sub: "u-1", given_name: "Nora", family_name: "Diallo" };
    await page.goto(`${partner.issuer}/framed`);
    const frame = page.frameLocator("iframe[name=tool]");
    await frame.getByRole("link", { name: MODULE }).first().waitFor();
    await page.locator("iframe[name=tool]").screenshot({ path: `${process.env.PASSERELLE_SHOTS ?? tmpdir()}/lti-frame.png` });
    await frame.getByRole("link", { name: MODULE }).first().click();
    let sco = await scoFrame(page);
    await sco.locator("button", { hasText: "Page suivante" }).click();
    await sco.locator(".place", { hasText: "2 sur" }).waitFor();
    const player = frame.frameLocator("iframe[name=player]");
    await player.getByText(/Enregistré à/).waitFor();
    await page.locator("iframe[name=tool]").screenshot({ path: `${process.env.PASSERELLE_SHOTS ?? tmpdir()}/lti-frame-player.png` });
    // The platform shows the link again: the module is where it was left.
    await page.goto(`${partner.issuer}/framed`);
    await frame.getByRole("link", { name: MODULE }).first().click();
    sco = await scoFrame(page);
    await sco.locator(".place", { hasText: "2 sur" }).waitFor();
    for (let step = 0; step < 10; step += 1) {
      const choices = sco.locator('input[type="radio"]');
      if (await choices.count()) await choices.nth((await sco.locator("legend").textContent()).startsWith("Combien") ? 0 : 1).check();
      const next = sco.locator("button", { hasText: /Page suivante|Voir mon résultat/ });
      if (!(await next.count())) break;
      await next.click();
    }
    await player.getByRole("button", { name: /Quitter|Fermer/ }).first().click();
    await frame.locator("li", { hasText: MODULE }).getByText("Fait").first().waitFor();
    assert.deepEqual((await context.cookies()).filter((cookie) => cookie.name.endsWith("session")), []);
    // What is not a module opens in a tab.
    await frame.getByRole("link", { name: "Mise en pratique" }).first().click();
    const [tab] = await Promise.all([context.waitForEvent("page"), frame.getByRole("button", { name: "Ouvrir dans un nouvel onglet" }).click()]);
    await tab.waitForURL(`${server.base}/formation/*/activite/*`);
    await tab.getByRole("heading", { name: "Mise en pratique" }).waitFor();
    await context.close();
  });

  test("who teaches there picks what a link opens, in a frame without cookies", async () => {
    for (const width of [1280, 360]) {
      const context = await browser.newContext({ locale: "fr-FR", viewport: { width, height: 800 } });
      const page = await context.newPage();
      await page.goto(`${partner.issuer}/pick`);
      const frame = page.frameLocator("iframe[name=tool]");
      await frame.getByRole("heading", { name: "Que voulez-vous ouvrir" }).waitFor();
      await frame.getByRole("link").filter({ hasText: "Automne" }).first().click();
      await frame.getByLabel("Toute la formation").check();
      await frame.getByLabel(MODULE, { exact: true }).check();
      await page.locator("iframe[name=tool]").screenshot({ path: `${process.env.PASSERELLE_SHOTS ?? tmpdir()}/lti-choose-${width}.png` });
      await frame.getByRole("button", { name: "Ajouter à mon cours" }).click();
      await frame.locator("#picked", { hasText: "2" }).waitFor();
      await context.close();
    }
    const [whole, module] = partner.state.picked;
    assert.equal(whole.url, partner.state.target);
    assert.equal(module.title, MODULE);
    assert.ok(module.url.startsWith(`${whole.url}/activite/`) && module.lineItem.scoreMaximum === 100, JSON.stringify(module));
  });

  test("who teaches there sees where people arrive; a stranger is told what to tell", async () => {
    partner.state.role = "Instructor";
    const page = await arrive("u-2", "Paul");
    await page.getByText("Vous enseignez sur la plateforme").waitFor();
    await sound(page, "lti-instructor");
    await page.goto(`${server.base}/lti/connexion?iss=https://inconnu.example.org&login_hint=h&target_link_uri=${encodeURIComponent(partner.state.target)}`);
    await page.getByText("Cette plateforme n’est pas reliée à nous").waitFor();
    await page.getByText(/login-platform-unknown, référence/).waitFor();
    await sound(page, "lti-refused");
    await page.context().close();
  });

  test("in a browser that drops every cookie of ours, the partner's window keeps what ties the launch", async () => {
    Object.assign(partner.state, { role: "Learner", person: { sub: "u-1", given_name: "Nora", family_name: "Diallo" } });
    const context = await browser.newContext({ locale: "fr-FR", viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    // The cookie of the login never comes back: it is gone before the window answers.
    await page.exposeFunction("drop", () => context.clearCookies());
    await page.goto(`${partner.issuer}/keeping`);
    await page.frameLocator("iframe[name=tool]").getByText("Ouvrir dans un nouvel onglet").first().waitFor();
    assert.deepEqual(await page.evaluate(() => window.asked), ["lti.put_data", "lti.get_data"]);
    // A partner that does not answer leaves a sentence, not a blank page.
    await page.goto(`${partner.issuer}/keeping?deaf`);
    await context.clearCookies();
    await page.frameLocator("iframe[name=tool]").getByText("Votre navigateur n’a pas gardé").waitFor();
    await context.close();
  });
});
