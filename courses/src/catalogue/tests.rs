//! Courses as their makers and the public meet them, through the pages.

use axum::http::StatusCode;
use passerelle_kernel::journal::Actor;
use passerelle_kernel::sea_orm::Value;
use uuid::Uuid;

use super::model::SheetField;
use super::*;
use crate::content::testing::{Answer, TestApp};
use crate::content::{LinkContent, PageContent};
use crate::progress::model::{ActivityRule, CourseRule};

const BASE: &str = "/e/centre/gestion/formations";

/// A course of two weeks made from the page.
async fn course(test: &TestApp) -> Uuid {
    let answer = test
        .post(
            "manager",
            &format!("{BASE}/nouvelle"),
            &[("title", "Écrire à l’âge adulte"), ("weeks", "2")],
        )
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer
        .location
        .rsplit('/')
        .next()
        .and_then(|id| id.parse().ok())
        .expect("the id of the course")
}

async fn plan(test: &TestApp, id: Uuid) -> CoursePlan {
    plan_of(test.app.db().read(), id)
        .await
        .expect("reads")
        .expect("a plan")
}

/// Every field of the sheet, as the form sends it.
fn sheet_pairs(revision: i64) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = SheetField::ALL
        .iter()
        .map(|field| {
            (
                field.code().to_owned(),
                format!("Texte **{}**.", field.code()),
            )
        })
        .collect();
    for (name, value) in [
        ("title", "Écrire à l’âge adulte"),
        ("objective", "Choisir un support d’écriture"),
        ("objective_id", ""),
        ("hours", "1"),
        ("minutes", "30"),
        ("answer_hours", "72"),
        ("nature", "training"),
    ] {
        pairs.push((name.to_owned(), value.to_owned()));
    }
    pairs.push(("revision".to_owned(), revision.to_string()));
    pairs
}

async fn save_sheet(test: &TestApp, id: Uuid, pairs: &[(String, String)]) -> Answer {
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    test.post("manager", &format!("{BASE}/{id}/fiche"), &pairs)
        .await
}

async fn post(test: &TestApp, id: Uuid, path: &str, pairs: &[(&str, &str)]) -> Answer {
    let revision = plan(test, id).await.course.revision.to_string();
    let mut pairs = pairs.to_vec();
    pairs.push(("revision", &revision));
    test.post("manager", &format!("{BASE}/{id}{path}"), &pairs)
        .await
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one story, told in order")]
async fn a_course_is_published_once_its_sheet_tells_everything_and_the_public_reads_that_version() {
    let test = TestApp::new().await;
    let id = course(&test).await;
    let page = test.get("manager", &format!("{BASE}/{id}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(
        page.text.contains("Semaine 2") && page.text.contains("Dites pour qui elle est faite."),
        "{}",
        page.text
    );
    assert!(page.text.contains("/fiche#field-audience"));
    let refused = post(&test, id, "/publier", &[]).await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER);
    assert_eq!(
        plan(&test, id).await.course.state,
        "draft",
        "an incomplete sheet is not published"
    );
    assert!(
        !test
            .get("", "/")
            .await
            .text
            .contains("Écrire à l’âge adulte")
    );

    let form = test.get("manager", &format!("{BASE}/{id}/fiche")).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.text);
    let revision = plan(&test, id).await.course.revision;
    assert_eq!(
        save_sheet(&test, id, &sheet_pairs(revision)).await.status,
        StatusCode::SEE_OTHER
    );
    let stored = plan(&test, id).await;
    assert_eq!(
        (
            stored.sheet.agreed_minutes,
            stored.sheet.weeks,
            stored.sheet.objectives.len()
        ),
        (90, 2, 1)
    );
    assert_eq!(stored.sheet.gaps(), []);
    post(&test, id, "/publier", &[]).await;
    assert_eq!(plan(&test, id).await.course.state, "published");

    let catalogue = test.get("", "/").await;
    assert!(
        catalogue.text.contains("Écrire à l’âge adulte")
            && catalogue.text.contains("1\u{a0}h\u{a0}30"),
        "{}",
        catalogue.text
    );
    let address = "/e/centre/formations/ecrire-a-l-age-adulte";
    let sheet = test.get("", address).await;
    assert_eq!(sheet.status, StatusCode::OK, "{}", sheet.text);
    assert!(
        sheet.text.contains("<strong>price</strong>") && sheet.text.contains("application/ld+json"),
        "{}",
        sheet.text
    );
    assert!(sheet.text.contains("\"@type\":\"Course\"") && sheet.text.contains("PT90M"));

    let mut pairs = sheet_pairs(plan(&test, id).await.course.revision);
    pairs.retain(|(name, _)| name != "price");
    pairs.push(("price".to_owned(), "Gratuit".to_owned()));
    let objective = plan(&test, id).await.sheet.objectives[0].id.to_string();
    pairs
        .iter_mut()
        .filter(|(n, _)| n == "objective_id")
        .for_each(|(_, v)| v.clone_from(&objective));
    save_sheet(&test, id, &pairs).await;
    assert!(
        !test.get("", address).await.text.contains("Gratuit"),
        "the draft is not public"
    );
    let page = test.get("manager", &format!("{BASE}/{id}")).await;
    assert!(
        page.text.contains("Publier les modifications"),
        "{}",
        page.text
    );
    assert!(
        test.get("manager", &format!("{BASE}/{id}/apercu"))
            .await
            .text
            .contains("Gratuit")
    );
    post(&test, id, "/publier", &[]).await;
    assert!(test.get("", address).await.text.contains("Gratuit"));
    let versions = store::versions(test.app.db().read(), id)
        .await
        .expect("reads");
    assert_eq!(versions.len(), 2);
    let first = test
        .get("auditor", &format!("{BASE}/{id}/version/{}", versions[1]))
        .await;
    assert!(
        first.text.contains("<strong>price</strong>"),
        "{}",
        first.text
    );

    post(&test, id, "/archiver", &[]).await;
    assert_eq!(test.get("", address).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        test.journal().await,
        [
            COURSE_CREATED,
            COURSE_PUBLISHED,
            COURSE_CHANGED,
            COURSE_PUBLISHED,
            COURSE_ARCHIVED
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one story, told in order")]
async fn activities_are_added_moved_removed_and_put_back_in_their_place() {
    let test = TestApp::new().await;
    let id = course(&test).await;
    let weeks: Vec<String> = plan(&test, id)
        .await
        .weeks
        .iter()
        .map(|w| w.week.id.to_string())
        .collect();
    for kind in ["scorm", "page", "file", "link", "tool"] {
        let form = test
            .get(
                "manager",
                &format!("{BASE}/{id}?ajouter={kind}&semaine={}", weeks[0]),
            )
            .await;
        assert!(
            form.text
                .contains(&format!("name=\"kind\" value=\"{kind}\"")),
            "{kind}: {}",
            form.text
        );
    }
    let link = |title: &'static str, week: &'static str| {
        [
            ("kind", "link"),
            ("week", week),
            ("title", title),
            ("minutes", "20"),
            ("url", "https://exemple.fr/a"),
            ("rule", "declared"),
        ]
    };
    let first: &'static str = Box::leak(weeks[0].clone().into_boxed_str());
    let wrong = post(
        &test,
        id,
        "/activites",
        &[
            ("kind", "link"),
            ("week", first),
            ("title", "Lire"),
            ("minutes", "0"),
            ("url", "javascript:alert(1)"),
            ("note", "Gardez ceci"),
            ("rule", "declared"),
        ],
    )
    .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.text.contains("de 1 à 6\u{202f}000")
            && wrong.text.contains("Gardez ceci")
            && wrong.text.contains("adresse complète"),
        "{}",
        wrong.text
    );
    for title in ["Lire", "Relire"] {
        let answer = post(&test, id, "/activites", &link(title, first)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    }
    let (lire, relire) = {
        let plan = plan(&test, id).await;
        let ids: Vec<Uuid> = plan.activities().map(|a| a.id).collect();
        (ids[0], ids[1])
    };
    post(
        &test,
        id,
        &format!("/activite/{relire}/deplacer"),
        &[("direction", "down")],
    )
    .await;
    post(
        &test,
        id,
        &format!("/activite/{lire}/deplacer"),
        &[("direction", "down")],
    )
    .await;
    let now = plan(&test, id).await;
    assert_eq!(
        now.order(),
        [
            (now.weeks[0].week.id, vec![]),
            (now.weeks[1].week.id, vec![lire, relire])
        ]
    );
    let ranks: Vec<i32> = now.activities().map(|a| a.rank).collect();
    assert_eq!(ranks, [1, 2]);
    let removed = post(&test, id, &format!("/activite/{lire}/retirer"), &[]).await;
    assert!(
        test.get("manager", &removed.location)
            .await
            .text
            .contains(&format!("/activite/{lire}/retablir"))
    );
    assert_eq!(
        plan(&test, id)
            .await
            .activities()
            .map(|a| (a.id, a.rank))
            .collect::<Vec<_>>(),
        [(relire, 1)]
    );
    post(&test, id, &format!("/activite/{lire}/retablir"), &[]).await;
    assert_eq!(
        plan(&test, id)
            .await
            .activities()
            .map(|a| a.id)
            .collect::<Vec<_>>(),
        [relire, lire]
    );
    let change = [
        ("title", "Lire lentement"),
        ("minutes", "45"),
        ("url", "https://exemple.fr/b"),
        ("rule", "viewed"),
        ("optional", "true"),
    ];
    post(&test, id, &format!("/activite/{lire}"), &change).await;
    let plan = plan(&test, id).await;
    let changed = plan.activities().find(|a| a.id == lire).expect("there");
    assert_eq!(
        (changed.minutes, changed.optional, changed.title.as_str()),
        (45, true, "Lire lentement")
    );
    assert_eq!((plan.minutes(), plan.weeks[1].optional_minutes()), (20, 45));
    assert!(
        test.get("manager", &format!("{BASE}/{id}"))
            .await
            .text
            .contains("45\u{a0}min facultatives")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn weeks_are_named_moved_and_removed_when_they_are_empty() {
    let test = TestApp::new().await;
    let id = course(&test).await;
    post(
        &test,
        id,
        "/semaines",
        &[
            ("title", "Évaluer"),
            ("summary", "On regarde le chemin fait."),
        ],
    )
    .await;
    let third = plan(&test, id).await.weeks[2].week.id;
    post(
        &test,
        id,
        &format!("/semaine/{third}/deplacer"),
        &[("direction", "up")],
    )
    .await;
    let weeks = plan(&test, id).await.weeks;
    assert_eq!(
        (weeks[1].week.id, weeks[1].week.rank, weeks[2].week.rank),
        (third, 2, 3)
    );
    let wrong = post(
        &test,
        id,
        &format!("/semaine/{third}"),
        &[("title", " "), ("summary", "Gardez ceci")],
    )
    .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("Gardez ceci"), "{}", wrong.text);
    let content = Content::Link(LinkContent {
        url: "https://exemple.fr".to_owned(),
        note: String::new(),
    });
    let tx = test.app.db().write().await.expect("begins");
    let activity = activity_add(&tx, id, NewActivity::new(third, "Lire", 10, &content))
        .await
        .expect("adds");
    tx.commit().await.expect("commits");
    post(&test, id, &format!("/semaine/{third}/retirer"), &[]).await;
    assert_eq!(
        plan(&test, id).await.weeks.len(),
        3,
        "a week with an activity stays"
    );
    post(&test, id, &format!("/activite/{activity}/retirer"), &[]).await;
    post(&test, id, &format!("/semaine/{third}/retirer"), &[]).await;
    let now = plan(&test, id).await;
    assert_eq!((now.weeks.len(), now.sheet.weeks), (2, 2));
    post(&test, id, &format!("/activite/{activity}/retablir"), &[]).await;
    assert_eq!(
        plan(&test, id).await.activities().count(),
        1,
        "what was removed can come back without its week"
    );
    let rule = post(&test, id, "/regle", &[("rule", "share"), ("share", "80")]).await;
    assert_eq!(rule.status, StatusCode::SEE_OTHER);
    assert_eq!(
        plan(&test, id).await.rule,
        CourseRule::Share { at_least: 8_000 }
    );
    assert_eq!(
        post(&test, id, "/regle", &[("rule", "count")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_an_older_revision_comes_back_with_what_was_typed() {
    let test = TestApp::new().await;
    let id = course(&test).await;
    let old = plan(&test, id).await.course.revision;
    assert_eq!(
        save_sheet(&test, id, &sheet_pairs(old)).await.status,
        StatusCode::SEE_OTHER
    );
    let mut mine = sheet_pairs(old);
    mine.retain(|(name, _)| name != "audience");
    mine.push(("audience".to_owned(), "Bénévoles d’associations".to_owned()));
    let conflict = save_sheet(&test, id, &mine).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert!(
        conflict.text.contains("Bénévoles d’associations")
            && conflict.text.contains("Quelqu’un d’autre"),
        "{}",
        conflict.text
    );
    assert!(!plan(&test, id).await.sheet.audience.contains("Bénévoles"));
    let fresh = plan(&test, id).await.course.revision;
    assert!(
        conflict
            .text
            .contains(&format!("name=\"revision\" value=\"{fresh}\""))
    );
    let week = plan(&test, id).await.weeks[0].week.id.to_string();
    let old = old.to_string();
    let late = [
        ("revision", old.as_str()),
        ("kind", "link"),
        ("week", &week),
        ("title", "Un titre gardé"),
        ("minutes", "5"),
        ("url", "https://exemple.fr"),
        ("rule", "declared"),
    ];
    let answer = test
        .post("manager", &format!("{BASE}/{id}/activites"), &late)
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer.text.contains("Un titre gardé") && answer.text.contains("Quelqu’un d’autre"),
        "{}",
        answer.text
    );
    assert_eq!(plan(&test, id).await.activities().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one story, told in order")]
async fn a_page_takes_pictures_shows_its_preview_and_its_copy_has_its_own() {
    let test = TestApp::new().await;
    let id = course(&test).await;
    let revision = plan(&test, id).await.course.revision.to_string();
    let week = plan(&test, id).await.weeks[0].week.id.to_string();
    let base = [
        ("revision", revision.as_str()),
        ("kind", "page"),
        ("week", &week),
        ("title", "Bienvenue"),
        ("minutes", "15"),
        ("rule", "viewed"),
    ];
    let with = |action: &'static str, text: &str| -> Vec<(&str, String)> {
        let mut pairs: Vec<(&str, String)> =
            base.iter().map(|(n, v)| (*n, (*v).to_owned())).collect();
        pairs.push(("action", action.to_owned()));
        pairs.push(("markdown", text.to_owned()));
        pairs
    };
    let path = format!("{BASE}/{id}/activites");
    let pairs = with("attach", "# Bonjour");
    let attached = test
        .upload(
            "manager",
            &path,
            &refs(&pairs),
            ("file", "salle.png", b"png".to_vec()),
        )
        .await;
    assert_eq!(attached.status, StatusCode::OK, "{}", attached.text);
    let file = store::attachments(test.app.db().read(), id)
        .await
        .expect("reads")
        .pop()
        .expect("a file");
    let line = format!("![Décrivez l’image](/fichiers/{})", file.id);
    assert!(
        attached.text.contains("# Bonjour") && attached.text.contains(&line),
        "{}",
        attached.text
    );
    let text = format!("# Bonjour\n\n{line}\n\n<script>alert(1)</script>");
    let pairs = with("preview", &text);
    let preview = test.post("manager", &path, &refs(&pairs)).await;
    assert!(
        preview.text.contains("<h2>Bonjour</h2>")
            && preview
                .text
                .contains(&format!("src=\"/fichiers/{}\"", file.id)),
        "{}",
        preview.text
    );
    assert_eq!(
        plan(&test, id).await.activities().count(),
        0,
        "a preview stores nothing"
    );
    let pairs = with("save", &text);
    assert_eq!(
        test.post("manager", &path, &refs(&pairs)).await.status,
        StatusCode::SEE_OTHER
    );
    let stored = plan(&test, id).await;
    let page: PageContent =
        serde_json::from_str(&stored.activities().next().expect("there").content).expect("a page");
    assert_eq!(page.attachments, [file.id]);

    let copy = post(&test, id, "/dupliquer", &[]).await;
    let copy: Uuid = copy
        .location
        .rsplit('/')
        .next()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    let copied = plan(&test, copy).await;
    assert_eq!(
        (copied.course.title.as_str(), copied.course.state.as_str()),
        ("Copie de Écrire à l’âge adulte", "draft")
    );
    assert_eq!((copied.weeks.len(), copied.sheet.weeks), (2, 2));
    let page: PageContent =
        serde_json::from_str(&copied.activities().next().expect("there").content).expect("a page");
    assert_eq!(page.attachments.len(), 1);
    assert_ne!(page.attachments[0], file.id);
    assert!(page.markdown.contains(&page.attachments[0].to_string()));
    let served = test
        .get("manager", &format!("/fichiers/{}", page.attachments[0]))
        .await;
    assert_eq!(served.text, "png");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_activity_keeps_its_file_when_the_rest_is_wrong() {
    let test = TestApp::new().await;
    let id = course(&test).await;
    let revision = plan(&test, id).await.course.revision.to_string();
    let week = plan(&test, id).await.weeks[0].week.id.to_string();
    let path = format!("{BASE}/{id}/activites");
    let mut pairs = vec![
        ("revision", revision.as_str()),
        ("kind", "file"),
        ("week", &week),
        ("rule", "declared"),
        ("minutes", ""),
    ];
    let wrong = test
        .upload(
            "manager",
            &path,
            &pairs,
            ("file", "Livret_d_accueil.pdf", b"%PDF".to_vec()),
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let file = store::attachments(test.app.db().read(), id)
        .await
        .expect("reads")
        .pop()
        .expect("a file");
    assert!(
        wrong
            .text
            .contains(&format!("name=\"attachment\" value=\"{}\"", file.id))
            && wrong.text.contains("Livret d accueil"),
        "{}",
        wrong.text
    );
    let kept = file.id.to_string();
    pairs.retain(|(n, _)| *n != "minutes");
    pairs.extend([
        ("minutes", "10"),
        ("title", "Livret"),
        ("attachment", kept.as_str()),
    ]);
    assert_eq!(
        test.upload("manager", &path, &pairs, ("file", "", Vec::new()))
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    let other = course_of_another(&test).await;
    let elsewhere = plan(&test, other).await;
    let pairs: Vec<(&str, String)> = vec![
        ("revision", elsewhere.course.revision.to_string()),
        ("kind", "file".to_owned()),
        ("week", elsewhere.weeks[0].week.id.to_string()),
        ("rule", "declared".to_owned()),
        ("minutes", "10".to_owned()),
        ("title", "Livret".to_owned()),
        ("attachment", kept),
    ];
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let refused = test
        .post("manager", &format!("{BASE}/{other}/activites"), &pairs)
        .await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "the file of another course is not taken"
    );
}

async fn course_of_another(test: &TestApp) -> Uuid {
    let answer = test
        .post(
            "manager",
            &format!("{BASE}/nouvelle"),
            &[("title", "Une autre"), ("weeks", "1")],
        )
        .await;
    answer
        .location
        .rsplit('/')
        .next()
        .and_then(|id| id.parse().ok())
        .expect("an id")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_tells_the_next_date_and_the_places_left() {
    let test = TestApp::new().await;
    let id = course(&test).await;
    let revision = plan(&test, id).await.course.revision;
    save_sheet(&test, id, &sheet_pairs(revision)).await;
    post(&test, id, "/publier", &[]).await;
    assert!(
        test.get("", "/e/centre")
            .await
            .text
            .contains("Prochaine date à venir")
    );
    for (start, capacity) in [("2026-09-01", 9), ("2026-11-23", 2), ("2027-02-01", 9)] {
        let cohort = test.app.env().id();
        let sql = "INSERT INTO cohort (id, space_id, course_id, title, start_date, end_date, zone, capacity, state, \
                   rule, sheet, agreed_minutes, answer_hours, created_at) VALUES ($1, $2, $3, 'Groupe', $4, $4, \
                   'Europe/Paris', $5, 'planned', '{\"kind\":\"all\"}', '{}', 90, 72, 0)";
        test.execute(
            sql,
            vec![
                cohort.into(),
                test.space.into(),
                id.into(),
                start.into(),
                capacity.into(),
            ],
        )
        .await;
        if capacity == 2 {
            let sql = "INSERT INTO enrolment (id, space_id, cohort_id, person_id, state, source, enrolled_at, \
                       done_count, done_minutes) VALUES ($1, $2, $1, $3, 'active', 'hand', 0, 0, 0)";
            let sql = sql.replace("$2, $1, $3", "$2, $4, $3");
            let values: Vec<Value> = vec![
                test.app.env().id().into(),
                test.space.into(),
                test.trainee.into(),
                cohort.into(),
            ];
            test.execute(&sql, values).await;
        }
    }
    let page = test.get("", "/").await.text;
    assert!(
        page.contains("lundi 23\u{a0}novembre 2026") && page.contains("Plus qu’une place"),
        "{page}"
    );
    let sheet = test
        .get("", "/e/centre/formations/ecrire-a-l-age-adulte")
        .await
        .text;
    assert!(
        sheet.contains("\"startDate\":\"2027-02-01\"") && !sheet.contains("2026-09-01"),
        "{sheet}"
    );
    assert!(
        test.get("", "/?q=ECRIRE")
            .await
            .text
            .contains("Écrire à l’âge adulte")
    );
    assert!(
        test.get("", "/?q=tennis")
            .await
            .text
            .contains("Aucune formation ne correspond")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_oversees_reads_who_manages_changes_and_nobody_else_sees() {
    let test = TestApp::new().await;
    let id = course(&test).await;
    let page = format!("{BASE}/{id}");
    let read = test.get("auditor", &page).await;
    assert_eq!(read.status, StatusCode::OK);
    assert!(
        !read.text.contains("/publier")
            && !read.text.contains("/semaines")
            && !read.text.contains("/fiche\"")
    );
    assert_eq!(
        test.get("auditor", &format!("{page}/fiche")).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        test.post("auditor", &format!("{page}/archiver"), &[])
            .await
            .status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        test.get("trainee", &page).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(test.get("", &page).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        test.get("", "/e/centre/formations/ecrire-a-l-age-adulte")
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        test.get("manager", "/gestion/formations").await.location,
        BASE
    );
    assert_eq!(
        test.get("trainee", "/gestion/formations").await.status,
        StatusCode::FORBIDDEN
    );
    let list = test.get("manager", BASE).await;
    assert!(
        list.text.contains("Écrire à l’âge adulte") && list.text.contains("/nouvelle"),
        "{}",
        list.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_functions_for_the_command_line_make_the_same_course() {
    let test = TestApp::new().await;
    let tx = test.app.db().write().await.expect("begins");
    let actor = Actor::System("test");
    let id = course_new(&tx, test.space, "Former à distance", actor)
        .await
        .expect("makes");
    let again = course_new(&tx, test.space, "Former à distance !", actor)
        .await
        .expect("makes");
    let week = week_add(&tx, id, "Découvrir", "").await.expect("adds");
    let page = Content::Page(PageContent {
        markdown: "Bonjour".to_owned(),
        attachments: Vec::new(),
    });
    let new = NewActivity {
        rule: ActivityRule::Declared,
        ..NewActivity::new(week, "Bienvenue", 30, &page)
    };
    activity_add(&tx, id, new.clone()).await.expect("adds");
    let wrong = NewActivity {
        minutes: 0,
        ..new.clone()
    };
    assert!(matches!(
        activity_add(&tx, id, wrong).await,
        Err(CatalogueError::Invalid("minutes", _))
    ));
    assert!(
        matches!(
            activity_add(&tx, again, new).await,
            Err(CatalogueError::Gone)
        ),
        "the week is of another course"
    );
    assert!(
        matches!(publish(&tx, id, actor).await, Err(CatalogueError::Incomplete(gaps)) if gaps.len() == 13)
    );
    tx.commit().await.expect("commits");
    assert_eq!(plan(&test, again).await.course.slug, "former-a-distance-2");
    let plan = plan(&test, id).await;
    assert_eq!(
        (
            plan.minutes(),
            plan.weeks[0].week.rank,
            plan.course.slug.as_str()
        ),
        (30, 1, "former-a-distance")
    );
}

fn refs<'a>(pairs: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    pairs.iter().map(|(n, v)| (*n, v.as_str())).collect()
}
