//! Packages and files, from the request to the disk and back.

use std::path::PathBuf;
use std::sync::Mutex;

use axum::http::{StatusCode, header};
use passerelle_kernel::journal::Actor;
use passerelle_scorm::problem::Severity;
use uuid::Uuid;

use super::testing::{NOW, TestApp};
use super::*;

/// Packages that others made: beside the checkout, or where `PASSERELLE_PACKAGES` says.
fn packages() -> Vec<PathBuf> {
    let folder = std::env::var_os("PASSERELLE_PACKAGES").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/packages"),
        PathBuf::from,
    );
    let mut found: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|_| {
            panic!(
                "the sample packages are not in {}: set PASSERELLE_PACKAGES",
                folder.display()
            )
        })
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "zip"))
        .collect();
    found.sort();
    assert!(
        found.len() >= 7,
        "only {} packages in {}",
        found.len(),
        folder.display()
    );
    found
}

async fn import(test: &TestApp, path: &std::path::Path) -> Result<ImportedPackage, ImportError> {
    let name = path
        .file_name()
        .and_then(|n| n.to_str())
        .unwrap_or_default();
    import_package(
        &test.app,
        test.space,
        path,
        name,
        Actor::Person(test.manager),
        &|_| {},
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_real_package_comes_in_whole_and_leaves_its_file_alone() {
    let test = TestApp::new().await;
    let all = packages();
    for path in &all {
        let steps = Mutex::new(Vec::new());
        let tell = |step: ImportStep| steps.lock().expect("not poisoned").push(step);
        let imported = import_package(
            &test.app,
            test.space,
            path,
            "paquet.zip",
            Actor::Person(test.manager),
            &tell,
        )
        .await
        .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert!(
            imported
                .problems
                .iter()
                .all(|p| p.severity != Severity::Refused)
        );
        assert!(path.is_file(), "a file that is not ours stays");
        let row = store::package_in(test.app.db().read(), test.space, imported.id)
            .await
            .expect("reads")
            .expect("a row");
        let bytes = std::fs::read(path).expect("reads");
        let hash: String = <sha2::Sha256 as sha2::Digest>::digest(&bytes)
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        assert_eq!(
            (row.sha256, row.size_bytes),
            (hash, bytes.len() as i64),
            "{}",
            path.display()
        );
        let kept = test.app.blobs().get(&row.blob_key).await.expect("the blob");
        assert_eq!(kept.as_ref(), bytes.as_slice());
        let index = package_index(&test.app, imported.id)
            .await
            .expect("an index");
        assert_eq!(index.files.len() as i32, row.file_count);
        let contents: Contents = serde_json::from_str(&row.contents).expect("contents");
        assert_eq!(contents.items, index.manifest.launchable());
        assert!(contents.items.iter().any(|item| item.href.is_some()));
        let stages: Vec<Stage> = steps
            .into_inner()
            .expect("not poisoned")
            .iter()
            .map(|s| s.stage)
            .collect();
        assert_eq!(
            (stages.first(), stages.last()),
            (Some(&Stage::Checking), Some(&Stage::Storing))
        );
    }
    assert_eq!(test.count("package").await as usize, all.len());
    assert_eq!(test.journal().await, vec![PACKAGE_IMPORTED; all.len()]);
    assert_eq!(
        (test.files("scratch"), test.files("blobs")),
        (0, 2 * all.len())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_package_leaves_nothing_behind() {
    let test = TestApp::new().await;
    let whole = std::fs::read(&packages()[0]).expect("reads");
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 64].fill(0);
    let cases = [
        ("rien.zip", b"ceci n'est pas une archive".to_vec()),
        ("coupe.zip", whole[..whole.len() / 2].to_vec()),
        ("abime.zip", damaged),
    ];
    for (name, bytes) in cases {
        let path = test.folder.path().join(name);
        std::fs::write(&path, &bytes).expect("writes");
        let error = import(&test, &path).await.expect_err(name);
        assert!(
            error
                .problems()
                .iter()
                .any(|p| p.severity == Severity::Refused),
            "{name}: {error}"
        );
        let answer = test
            .upload(
                "manager",
                "/e/centre/gestion/contenus/importer",
                &[],
                ("package", name, bytes),
            )
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(
            answer.text.contains("rien n’a été enregistré"),
            "{}",
            answer.text
        );
        for problem in error.problems() {
            let words = problem_words(test.app.words(), passerelle_web::Lang::Fr, problem);
            assert!(
                answer
                    .text
                    .contains(words.split('«').next().unwrap_or(&words)),
                "{words}\n{}",
                answer.text
            );
        }
    }
    assert_eq!(
        (
            test.count("package").await,
            test.count("journal_entry").await
        ),
        (0, 0)
    );
    assert_eq!((test.files("scratch"), test.files("blobs")), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_of_the_database_takes_the_blobs_back() {
    let test = TestApp::new().await;
    let nowhere = Uuid::from_u128(9);
    let result = import_package(
        &test.app,
        nowhere,
        &packages()[0],
        "a.zip",
        Actor::Visitor,
        &|_| {},
    )
    .await;
    assert!(matches!(result, Err(ImportError::Db(_))), "{result:?}");
    assert_eq!(
        (
            test.files("scratch"),
            test.files("blobs"),
            test.count("package").await
        ),
        (0, 0, 0)
    );
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one story, from import to deletion")]
async fn a_package_is_imported_listed_read_and_deleted_from_the_browser() {
    let test = TestApp::new().await;
    let base = "/e/centre/gestion/contenus";
    assert!(
        test.get("manager", base)
            .await
            .text
            .contains("Aucun contenu")
    );
    assert!(
        test.get("manager", &format!("{base}/importer"))
            .await
            .text
            .contains("multipart/form-data")
    );
    let bytes = std::fs::read(&packages()[1]).expect("reads");
    let answer = test
        .upload(
            "manager",
            &format!("{base}/importer"),
            &[],
            ("package", "golf.zip", bytes.clone()),
        )
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let page = answer
        .location
        .split('?')
        .next()
        .unwrap_or_default()
        .to_owned();
    let detail = test.get("manager", &page).await;
    assert_eq!(detail.status, StatusCode::OK, "{}", detail.text);
    assert!(
        detail.text.contains("Golf Explained") && detail.text.contains("golf.zip"),
        "{}",
        detail.text
    );
    assert!(detail.text.contains(&format!("action=\"{page}/apercu\"")));
    let list = test.get("manager", &format!("{base}?q=gôLF")).await;
    assert!(list.text.contains("Golf Explained"), "{}", list.text);
    assert!(
        !test
            .get("manager", &format!("{base}?q=tennis"))
            .await
            .text
            .contains("Golf Explained")
    );
    let read_only = test.get("auditor", &page).await;
    assert_eq!(read_only.status, StatusCode::OK);
    assert!(!read_only.text.contains("/supprimer"));
    assert_eq!(
        test.get("trainee", &page).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        test.post("auditor", &format!("{page}/supprimer"), &[])
            .await
            .status,
        StatusCode::FORBIDDEN
    );
    let back = [(
        "retour",
        "/e/centre/gestion/formations/x?ajouter=scorm#ajouter",
    )];
    let again = test
        .upload(
            "manager",
            &format!("{base}/importer"),
            &back,
            ("package", "golf.zip", bytes),
        )
        .await;
    assert!(
        again
            .location
            .starts_with("/e/centre/gestion/formations/x?ajouter=scorm&paquet="),
        "{}",
        again.location
    );
    assert_eq!(
        test.post("manager", &format!("{page}/supprimer"), &[])
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        test.get("manager", &page).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!((test.count("package").await, test.files("blobs")), (1, 2));
    assert_eq!(
        test.journal().await,
        [PACKAGE_IMPORTED, PACKAGE_IMPORTED, PACKAGE_DELETED]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_over_the_limit_is_refused_while_it_comes() {
    let test = TestApp::new().await;
    test.app.provide(ContentSettings {
        max_bytes: 1000,
        max_files: 10,
    });
    let file = ("package", "gros.zip", vec![0; 5_000]);
    let answer = test
        .upload("manager", "/e/centre/gestion/contenus/importer", &[], file)
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("dépasse"), "{}", answer.text);
    assert_eq!(test.files("scratch"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_left_is_swept_and_what_lives_is_kept() {
    let test = TestApp::new().await;
    let kept = import(&test, &packages()[0]).await.expect("imports").id;
    let old = Uuid::new_v7(uuid::Timestamp::from_unix(
        uuid::NoContext,
        (NOW / 1_000_000 - 3 * 86_400) as u64,
        0,
    ));
    for key in [
        format!("packages/{old}.zip"),
        format!("packages/{old}.index"),
    ] {
        test.app
            .blobs()
            .put(&key, bytes::Bytes::from_static(b"x"))
            .await
            .expect("stores");
    }
    let young = test.app.env().id();
    test.app
        .blobs()
        .put(
            &format!("packages/{young}.zip"),
            bytes::Bytes::from_static(b"x"),
        )
        .await
        .expect("stores");
    assert_eq!(sweep(&test.app).await.expect("sweeps"), 2);
    assert_eq!(test.files("blobs"), 3);
    assert!(package_index(&test.app, kept).await.is_ok());
}

/// A course with one attachment, and the trainee in its cohort.
async fn with_attachment(test: &TestApp, name: &str, bytes: &[u8]) -> Uuid {
    let id = test.app.env().id();
    let course = test.app.env().id();
    let cohort = test.app.env().id();
    let sql = "INSERT INTO course (id, space_id, slug, title, state, sheet, rule, revision, created_at, updated_at) \
               VALUES ($1, $2, $3, 'Écrire', 'draft', '{}', '{}', 1, 0, 0)";
    test.execute(
        sql,
        vec![course.into(), test.space.into(), course.to_string().into()],
    )
    .await;
    let sql = "INSERT INTO cohort (id, space_id, course_id, title, start_date, end_date, zone, capacity, state, rule, \
               sheet, agreed_minutes, answer_hours, created_at) VALUES ($1, $2, $3, 'Automne', '2026-10-05', \
               '2026-11-01', 'Europe/Paris', 12, 'running', '{}', '{}', 600, 72, 0)";
    test.execute(sql, vec![cohort.into(), test.space.into(), course.into()])
        .await;
    let sql = "INSERT INTO enrolment (id, space_id, cohort_id, person_id, state, source, enrolled_at, done_count, \
               done_minutes) VALUES ($1, $2, $3, $4, 'active', 'hand', 0, 0, 0)";
    test.execute(
        sql,
        vec![
            id.into(),
            test.space.into(),
            cohort.into(),
            test.trainee.into(),
        ],
    )
    .await;
    let scratch = scratch::ScratchFile::new(&test.app);
    std::fs::write(scratch.path(), bytes).expect("writes");
    let file = upload::ReceivedFile {
        scratch,
        name: name.to_owned(),
        size: bytes.len() as u64,
    };
    commands::keep_attachment(&test.app, test.space, course, file)
        .await
        .expect("keeps")
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_to_the_people_of_the_course_and_cannot_act_on_our_origin() {
    let test = TestApp::new().await;
    let page = with_attachment(&test, "piege.html", b"<script>alert(1)</script>").await;
    let answer = test.get("trainee", &attachment_address(page)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.headers[header::CONTENT_TYPE],
        "application/octet-stream"
    );
    assert!(
        answer.headers[header::CONTENT_DISPOSITION]
            .to_str()
            .is_ok_and(|v| v.starts_with("attachment;"))
    );
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert!(
        answer.headers["content-security-policy"]
            .to_str()
            .is_ok_and(|v| v.contains("sandbox"))
    );
    assert_eq!(
        test.get("", &attachment_address(page)).await.status,
        StatusCode::SEE_OTHER,
        "to sign in"
    );
    assert_eq!(
        test.get("auditor", &attachment_address(page)).await.status,
        StatusCode::OK
    );
    test.execute("UPDATE enrolment SET state = 'left'", vec![])
        .await;
    assert_eq!(
        test.get("trainee", &attachment_address(page)).await.status,
        StatusCode::FORBIDDEN
    );
    let picture = with_attachment(&test, "salle.png", b"0123456789").await;
    let answer = test.get("manager", &attachment_address(picture)).await;
    assert!(
        answer.headers[header::CONTENT_DISPOSITION]
            .to_str()
            .is_ok_and(|v| v.starts_with("inline;"))
    );
    assert_eq!(answer.text, "0123456789");
    assert_eq!(
        test.get("manager", &attachment_address(Uuid::from_u128(1)))
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(test.files("scratch"), 0);
}
