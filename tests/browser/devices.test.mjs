// Broken and doubled work: two devices at once, a network that goes, a tab that
// dies, a player that slept for hours. Nothing that was done is lost in silence
// or merged in silence.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { strToU8, zipSync } from "fflate";
import { detail, play, stage } from "./lib/course.mjs";
import { device, signIn, until } from "./lib/device.mjs";
import { browse, scoFrame, serve, signedIn } from "./lib/server.mjs";

/** A SCO that does what the test tells it, and nothing else. */
const PACKAGE = zipSync({
  "imsmanifest.xml": strToU8(`<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="plain" version="1" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3">
  <metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
  <organizations default="all"><organization identifier="all"><title>Essai</title><item identifier="one" identifierref="page"><title>Essai</title></item></organization></organizations>
  <resources><resource identifier="page" type="webcontent" adlcp:scormType="sco" href="index.html"><file href="index.html"/></resource></resources>
</manifest>`),
  "index.html": strToU8(`<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Essai</title></head><body><script>
    window.api = window.parent.API_1484_11;
    window.began = window.api.Initialize("");
    window.found = window.api.GetValue("cmi.location");
    // What is suspended is resumed, on whatever device.
    window.api.SetValue("cmi.exit", "suspend");
    window.reach = (place) => [window.api.SetValue("cmi.location", place), window.api.Commit(""), window.api.GetLastError()];
  </script></body></html>`),
});
const TESTS = 5;

describe("one attempt, many devices", () => {
  let server;
  let staff;
  let tutor;
  let laptop;
  let phone;
  let scene;
  let activity;
  const enrolment = () => scene.enrolments[0];
  const open = async ({ page }) => {
    const player = await play(page, server.base, enrolment(), activity);
    const sco = await scoFrame(page);
    await sco.waitForFunction(() => window.began === "true");
    const state = (name) => player.locator(`.save[data-state="${name}"]`).waitFor();
    return { player, sco, state, reach: (place) => sco.evaluate((to) => window.reach(to), place), found: await sco.evaluate(() => window.found) };
  };
  const seen = () => detail(tutor.page, server.base, enrolment(), activity);
  /** Places that the server has taken over, in the order of their arrival. */
  const places = ({ calls }) => calls.filter((call) => call[2] === "SetValue" && call[3] === "cmi.location").map((call) => call[4]);
  const begin = (n) => { activity = scene.activities[n]; };

  before(async () => {
    server = await serve(3980, "wildcard");
    [staff, laptop, phone] = await Promise.all([browse(), device(), device({ width: 360 })]);
    const manager = await signedIn(staff, server.base, "responsable@exemple.fr");
    const file = { name: "essai.zip", mimeType: "application/zip", buffer: Buffer.from(PACKAGE) };
    const names = Array.from({ length: TESTS }, (none, n) => ({ title: `Essai ${n + 1}`, file: n === 0 ? file : null }));
    scene = await stage(manager.page, server, names, ["Benali"]);
    await manager.context.close();
    tutor = await signedIn(staff, server.base, "tutrice@exemple.fr");
    for (const { page } of [laptop, phone]) await signIn(page, server.base, "stagiaire@exemple.fr");
  });
  after(async () => {
    for (const one of [staff, laptop, phone]) if (one) await one.close();
    if (server) await server.stop();
  });

  test("the second device takes over; the first says so, and its late work is kept and shown, not merged", async () => {
    begin(0);
    const first = await open(laptop);
    assert.deepEqual(await first.reach("page-1"), ["true", "true", "0"]);
    await first.state("saved");
    const second = await open(phone);
    assert.equal(second.found, "page-1");
    assert.deepEqual(await second.reach("page-5"), ["true", "true", "0"]);
    await second.state("saved");

    await first.reach("page-2");
    await first.state("superseded");
    await first.player.getByText("Cette activité a été ouverte ailleurs.").waitFor();
    // From now on the content is told that its work is not taken over.
    assert.deepEqual(await first.reach("page-3"), ["true", "false", "391"]);

    const { late, attempt, ...rest } = await seen();
    assert.deepEqual(places({ ...rest }), ["page-1", "page-5"]);
    assert.ok(late.some((row) => row.join(" ").includes("cmi.location = page-2")), JSON.stringify(late));
    assert.equal(attempt["Nombre d’ouvertures"], "2");
    const again = await open(phone);
    assert.equal(again.found, "page-5");
  });

  test("the trainee, too, reads that work of another device was not taken over", async () => {
    begin(0);
    await phone.page.goto(`${server.base}/formation/${enrolment()}/activite/${activity}`);
    assert.match(await phone.page.locator("main").innerText(), /autre appareil/);
  });

  test("without a network work goes on, says that it waits, and arrives in order", async () => {
    begin(1);
    const { sco, state, reach, player } = await open(laptop);
    await reach("page-1");
    await state("saved");
    await laptop.context.setOffline(true);
    for (const place of ["page-2", "page-3", "page-4"]) assert.equal((await reach(place))[0], "true");
    await state("failing");
    await player.getByText("En attente de connexion. Votre travail est gardé sur cet appareil.").waitFor();
    // The content is told, too, once three sends have failed.
    assert.deepEqual(await reach("page-5"), ["true", "false", "391"]);
    const waiting = await sco.evaluate(() => Object.keys(window.localStorage).filter((key) => key.startsWith("passerelle:")).length);
    assert.equal(waiting, 4);
    assert.deepEqual(places(await seen()), ["page-1"]);
    await laptop.context.setOffline(false);
    await state("saved");
    assert.deepEqual(places(await seen()), ["page-1", "page-2", "page-3", "page-4", "page-5"]);
    assert.deepEqual((await seen()).late, []);
    assert.equal(await sco.evaluate(() => Object.keys(window.localStorage).filter((key) => key.startsWith("passerelle:")).length), 0);
  });

  test("a tab that dies is resumed on another device", async () => {
    begin(2);
    const { reach, state } = await open(laptop);
    await reach("page-1");
    await state("saved");
    const died = laptop.page;
    laptop.page = await laptop.context.newPage();
    await died.close({ runBeforeUnload: false });
    const resumed = await open(phone);
    assert.equal(resumed.found, "page-1");
    assert.equal(await resumed.sco.evaluate(() => window.api.GetValue("cmi.entry")), "resume");
    await resumed.reach("page-2");
    await resumed.state("saved");
    assert.deepEqual(places(await seen()), ["page-1", "page-2"]);
  });

  test("after three hours asleep the player's timers go on, and the commit is taken", async () => {
    begin(3);
    const { page, context } = laptop;
    await page.clock.install();
    const { reach, state, sco } = await open(laptop);
    await reach("page-1");
    await state("saved");
    await page.clock.fastForward("03:00:00");
    assert.deepEqual(await reach("page-2"), ["true", "true", "0"]);
    await until("the commit after the sleep", async () => places(await seen()).includes("page-2"));
    // What is not committed leaves by itself, every minute.
    await sco.evaluate(() => window.api.SetValue("cmi.location", "page-3"));
    await page.clock.fastForward("01:01");
    await until("the commit of the timer", async () => places(await seen()).includes("page-3"));
    // Those that were under way when it fell asleep are tried again as well.
    await context.setOffline(true);
    await reach("page-4");
    await state("pending");
    await context.setOffline(false);
    await page.clock.fastForward("03:00:00");
    await until("the commit of before the sleep", async () => places(await seen()).includes("page-4"));
  });

  test("where the browser forbids storage the player says so, and the server still has the work", async (t) => {
    begin(4);
    const strict = await device({ strict: true });
    try {
      await signIn(strict.page, server.base, "stagiaire@exemple.fr");
      const { sco, reach, player } = await open(strict);
      assert.equal(await sco.evaluate(() => { try { return String(window.localStorage.length); } catch (error) { return error.name; } }), "SecurityError");
      t.diagnostic(`SetValue, Commit, GetLastError: ${await reach("page-1")}`);
      await until("the work without storage", async () => places(await seen()).includes("page-1"));
      await player.locator('.save[data-state="saved"], .save[data-state="full"]').waitFor();
      const elsewhere = await open(phone);
      assert.equal(elsewhere.found, "page-1");
    } finally {
      await strict.close();
    }
  });
});
