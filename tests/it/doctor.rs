//! What `doctor` and `journal verify` say of a server that is not well, through the program itself.

use std::process::Output;

use passerelle_kernel::{Db, Engine};
use passerelle_tests::database::{folder, fresh_url, key};
use passerelle_tests::on_both_engines;
use passerelle_tests::trace::program;
use sea_orm::ConnectionTrait;

/// Runs the program on a data folder and a database.
fn run(folder: &std::path::Path, url: &str, args: &[&str]) -> (bool, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = std::process::Command::new(program())
        .args(args)
        .env("PASSERELLE_DATA_DIR", folder)
        .env("PASSERELLE_DATABASE_URL", url)
        .env("PASSERELLE_MAIL_URL", "folder:mail")
        .output()
        .unwrap();
    let said = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (status.success(), said.concat())
}

/// A server that has been set up, stopped.
async fn server(engine: Engine) -> (tempfile::TempDir, String) {
    let folder = folder();
    let url = fresh_url(engine, &folder).await;
    let (done, said) = run(folder.path(), &url, &["migrate"]);
    assert!(done, "{said}");
    (folder, url)
}

async fn db(url: &str) -> Db {
    let sizes = passerelle_kernel::db::PoolSizes { connections: 2 };
    Db::connect(url, sizes, passerelle_kernel::Env::system(), key())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_journal_that_is_not_there_is_said_plainly_and_nothing_is_made() {
    // On an empty folder it printed an error of the database.
    let folder = folder();
    let within = folder.path().join("data");
    for args in [&["journal", "verify"][..], &["journal", "head"]] {
        let (done, said) = run(&within, "", args);
        assert!(!done);
        assert!(
            said.contains("data_dir") && said.contains("passerelle serve"),
            "{said}"
        );
        assert!(!said.contains("no such table"), "{said}");
        assert!(
            !within.join("passerelle.sqlite").exists(),
            "looking makes no database"
        );
    }
}

on_both_engines! {
    /// `doctor` accepted a schema from the future, and a server would have written to it.
    async fn a_schema_of_a_later_version_is_said_and_refused(engine) {
        let (folder, url) = server(engine).await;
        let db = db(&url).await;
        let tx = db.write().await.unwrap();
        tx.execute_unprepared("INSERT INTO seaql_migrations (version, applied_at) VALUES ('kernel/0999_later', 0)").await.unwrap();
        tx.commit().await.unwrap();
        db.close().await.unwrap();
        for args in [&["doctor"][..], &["serve"], &["worker"], &["migrate"], &["journal", "verify"]] {
            let (done, said) = run(folder.path(), &url, args);
            assert!(!done && said.contains("later version of Passerelle"), "{args:?}: {said}");
            assert!(said.contains("kernel/0999_later") && !said.contains("nothing to mend"), "{said}");
        }
    }
}

on_both_engines! {
    /// Tables or columns that are gone are not "nothing to mend".
    async fn a_database_that_lacks_a_column_is_told(engine) {
        let (folder, url) = server(engine).await;
        let db = db(&url).await;
        let tx = db.write().await.unwrap();
        tx.execute_unprepared("ALTER TABLE mail_picture DROP COLUMN alt").await.unwrap();
        tx.commit().await.unwrap();
        db.close().await.unwrap();
        let (done, said) = run(folder.path(), &url, &["doctor"]);
        assert!(!done && said.contains("mail_picture.alt is missing"), "{said}");
    }
}

#[tokio::test]
async fn a_malformed_database_is_not_nothing_to_mend() {
    let (folder, url) = server(Engine::Sqlite).await;
    let (_, said) = run(folder.path(), &url, &["doctor"]);
    assert!(!said.contains("damaged"), "{said}");
    let db = db(&url).await;
    let tx = db.write().await.unwrap();
    tx.execute_unprepared("CREATE TABLE zeal (a TEXT NOT NULL)")
        .await
        .unwrap();
    let rows = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2000) \
                INSERT INTO zeal SELECT 'une ligne comme il y en a beaucoup, la ' || n FROM c";
    tx.execute_unprepared(rows).await.unwrap();
    tx.commit().await.unwrap();
    db.close().await.unwrap();
    let path = url.strip_prefix("sqlite:").unwrap();
    let whole = std::fs::read(path).unwrap();
    // The last pages hold rows of that table.
    let mut bytes = whole.clone();
    let at = bytes.len() - 3 * 4096;
    bytes[at..at + 4096].fill(0xa5);
    std::fs::write(path, bytes).unwrap();
    let (done, said) = run(folder.path(), &url, &["doctor"]);
    assert!(
        !done && said.contains("WARNING: the database is damaged"),
        "{said}"
    );
    assert!(
        said.contains("put back the last backup") && !said.contains("nothing to mend"),
        "{said}"
    );
    // So broken that it cannot be opened.
    let mut bytes = whole;
    bytes[40..8192].fill(0xa5);
    std::fs::write(path, bytes).unwrap();
    let (done, said) = run(folder.path(), &url, &["doctor"]);
    assert!(
        !done && said.contains("put back the last backup") && !said.contains("nothing to mend"),
        "{said}"
    );
}

on_both_engines! {
    /// Stored files that are missing are told by `doctor`, as subscribers that fail are.
    async fn damaged_files_and_failing_subscribers_are_told(engine) {
        let (folder, url) = server(engine).await;
        let db = db(&url).await;
        let tx = db.write().await.unwrap();
        let nil = if engine == Engine::Sqlite { "zeroblob(16)" } else { "'00000000-0000-0000-0000-000000000000'" };
        for sql in [
            format!("INSERT INTO mail_picture (id, space_id, name, alt, file, bytes, at) VALUES ({nil}, {nil}, 'logo.png', '', \
                '00112233445566778899aabbccddeeff.png', 3, 0)"),
            format!("INSERT INTO subscriber_failure (consumer, position, entry_id, attempts, since, retry_at, error) \
                VALUES ('lti.grades', 3, {nil}, 5, 0, 0, 'cannot')"),
        ] {
            tx.execute_unprepared(&sql).await.unwrap();
        }
        tx.commit().await.unwrap();
        db.close().await.unwrap();
        let (done, said) = run(folder.path(), &url, &["doctor"]);
        assert!(!done, "{said}");
        assert!(said.contains("mail/pictures/00112233445566778899aabbccddeeff.png") && said.contains("is missing"), "{said}");
        assert!(said.contains("lti.grades cannot go on") && said.contains("tried 5 times"), "{said}");
    }
}
