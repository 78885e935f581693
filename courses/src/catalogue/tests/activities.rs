//! What an activity of each kind shows and keeps.

use axum::http::StatusCode;
use uuid::Uuid;

use super::*;

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
