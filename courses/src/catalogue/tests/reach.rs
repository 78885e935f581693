//! Who sees and changes courses, by the pages and by the command line.

use axum::http::StatusCode;
use passerelle_kernel::journal::Actor;
use passerelle_kernel::sea_orm::Value;

use super::*;

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
