//! Weeks and activities, in their order, and two people who change them.

use axum::http::StatusCode;
use uuid::Uuid;

use super::*;

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
