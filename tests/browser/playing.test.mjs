// Packages that were played badly: content that opens its own window, a page
// that comes back after Finish, a memory that grows, several SCOs left in the
// second, content on another site. What each did is told beside its test.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { detail, play, stage } from "./lib/course.mjs";
import { device, signIn, until } from "./lib/device.mjs";
import { browse, scoFrame, serve, signedIn } from "./lib/server.mjs";

const bytes = (name) => readFileSync(new URL(`../packages/${name}.zip`, import.meta.url));
const zip = (name, files) => ({ name: `${name}.zip`, mimeType: "application/zip", buffer: Buffer.from(files) });
/** A package of `tests/packages`, its files changed by their names. */
function changed(name, change) {
  const files = unzipSync(new Uint8Array(bytes(name)));
  for (const [file, how] of Object.entries(change)) files[file] = strToU8(how(strFromU8(files[file] || new Uint8Array())));
  return zip(name, zipSync(files));
}

const to2004 = (text) => text
  .replace("http://www.imsproject.org/xsd/imscp_rootv1p1p2", "http://www.imsglobal.org/xsd/imscp_v1p1")
  .replace("http://www.adlnet.org/xsd/adlcp_rootv1p2", "http://www.adlnet.org/xsd/adlcp_v1p3")
  .replace(">1.2<", ">2004 4th Edition<").replaceAll("scormtype", "scormType");

/** A SCO beside a page of another site and an item that is dead. */
const ELSEWHERE = zip("ailleurs", zipSync({
  "imsmanifest.xml": strToU8(`<?xml version="1.0"?><manifest identifier="A" version="1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"><metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
<organizations default="O"><organization identifier="O"><title>Ailleurs</title><item identifier="A" identifierref="R-A"><title>Chez eux</title></item><item identifier="B" identifierref="R-B"><title>Script</title></item></organization></organizations>
<resources><resource identifier="R-A" type="webcontent" adlcp:scormtype="sco" href="https://ailleurs.example/cours"/><resource identifier="R-B" type="webcontent" adlcp:scormtype="sco" href="javascript:alert(1)"/></resources></manifest>`),
}));

const KINDS = {
  window: zip("contenu-en-fenetre", bytes("contenu-en-fenetre")),
  own: zip("contenu-en-fenetre", bytes("contenu-en-fenetre")),
  replay12: zip("rejouer-12", bytes("rejouer-12")),
  replay2004: changed("rejouer-12", { "imsmanifest.xml": to2004, "index.html": (text) => text.replace("VER='1.2'", "VER='2004'") }),
  // It never says Finish: the page that comes back finds its session running.
  cut: changed("rejouer-12", { "index.html": (text) => text.replace("addEventListener('pagehide',function(){P.end();});", "") }),
  deaf: changed("rejouer-12", { "index.html": (text) => text.replace("location.reload()", "P.end();P.init();P.set('cmi.core.lesson_location','99')") }),
  memory: zip("memoire-croissante-12", bytes("memoire-croissante-12")),
  resume: zip("reprise-2e-sco-2004", bytes("reprise-2e-sco-2004")),
  hidden: changed("plusieurs-modules", { "m3.html": (text) => text.replace("</script></body>", "window.P.ended = true;</script></body>") }),
  elsewhere: ELSEWHERE,
};
const NAMES = Object.keys(KINDS);

for (const [hosts, port] of [["wildcard", 3990], ["single", 3993]]) {
  describe(`what packages do by themselves, content hosts: ${hosts}`, () => {
    let server;
    let staff;
    let tutor;
    let trainee;
    let scene;
    const activity = (name) => scene.activities[NAMES.indexOf(name)];
    const open = (name) => play(trainee.page, server.base, scene.enrolments[0], activity(name));
    const seen = (name) => detail(tutor.page, server.base, scene.enrolments[0], activity(name));
    const probe = (where) => until("the probe", () => where.evaluate(() => window.P && window.P.done && { deviations: window.P.deviations, lines: window.P.lines }).catch(() => null));
    const saved = (player) => player.locator('.save[data-state="saved"]').waitFor();
    const places = ({ calls }, element) => calls.filter((call) => call[2] === "SetValue" && call[3] === element && call[5] === "true").map((call) => call[4]);
    async function leave(player) {
      await player.getByRole("button", { name: "Quitter", exact: true }).click();
      await trainee.page.waitForURL((url) => /^\/formation\/[0-9a-f-]+$/.test(url.pathname));
    }

    before(async () => {
      server = await serve(port, hosts);
      [staff, trainee] = await Promise.all([browse(), device()]);
      const manager = await signedIn(staff, server.base, "responsable@exemple.fr");
      scene = await stage(manager.page, server, NAMES.map((title) => ({ title, file: KINDS[title] })), ["Benali"]);
      await manager.context.close();
      tutor = await signedIn(staff, server.base, "tutrice@exemple.fr");
      await signIn(trainee.page, server.base, "stagiaire@exemple.fr");
    });
    after(async () => {
      for (const one of [staff, trainee]) if (one) await one.close();
      if (server) await server.stop();
      assert.equal(server.said().trim(), "", "the server complained");
    });

    /** Opens the module's own window from the launcher, which is in a frame of `page`. */
    async function popup(sco) {
      const [opened] = await Promise.all([trainee.context.waitForEvent("page"), sco.getByRole("button", { name: "Ouvrir le module" }).click()]);
      await opened.waitForLoadState();
      return opened;
    }

    // Framed, its window found no API: our page's policy had cut it from its opener.
    test("content that opens its own window finds the API in the framed player, and again in a second window", async () => {
      const player = await open("window");
      const sco = await scoFrame(trainee.page);
      for (const passage of [0, 1]) {
        const opened = await popup(sco);
        const { deviations, lines } = await probe(opened);
        assert.deepEqual(deviations, [], lines.join("\n"));
        await saved(player);
        assert.match(lines.join("\n"), new RegExp(`GetValue\\(cmi\\.core\\.lesson_location\\) → ${passage || ""} \\[0\\]`));
        await opened.close({ runBeforeUnload: true });
      }
      // Left with its window open: it is closed, and has had its say.
      const last = await popup(sco);
      await probe(last);
      await leave(player);
      assert.ok(last.isClosed());
      const found = await seen("window");
      assert.deepEqual(places(found, "cmi.core.lesson_location"), ["1", "2", "3"]);
      assert.equal(found.calls.filter((call) => /Finish|Terminate/.test(call[2])).length, 3);
    });

    // In a window of its own, the player closed first: the module went on, was answered "true", and was lost.
    test("content that opens its own window finds the API in the player's own window, and is told once it is gone", async () => {
      const { page, context } = trainee;
      await page.goto(`${server.base}/formation/${scene.enrolments[0]}/activite/${activity("own")}`);
      await page.locator('main form[action$="/ouvrir"] button').last().click();
      const [own] = await Promise.all([context.waitForEvent("page"), page.getByRole("button", { name: "Ouvrir l’activité" }).click()]);
      await own.locator("header.bar").waitFor();
      const opened = await popup(await scoFrame(own));
      const { deviations, lines } = await probe(opened);
      assert.deepEqual(deviations, [], lines.join("\n"));
      await own.locator('.save[data-state="saved"]').waitFor();
      await opened.evaluate(() => window.P.set("cmi.core.lesson_location", "7"));
      await own.close({ runBeforeUnload: true });
      await opened.getByRole("alert").filter({ hasText: "n’est plus enregistré" }).waitFor();
      const after = await opened.evaluate(() => ["set", "commit"].map((name) => (name === "set" ? window.P.set("cmi.core.lesson_location", "8") : window.P.commit()).r));
      assert.deepEqual(after, ["false", "false"]);
      await opened.close();
      // What came before the end of the player is kept.
      await until("what was set last", async () => places(await seen("own"), "cmi.core.lesson_location").includes("7"));
      assert.deepEqual(places(await seen("own"), "cmi.core.lesson_location"), ["1", "7"]);
    });

    for (const [name, place, end] of [["replay12", "cmi.core.lesson_location", 3], ["replay2004", "cmi.location", 3], ["cut", "cmi.core.lesson_location", 0]]) {
      // After Finish the page came back, Initialize was refused, and the bar said "Enregistré" of what was lost.
      test(`a page that comes back goes on in a new session: ${name}`, async () => {
        const player = await open(name);
        for (const passage of [1, 2, 3]) {
          const sco = await scoFrame(trainee.page);
          const { lines } = await probe(sco);
          assert.ok(lines.some((line) => /Initialize\(\) → true \[0\]/.test(line)), lines.join("\n"));
          assert.ok(lines.some((line) => line.includes(`SetValue(${place}, ${passage}) → true`)), lines.join("\n"));
          await saved(player);
          if (passage < 3) {
            await sco.evaluate(() => { window.P.done = false; });
            await sco.getByRole("button", { name: "Recommencer" }).click();
          }
        }
        await leave(player);
        const found = await seen(name);
        assert.deepEqual(places(found, place), ["1", "2", "3"]);
        assert.equal(found.calls.filter((call) => /Finish|Terminate/.test(call[2]) && call[5] === "true").length, end);
        assert.equal(found.attempt["Nombre d’ouvertures"], "1");
      });
    }

    // The same page wants more after its end: it is refused as the standard says, and the bar does not say "saved".
    test("a page that goes on after its end is refused, and the person is told", async () => {
      const player = await open("deaf");
      const sco = await scoFrame(trainee.page);
      await probe(sco);
      await saved(player);
      await sco.getByRole("button", { name: "Recommencer" }).click();
      await player.getByText("n’est plus enregistré").waitFor();
      assert.equal(await player.locator('.save[data-state="saved"]').count(), 0);
      await leave(player);
      assert.deepEqual(places(await seen("deaf"), "cmi.core.lesson_location"), ["1"]);
    });

    // At 4,096 characters the memory stopped and the place went on.
    test("a memory that grows comes back whole each time", async () => {
      for (const passage of [1, 2, 3, 4, 5]) {
        const player = await open("memory");
        const { lines } = await probe(await scoFrame(trainee.page));
        assert.ok(lines.some((line) => line.startsWith("LMSSetValue(cmi.suspend_data") && line.includes("→ true")), lines.join("\n"));
        const length = (n) => (n === 0 ? 0 : 1280 * n + `{"p":${n},"d":""}`.length);
        assert.ok(lines.includes(`repris : ${length(passage - 1)}`), `${passage}: ${lines.join("\n")}`);
        await saved(player);
        await leave(player);
      }
    });

    // It opened again at the first SCO that was not finished.
    test("an activity of several SCOs opens again where it was suspended", async () => {
      let player = await open("resume");
      await probe(await scoFrame(trainee.page));
      await player.getByRole("button", { name: "Suivant", exact: true }).click();
      const second = await until("the second", () => trainee.page.frames().find((one) => one.url().endsWith("/b.html")));
      await probe(second);
      await second.getByRole("button", { name: "suspendAll" }).click();
      await trainee.page.waitForURL((url) => /^\/formation\/[0-9a-f-]+$/.test(url.pathname));
      player = await open("resume");
      await player.getByText("2 sur 2", { exact: true }).waitFor();
      assert.match((await scoFrame(trainee.page)).url(), /b\.html$/);
      // Chosen by hand, and left by closing the page: there too.
      await player.getByRole("button", { name: "Précédent", exact: true }).click();
      await until("the first", () => trainee.page.frames().find((one) => one.url().endsWith("/a.html")));
      await probe(await scoFrame(trainee.page));
      await trainee.page.goto(`${server.base}/accueil`);
      player = await open("resume");
      await player.getByText("1 sur 2", { exact: true }).waitFor();
    });

    // It was listed and asked for.
    test("an invisible item is not listed, and all that is listed is enough", async () => {
      const player = await open("hidden");
      const contents = player.locator("#contents");
      assert.deepEqual(await contents.locator("li .title").allTextContents(), ["Parcours (titre seul)", "Module 1", "Module 1 a", "Module 2", "Mémo à lire"]);
      const next = player.getByRole("button", { name: "Suivant", exact: true });
      for (const at of [1, 2, 3]) {
        await player.getByText(`${at} sur 4`, { exact: true }).waitFor();
        await probe(await until("the module", () => trainee.page.frames().find((one) => one.url().endsWith(`/m${at}.html`))));
        await next.click();
      }
      await player.getByText("4 sur 4", { exact: true }).waitFor();
      assert.ok(await next.isDisabled());
      await saved(player);
      await leave(player);
      const { status, activity: facts } = await seen("hidden");
      assert.match(status, /Fait$/);
      assert.equal(facts.Score.replace(/\s/g, " "), "40 %");
    });

    // It was put in a frame that never showed it; the import promised that it might open.
    test("content on another site opens in a tab, and counts once it is opened", async () => {
      const player = await open("elsewhere");
      await player.getByText("ailleurs.example").waitFor();
      assert.equal(await player.locator("#contents").count(), 0, "one item only can be opened");
      await trainee.context.route("https://ailleurs.example/**", (route) => route.fulfill({ contentType: "text/html", body: "<title>Chez eux</title>" }));
      const [tab] = await Promise.all([trainee.context.waitForEvent("page"), player.getByRole("link", { name: "Ouvrir dans un nouvel onglet" }).click()]);
      await tab.waitForURL("https://ailleurs.example/cours");
      assert.equal(await tab.evaluate(() => window.opener), null);
      await tab.close();
      await saved(player);
      await leave(player);
      assert.match((await seen("elsewhere")).status, /Fait$/);
    });

    // Two warnings stood in the console at each launch.
    test("nothing stands in the console at a launch", async () => {
      const said = [];
      const hear = (message) => { if (message.type() === "warning" || message.type() === "error") said.push(message.text()); };
      trainee.page.on("console", hear);
      const player = await open("memory");
      await saved(player);
      await leave(player);
      trainee.page.off("console", hear);
      assert.deepEqual(said, []);
    });
  });
}
