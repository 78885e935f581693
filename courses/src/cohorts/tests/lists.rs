use super::*;

const PATH: &str = "gestion/liste";

fn hidden(page: &str, name: &str) -> String {
    let start = page
        .find(&format!("name=\"{name}\" value=\""))
        .map(|at| at + name.len() + 15)
        .expect(name);
    let value = &page[start..];
    let value = &value[..value.find('"').expect("an end")];
    value
        .replace("&#x27;", "'")
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#x3D;", "=")
        .replace("&amp;", "&")
}

async fn counts(stage: &Stage) -> (i64, i64, usize) {
    let persons = stage.count("SELECT COUNT(*) AS n FROM person", []).await;
    let enrolments = stage.count("SELECT COUNT(*) AS n FROM enrolment", []).await;
    (persons, enrolments, stage.facts().await.len())
}

#[tokio::test]
async fn a_list_is_shown_line_by_line_then_enrolled_as_a_whole() {
    let stage = Stage::new().await;
    let id = stage.cohort(3).await;
    let known = stage.person("Ada").await;
    let enrolled = stage.person("Bao").await;
    stage.enrol(id, enrolled).await;
    let before = counts(&stage).await;
    // As a spreadsheet writes it: semicolons, Windows-1252.
    let list = "Prénom;Nom;Courriel\nAda;Test;ada@exemple.fr\nBao;Test;bao@exemple.fr\nÉlodie;L'Hôte & fils;\nZoé;Roux;zoe@exemple.fr\nzoe;ROUX;ZOE@exemple.fr\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(list);
    let path = format!("/groupe/{id}/{PATH}");
    let page = stage
        .send_list(Some(stage.manager), &path, &bytes, "")
        .await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for said in [
        "Inscrire 3 personnes",
        "Personne déjà connue",
        "Déjà dans le groupe",
        "Même personne qu’à la ligne 5",
        "Liste d’attente",
    ] {
        assert!(page.text.contains(said), "{said}");
    }
    assert_eq!(
        counts(&stage).await,
        before,
        "nothing is written before it is confirmed"
    );

    let (list, digest) = (hidden(&page.text, "list"), hidden(&page.text, "digest"));
    let sent = [("list", list.as_str()), ("digest", digest.as_str())];
    let done = stage
        .post(Some(stage.manager), &format!("{path}/confirmer"), &sent)
        .await;
    assert_eq!(
        (done.status, done.location),
        (StatusCode::SEE_OTHER, format!("/groupe/{id}/gestion"))
    );
    let row = stage.row(id).await;
    let enrolments = store::enrolments_of(stage.app.db().read(), &row)
        .await
        .expect("a query");
    let states: Vec<_> = enrolments
        .iter()
        .map(|e| (e.state.as_str(), e.source.as_str()))
        .collect();
    assert_eq!(
        states,
        [
            ("active", "hand"),
            ("active", "csv"),
            ("active", "csv"),
            ("waiting", "csv")
        ]
    );
    assert_eq!(enrolments[1].person_id, known);
    assert_eq!(counts(&stage).await.0, before.0 + 2);
}

#[tokio::test]
async fn a_list_with_a_wrong_line_writes_nothing_even_when_its_confirmation_is_forged() {
    let stage = Stage::new().await;
    let id = stage.cohort(3).await;
    let before = counts(&stage).await;
    let path = format!("/groupe/{id}/{PATH}");
    let list = "Prénom;Nom;Courriel\nAda;Test;ada@exemple.fr\n;Roux;\nLéo;Petit;pas une adresse\n";
    let page = stage.send_list(Some(stage.manager), &path, b"", list).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.text.contains("2 lignes sont à corriger") && page.text.contains("Le prénom manque.")
    );
    assert!(!page.text.contains("name=\"digest\""));
    let sent = [("list", list), ("digest", "0")];
    let forged = stage
        .post(Some(stage.manager), &format!("{path}/confirmer"), &sent)
        .await;
    assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(counts(&stage).await, before);
}

#[tokio::test]
async fn what_is_confirmed_is_what_was_shown() {
    let stage = Stage::new().await;
    let id = stage.cohort(1).await;
    let path = format!("/groupe/{id}/{PATH}");
    let page = stage
        .send_list(Some(stage.manager), &path, b"", "Prénom,Nom\nAda,Test\n")
        .await;
    let (list, digest) = (hidden(&page.text, "list"), hidden(&page.text, "digest"));
    // Somebody takes the last place in between: the line would go to the waiting list.
    stage.enrol(id, stage.person("Bao").await).await;
    let before = counts(&stage).await;
    let sent = [("list", list.as_str()), ("digest", digest.as_str())];
    let again = stage
        .post(Some(stage.manager), &format!("{path}/confirmer"), &sent)
        .await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("Quelque chose a changé"));
    assert_eq!(counts(&stage).await, before);
    let digest = hidden(&again.text, "digest");
    let sent = [("list", list.as_str()), ("digest", digest.as_str())];
    let done = stage
        .post(Some(stage.manager), &format!("{path}/confirmer"), &sent)
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_cannot_be_read_comes_back_with_what_to_do() {
    let stage = Stage::new().await;
    let id = stage.cohort(1).await;
    let path = format!("/groupe/{id}/{PATH}");
    for (file, pasted, said) in [
        (
            b"PK\x03\x04\x00\x00".as_slice(),
            "",
            "Enregistrez-le en CSV ou en .xlsx",
        ),
        (b"", "", "Ce tableau est vide"),
    ] {
        let page = stage
            .send_list(Some(stage.manager), &path, file, pasted)
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    let many = "a;b\n".repeat(1_100);
    let large = stage
        .send_list(Some(stage.manager), &path, many.as_bytes(), "")
        .await;
    assert!(large.text.contains("trop de lignes"), "{}", large.text);
    let asked = stage
        .send_list(Some(stage.manager), &path, b"", "Ada;Test\nBao;Test")
        .await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(asked.text.contains("Dire ce que sont les colonnes"));
}

#[tokio::test]
async fn a_thousand_lines_are_enrolled_in_one_go() {
    let stage = Stage::new().await;
    let id = stage.cohort(1_000).await;
    let lines: Vec<String> = (0..1_000)
        .map(|n| format!("P{n};Test;p{n}@exemple.fr"))
        .collect();
    let list = format!("Prénom;Nom;Courriel\n{}", lines.join("\n"));
    let path = format!("/groupe/{id}/{PATH}");
    let page = stage
        .send_list(Some(stage.manager), &path, list.as_bytes(), "")
        .await;
    assert_eq!(page.status, StatusCode::OK);
    let (list, digest) = (hidden(&page.text, "list"), hidden(&page.text, "digest"));
    let sent = [("list", list.as_str()), ("digest", digest.as_str())];
    let done = stage
        .post(Some(stage.manager), &format!("{path}/confirmer"), &sent)
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(
        stage
            .count(
                "SELECT COUNT(*) AS n FROM enrolment WHERE state = 'active'",
                []
            )
            .await,
        1_000
    );
    assert_eq!(
        stage
            .count(
                "SELECT COUNT(DISTINCT calendar_token) AS n FROM enrolment",
                []
            )
            .await,
        1_000
    );
}
