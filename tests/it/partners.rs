//! What partners' servers and their people do beside the way that was foreseen: names that come
//! late, addresses that were mistyped, people who change groups, marks below what is asked.

use axum::body::Body;
use axum::http::StatusCode;
use passerelle_courses::progress::model::Seen;
use passerelle_courses::progress::{Observation, record};
use passerelle_kernel::Uuid;
use passerelle_kernel::env::{HOUR, SECOND};
use passerelle_kernel::journal::Actor;
use passerelle_tests::platform::{CLIENT, Platform, claim, link};
use passerelle_tests::{Answer, Browser, on_both_engines};
use serde_json::{Value, json};

use crate::lti::{PLATFORMS, Scene};

const GRADES: &str = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint";

/// A launch of somebody that is graded in that column.
async fn graded(scene: &Scene, browser: &Browser, target: &str, item: &str) -> String {
    let grades = scene.platform.grades(item);
    let launched = scene
        .platform
        .launch(browser, target, scene.now(), |claims| {
            claims[GRADES] = grades;
        });
    launched.await.leads()
}

/// The last score that came for a column: how far, and how much.
fn last(platform: &Platform, item: &str) -> (String, Option<f64>) {
    let scores = platform.scores();
    let (_, score) = scores
        .into_iter()
        .rev()
        .find(|(of, _)| of == item)
        .expect("a score");
    (
        score["activityProgress"].as_str().unwrap().to_owned(),
        score["scoreGiven"].as_f64(),
    )
}

async fn in_frame(scene: &Scene, browser: &Browser, target: &str) -> String {
    let sent = scene.platform.login(browser, target).await;
    let claims = scene.platform.claims(&sent, target, scene.now());
    let token = scene.platform.key().sign(&claims).unwrap();
    let pairs = [
        ("state", sent["state"].as_str()),
        ("id_token", token.as_str()),
    ];
    scene.platform.post_in_frame(browser, &pairs).await.leads()
}

/// A page as a frame asks for it, from another page of ours.
async fn framed(browser: &Browser, path: &str, from: &str) -> Answer {
    let public = browser.app().app().settings().public_url.clone();
    let request = browser
        .request("GET", path)
        .header("sec-fetch-dest", "iframe")
        .header("sec-fetch-site", "same-origin")
        .header("referer", format!("{public}{from}"));
    browser.send(request, Body::empty()).await
}

on_both_engines! {
    /// A trainee who was moved to another group, and followed the link of the old one, was enrolled
    /// in the old one again; what they did in the new one was sent nowhere.
    async fn who_was_moved_to_another_group_arrives_there_and_is_graded_there(engine) {
        let scene = Scene::new(engine).await;
        let browser = scene.app.visitor();
        graded(&scene, &browser, &link(scene.cohort), "course").await;
        let frame = in_frame(&scene, &scene.app.visitor(), &link(scene.cohort)).await;
        scene.app.run_jobs().await;
        let old = scene.app.id("SELECT id FROM enrolment WHERE source = 'platform'", []).await;
        let other = scene.app.cohort(&scene.course, "2026-11-02", &[]).await.id;
        scene.app.run_jobs().await;
        let manager = scene.app.as_manager().await;
        let to = other.to_string();
        manager.post(&format!("/inscription/{old}/deplacer"), &[("cohort", &to)]).await.leads();
        scene.app.run_jobs().await;
        let sql = "SELECT id FROM enrolment WHERE cohort_id = $1 AND state = 'active'";
        let new = scene.app.id(sql, [other.into()]).await;
        // What is done there is graded where the platform asked, without coming back first.
        let done = Observation {
            enrolment: new,
            activity: scene.page,
            seen: Seen { viewed: true, ..Seen::default() },
            seconds: 0,
            at: scene.app.now(),
        };
        let tx = scene.app.write().await;
        assert!(record(&tx, Actor::System("test"), done).await.unwrap().done);
        tx.commit().await.unwrap();
        scene.app.run_jobs().await;
        assert_eq!(last(&scene.platform, "course"), ("InProgress".to_owned(), Some(33.33)));
        // The frame that they have open shows the new group as well.
        scene.app.visitor().get(&frame).await.ok().says(&["Groupe du 2026-11-02"]);
        // The old link leads to the new group, and nobody is enrolled again in the old one.
        let path = graded(&scene, &scene.app.visitor(), &link(scene.cohort), "course").await;
        assert_eq!(path, format!("/formation/{new}"));
        let state = "SELECT state FROM enrolment WHERE id = $1";
        assert_eq!(scene.app.text(state, [old.into()]).await.as_deref(), Some("left"));
        let facts = scene.app.facts().await;
        assert_eq!(facts["enrolment.moved.v1"], 1);
        // Moved back, they are back.
        manager.post(&format!("/inscription/{new}/deplacer"), &[("cohort", &scene.cohort.to_string())]).await.leads();
        assert_eq!(scene.launch(&scene.app.visitor()).await.leads(), format!("/formation/{old}"));
        scene.app.close().await;
    }
}

on_both_engines! {
    /// The same by the link to join a group, for who has an account here.
    async fn who_was_moved_does_not_join_the_old_group_again_by_its_link(engine) {
        let scene = Scene::new(engine).await;
        let other = scene.app.cohort(&scene.course, "2026-11-09", &[]).await.id;
        let cohort = scene.app.cohort(&scene.course, "2026-11-16", &["Bao"]).await;
        let (bao, enrolment) = &cohort.trainees[0];
        let sql = "UPDATE cohort SET join_code = 'entrez' WHERE id = $1";
        scene.app.run(sql, [cohort.id.into()]).await;
        let manager = scene.app.as_manager().await;
        manager.post(&format!("/inscription/{enrolment}/deplacer"), &[("cohort", &other.to_string())]).await.leads();
        let path = scene.app.as_person(bao).await.post("/rejoindre/entrez", &[("geste", "rejoindre")]).await.leads();
        let sql = "SELECT id FROM enrolment WHERE cohort_id = $1 AND person_id = $2 AND state = 'active'";
        let new = scene.app.id(sql, [other.into(), bao.id.into()]).await;
        assert_eq!(path, format!("/formation/{new}"));
        let active = "SELECT COUNT(*) FROM enrolment WHERE person_id = $1 AND state = 'active'";
        assert_eq!(scene.app.count(active, [bao.id.into()]).await, 1);
        scene.app.close().await;
    }
}

on_both_engines! {
    /// A mark below what the activity asks for stayed here: the gradebook showed « started » beside
    /// who had failed with 45, and beside who had opened the page.
    async fn a_mark_below_the_threshold_reaches_the_gradebook(engine) {
        let scene = Scene::new(engine).await;
        let browser = scene.app.visitor();
        let part = format!("{}/activite/{}", link(scene.cohort), scene.package);
        graded(&scene, &browser, &part, "module").await;
        scene.app.run_jobs().await;
        let enrolment = scene.app.id("SELECT id FROM enrolment WHERE source = 'platform'", []).await;
        let fail = async |score: &str| {
            let set = [
                ("cmi.core.lesson_status", "failed"), ("cmi.core.score.raw", score),
                ("cmi.core.score.min", "0"), ("cmi.core.score.max", "100"),
            ];
            let mut player = browser.launch(enrolment, scene.package).await;
            assert_eq!(player.commit("SCO-1", &set, true).await, StatusCode::NO_CONTENT);
            scene.app.run_jobs().await;
            last(&scene.platform, "module")
        };
        assert_eq!(fail("30").await, ("InProgress".to_owned(), Some(30.0)));
        assert_eq!(fail("45").await, ("InProgress".to_owned(), Some(45.0)));
        assert_eq!(fail("40").await, ("InProgress".to_owned(), Some(45.0)), "the best is kept");
        browser.launch(enrolment, scene.package).await.pass("SCO-1", "80").await;
        scene.app.run_jobs().await;
        assert_eq!(last(&scene.platform, "module"), ("Completed".to_owned(), Some(80.0)));
        scene.app.close().await;
    }
}

on_both_engines! {
    /// Two scores of one person left side by side, for two columns or by two jobs: gradebooks that
    /// work out a total lost one, and the older one could arrive last.
    async fn the_scores_of_a_person_leave_one_after_the_other(engine) {
        let scene = Scene::new(engine).await;
        let browser = scene.app.visitor();
        graded(&scene, &browser, &link(scene.cohort), "course").await;
        for (n, activity) in [scene.page, scene.package, scene.course.practice].iter().enumerate() {
            let target = format!("{}/activite/{activity}", link(scene.cohort));
            graded(&scene, &browser, &target, &format!("item-{n}")).await;
        }
        scene.app.run_jobs().await;
        assert_eq!(scene.platform.scores().len(), 4);
        assert_eq!(scene.platform.side_by_side(), 0);
        // While another job has the platform, this one waits and looks again.
        let busy = "UPDATE lti_platform SET sending_job = $1, sending_until = $2";
        let until = scene.app.now() + HOUR;
        scene.app.run(busy, [Uuid::nil().into(), until.into()]).await;
        scene.app.run("UPDATE lti_grade SET due = due + 1, sent = NULL", []).await;
        let page = scene.own_page().await;
        scene.administrator.post(&format!("{page}/notes"), &[]).await.leads();
        scene.app.run_jobs().await;
        assert_eq!(scene.platform.scores().len(), 4);
        scene.app.run("UPDATE lti_platform SET sending_job = NULL", []).await;
        scene.app.clock().advance(6 * SECOND);
        scene.app.run_jobs().await;
        assert_eq!(scene.platform.scores().len(), 8);
        // One that was lost with its server does not hold it for ever.
        let until = scene.app.now() + HOUR;
        scene.app.run(busy, [Uuid::nil().into(), until.into()]).await;
        scene.app.run("UPDATE lti_grade SET due = due + 1, sent = NULL", []).await;
        scene.administrator.post(&format!("{page}/notes"), &[]).await.leads();
        scene.app.clock().advance(2 * HOUR);
        scene.app.run_jobs().await;
        assert_eq!(scene.platform.scores().len(), 12);
        assert_eq!(scene.platform.side_by_side(), 0);
        scene.app.close().await;
    }
}

on_both_engines! {
    /// A platform that was registered with an address mistyped could neither be corrected nor
    /// registered again: its issuer and client were taken, by itself.
    async fn a_platform_whose_addresses_were_mistyped_is_corrected(engine) {
        let scene = Scene::new(engine).await;
        let browser = scene.app.visitor();
        graded(&scene, &browser, &link(scene.cohort), "course").await;
        scene.app.run_jobs().await;
        let sql = "UPDATE lti_platform SET jwks_uri = 'http://127.0.0.1:1/keys', token_endpoint = 'http://127.0.0.1:1/token'";
        scene.app.run(sql, []).await;
        scene.launch(&browser).await.expect(StatusCode::FORBIDDEN).says(&["Les clés de la plateforme n’ont pas pu être lues"]);
        let enrolment = scene.app.id("SELECT id FROM enrolment WHERE source = 'platform'", []).await;
        browser.get(&format!("/formation/{enrolment}/activite/{}", scene.page)).await.ok();
        scene.app.run_failing_jobs().await;
        let before = scene.platform.scores().len();
        let page = scene.own_page().await;
        scene.administrator.get(&page).await.ok()
            .says(&["le serveur ne répond pas", "Une note n’a pas pu partir"])
            .never_says(&["no answer", "Connection refused", "os error"]);
        // Registered once more by hand, it leads to the one that is known, to correct it.
        let at = |path: &str| format!("{}{path}", scene.platform.address());
        let right = [
            ("name", "Moodle du GRETA".to_owned()), ("issuer", at("")), ("client_id", CLIENT.to_owned()),
            ("authorization_endpoint", at("/auth")), ("token_endpoint", at("/token")), ("jwks_uri", at("/keys")),
        ];
        let right: Vec<(&str, &str)> = right.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let again = scene.administrator.post(&format!("{PLATFORMS}/nouvelle"), &right).await;
        let again = again.expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["Corriger la plateforme déjà reliée"]);
        assert!(again.text().contains(&format!("{page}/modifier")));
        let form = scene.administrator.get(&format!("{page}/modifier")).await.ok();
        assert_eq!((form.field("jwks_uri"), form.field("client_id")), ("http://127.0.0.1:1/keys".to_owned(), CLIENT.to_owned()));
        scene.administrator.post(&format!("{page}/modifier"), &[("name", "x"), ("issuer", "ici")]).await
            .expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["Il faut une adresse complète"]);
        scene.administrator.post(&format!("{page}/modifier"), &right).await.leads_to(&page);
        scene.administrator.get(&page).await.ok().says(&["Moodle du GRETA"]);
        // What waited leaves, and people arrive as who they were.
        scene.app.clock().advance(HOUR);
        scene.app.run_jobs().await;
        assert!(scene.platform.scores().len() > before);
        let persons = scene.persons().await;
        scene.launch(&scene.app.visitor()).await.leads();
        assert_eq!(scene.persons().await, persons);
        // Another platform's names are not free.
        let other = [
            ("name", "Canvas"), ("issuer", "https://canvas.example.org"), ("client_id", "1"),
            ("authorization_endpoint", "https://canvas.example.org/a"), ("token_endpoint", "https://canvas.example.org/t"),
            ("jwks_uri", "https://canvas.example.org/k"),
        ];
        let canvas = scene.administrator.post(&format!("{PLATFORMS}/nouvelle"), &other).await.leads();
        scene.administrator.post(&format!("{canvas}/modifier"), &right).await
            .expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["déjà reliée"]);
        let manager = scene.app.as_manager().await;
        manager.get(&format!("{page}/modifier")).await.expect(StatusCode::FORBIDDEN);
        scene.app.close().await;
    }
}

on_both_engines! {
    /// Whoever came without a name was « Sans nom » for ever, like everybody else who did, even when
    /// the platform told the name later.
    async fn people_without_a_name_are_told_apart_and_a_name_that_comes_later_is_taken(engine) {
        let scene = Scene::new(engine).await;
        let come = async |subject: &str, name: Option<(&str, &str)>| {
            let visitor = scene.app.visitor();
            let target = link(scene.cohort);
            let launched = scene.platform.launch(&visitor, &target, scene.now(), |claims| {
                claims["sub"] = json!(subject);
                let (given, family) = name.unzip();
                claims["given_name"] = json!(given);
                claims["family_name"] = json!(family);
            });
            launched.await.leads();
            let sql = "SELECT p.given_name || '/' || p.family_name FROM person p JOIN lti_subject s ON s.person_id = p.id WHERE s.subject = $1";
            scene.app.text(sql, [subject.into()]).await.unwrap()
        };
        let (one, two) = (come("one", None).await, come("two", None).await);
        assert!(one.starts_with("/Sans nom ") && two.starts_with("/Sans nom ") && one != two, "{one} {two}");
        assert_eq!(one.len(), "/Sans nom ABCD".len());
        assert_eq!(come("one", None).await, one, "the same the next time");
        assert_eq!(come("one", Some(("Nora", "Diallo"))).await, "Nora/Diallo");
        // Lists sort by the new name; a name that is known is not changed any more.
        let manager = scene.app.as_manager().await;
        manager.get(&format!("/groupe/{}", scene.cohort)).await.ok().says(&["DIALLO Nora"]);
        let sorted = "SELECT COUNT(*) FROM enrolment WHERE sort_name LIKE '%diallo%' OR sort_name LIKE '%DIALLO%'";
        assert_eq!(scene.app.count(sorted, []).await, 1);
        assert_eq!(come("one", Some(("Autre", "Nom"))).await, "Nora/Diallo");
        // Nor is one that somebody gave them here.
        scene.app.run("UPDATE person SET family_name = 'Ba' WHERE family_name = $1", [two[1..].into()]).await;
        assert_eq!(come("two", Some(("Moussa", "Ndiaye"))).await, "/Ba");
        scene.app.close().await;
    }
}

on_both_engines! {
    /// A link to a week led to the top of the course in a frame; what could not be shown there was a
    /// whole page of the site, or blank; and a refusal had no way back.
    async fn in_a_frame_a_week_is_found_and_refusals_are_small_and_lead_back(engine) {
        let scene = Scene::new(engine).await;
        let browser = scene.app.visitor();
        let week = in_frame(&scene, &browser, &format!("{}/semaine/2", link(scene.cohort))).await;
        let (course, place) = week.split_once('#').expect("a place in the page");
        assert_eq!(place, "semaine-2");
        let page = browser.get(course).await.ok();
        assert!(page.text().contains("id=\"semaine-2\""));
        // An address that leads nowhere, asked for by the frame.
        for path in [format!("{course}/activite/rien"), format!("{course}/ailleurs")] {
            let small = framed(&browser, &path, course).await.expect(StatusCode::NOT_FOUND);
            assert!(small.header("content-security-policy").contains("frame-ancestors *;"), "{path}");
            let text = small.text();
            assert!(text.contains(&format!("href=\"{course}\"")) && !text.contains("site-foot"), "{text}");
        }
        // In a window it is a whole page, that nobody holds.
        let whole = browser.get(&format!("{course}/ailleurs")).await.expect(StatusCode::NOT_FOUND);
        assert!(whole.header("content-security-policy").contains("frame-ancestors 'none'"));
        assert!(whole.text().contains("site-foot"));
        // An activity that is gone leads back to the course.
        let gone = browser.get(&format!("{course}/activite/{}", Uuid::nil())).await.expect(StatusCode::CONFLICT);
        assert!(gone.text().contains(&format!("href=\"{course}\"")));
        // What needs a session says so in the frame, and is left for a window of its own.
        let sign_in = framed(&browser, "/mon-compte", "/accueil").await.expect(StatusCode::UNAUTHORIZED);
        let text = passerelle_tests::browser::unescape(&sign_in.text());
        assert!(text.contains("target=\"_top\" href=\"/connexion?suite=/accueil\""), "{text}");
        // A launch that is refused leads back to the platform.
        let target = link(scene.cohort);
        let refused = scene.platform.launch(&browser, &target, scene.now(), |claims| claims["nonce"] = json!("autre"));
        let refused = refused.await.expect(StatusCode::FORBIDDEN).says(&["Revenir à 127.0.0.1"]);
        assert!(refused.text().contains(&format!("href=\"{}", scene.platform.address())));
        let back = format!("{}/course/view.php?id=3", scene.platform.address());
        let nowhere = link(Uuid::nil());
        let refused = scene.platform.launch(&browser, &nowhere, scene.now(), |claims| {
            claims[claim("launch_presentation")] = json!({"return_url": back});
        });
        let text = refused.await.expect(StatusCode::FORBIDDEN).text();
        assert!(passerelle_tests::browser::unescape(&text).contains(&format!("href=\"{back}\"")), "{text}");
        scene.app.close().await;
    }
}

on_both_engines! {
    /// The reasons of refusals stood in English in French pages; and for a clock that is wrong,
    /// nothing said by how much.
    async fn reasons_are_told_in_the_language_of_who_reads_them(engine) {
        let scene = Scene::new(engine).await;
        let browser = scene.app.visitor();
        let target = link(scene.cohort);
        let refuse = async |change: &dyn Fn(&mut Value)| {
            let refused = scene.platform.launch(&browser, &target, scene.now(), |claims| change(claims));
            refused.await.expect(StatusCode::FORBIDDEN)
        };
        let now = scene.now();
        refuse(&|claims| claims["iat"] = json!(now + 125)).await.says(&["vient du futur", "125 s"]);
        refuse(&|claims| claims["nbf"] = json!(now + 3_720)).await.says(&["n’est pas encore valable", "1 h 02"]);
        refuse(&|claims| claims[claim("message_type")] = json!("LtiAutre")).await;
        let page = scene.own_page().await;
        let english = ["the token", "our clock", "is not handled"];
        scene.administrator.get(&page).await.ok()
            .says(&["Son horloge et la nôtre sont à 125 s d’écart", "RFC 7519, 4.1.5", "« LtiAutre »", "LTI Core 1.3, 5.3.1"])
            .never_says(&english);
        // In English for who reads English.
        scene.administrator.get("/langue/en?retour=/").await.leads();
        scene.administrator.get(&page).await.ok().says(&["Its clock and ours are 125 s apart"]);
        scene.app.close().await;
    }
}
