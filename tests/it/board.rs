//! The board of a cohort: who is where, whatever happened to reach it.

use passerelle_kernel::Uuid;
use passerelle_kernel::env::DAY;
use passerelle_tests::{Browser, TestApp, on_both_engines};

/// Enrolments whose stored deadline is not what their cohort and their work say.
const STALE: &str = "SELECT COUNT(*) FROM enrolment e WHERE COALESCE(e.late_after, '') <> COALESCE((SELECT MIN( \
    CASE WHEN e.extended_to > w.due_on THEN e.extended_to ELSE w.due_on END) FROM cohort_activity ca \
    JOIN cohort_week w ON w.cohort_id = ca.cohort_id AND w.rank = ca.week_rank \
    LEFT JOIN activity_state s ON s.enrolment_id = e.id AND s.activity_id = ca.activity_id AND s.status = 'done' \
    WHERE ca.cohort_id = e.cohort_id AND ca.optional = FALSE AND s.activity_id IS NULL), '')";

async fn exact(app: &TestApp, after: &str) {
    assert_eq!(app.count(STALE, []).await, 0, "{after}");
}

/// Names on the board of a cohort, in order, with a filter.
async fn shown(tutor: &Browser, cohort: Uuid, filter: &str) -> Vec<String> {
    let page = tutor
        .get(&format!("/groupe/{cohort}?filtre={filter}"))
        .await
        .ok()
        .text();
    let names = page
        .split("TEST ")
        .skip(1)
        .filter_map(|rest| rest.split('<').next());
    names.map(|name| name.trim().to_owned()).collect()
}

/// Names in the file, in order.
async fn listed(tutor: &Browser, cohort: Uuid) -> Vec<String> {
    let file = tutor
        .get(&format!("/groupe/{cohort}/suivi.csv"))
        .await
        .ok()
        .text();
    let lines = file
        .lines()
        .skip(1)
        .filter_map(|line| line.split(';').nth(1));
    lines.map(str::to_owned).collect()
}

on_both_engines! {
    async fn filters_follow_work_extensions_moves_and_changes_of_dates(engine) {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire").await;
        let cohort = app.cohort(&course, "2026-11-02", &["Ada", "Bao", "Chloe", "Dan"]).await;
        let other = app.cohort(&course, "2026-11-16", &["Eve"]).await;
        exact(&app, "enrolling").await;
        app.run_jobs().await;
        let manager = app.as_manager().await;
        for (person, enrolment) in &cohort.trainees[..2] {
            let trainee = app.as_person(person).await;
            trainee.get(&format!("/formation/{enrolment}/activite/{}", course.page)).await.ok();
            exact(&app, "a page opened").await;
        }
        let ada = app.as_person(&cohort.trainees[0].0).await;
        ada.launch(cohort.trainees[0].1, course.package).await.pass("SCO-1", "80").await;
        exact(&app, "a module passed").await;
        let longer = format!("/inscription/{}/delai", cohort.trainees[2].1);
        manager.post(&longer, &[("to", "2026-11-30")]).await.leads();
        exact(&app, "an extension").await;
        // The ninth day of November: the first week is past.
        app.clock().advance(8 * DAY);
        assert_eq!(shown(&manager, cohort.id, "").await, ["Ada", "Bao", "Chloe", "Dan"]);
        assert_eq!(shown(&manager, cohort.id, "jamais").await, ["Chloe", "Dan"]);
        assert_eq!(shown(&manager, cohort.id, "retard").await, ["Bao", "Dan"]);
        assert_eq!(shown(&manager, cohort.id, "a-jour").await, ["Ada"]);
        ada.post(&format!("/formation/{}/activite/{}/fait", cohort.trainees[0].1, course.practice), &[]).await.leads();
        exact(&app, "a course completed").await;
        assert_eq!(shown(&manager, cohort.id, "termine").await, ["Ada"]);
        assert!(shown(&manager, cohort.id, "a-jour").await.is_empty());
        let (from, to) = (cohort.trainees[1].1, other.id.to_string());
        manager.post(&format!("/inscription/{from}/deplacer"), &[("cohort", &to)]).await.leads();
        exact(&app, "a move").await;
        assert_eq!(shown(&manager, cohort.id, "retard").await, ["Dan"]);
        assert_eq!(listed(&manager, cohort.id).await, ["Ada", "Chloe", "Dan", "Bao"], "who left comes last");
        let later = [("title", "Plus tard"), ("start", "2026-11-23"), ("capacity", "9"), ("answer_hours", "72")];
        let answer = manager.post(&format!("/groupe/{}/gestion/reglages", other.id), &later).await;
        exact(&app, "new dates").await;
        let starts = app.text("SELECT start_date FROM cohort WHERE id = $1", [other.id.into()]).await;
        assert_eq!(starts.as_deref(), Some("2026-11-23"), "{}", answer.text());
        app.close().await;
    }
}

on_both_engines! {
    async fn who_changes_name_is_found_at_their_new_place(engine) {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire").await;
        let cohort = app.cohort(&course, "2026-11-02", &["Zoe", "Ada", "Élise", "Bao"]).await;
        let manager = app.as_manager().await;
        assert_eq!(shown(&manager, cohort.id, "").await, ["Ada", "Bao", "Élise", "Zoe"]);
        let zoe = app.as_person(&cohort.trainees[0].0).await;
        let sent = [("given_name", "Abel"), ("family_name", "Test"), ("lang", "fr")];
        zoe.post("/mon-compte", &sent).await.leads();
        assert_eq!(shown(&manager, cohort.id, "").await, ["Abel", "Ada", "Bao", "Élise"]);
        let administrator = app.as_administrator().await;
        let path = format!("/e/centre/gestion/personnes/{}/modifier", cohort.trainees[1].0.id);
        let sent = [("given_name", "Yann"), ("family_name", "Test"), ("email", "ada@exemple.fr"), ("lang", "fr")];
        administrator.post(&path, &sent).await.leads();
        assert_eq!(listed(&manager, cohort.id).await, ["Abel", "Bao", "Élise", "Yann"]);
        app.close().await;
    }
}
