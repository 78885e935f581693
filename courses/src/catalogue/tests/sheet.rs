//! The sheet of a course, and what the public reads of it.

use axum::http::StatusCode;

use super::*;

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
