use std::sync::Arc;

use passerelle_kernel::db::{PoolSizes, statement};
use passerelle_kernel::env::{Clock, ManualClock, SeededEntropy};
use passerelle_kernel::jobs::{JobRunner, JobState, NewJob, counts, list};
use passerelle_kernel::journal::{JournalKey, read_after};
use passerelle_kernel::sea_orm::ConnectionTrait;
use passerelle_kernel::{Db, Env, Plugin, Registry};
use passerelle_migrations::{Migrator, MigratorTrait};
use passerelle_web::Lang;
use passerelle_web::mail::{DELIVER, send};

use super::*;
use crate::{MailerPlugin, MailerSettings, MemoryOutbox, TransportSetting};

struct Setting {
    _dir: tempfile::TempDir,
    db: Db,
    runner: JobRunner,
    outbox: MemoryOutbox,
    clock: Arc<ManualClock>,
}

async fn setting(transport: Option<TransportSetting>) -> Setting {
    let dir = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(ManualClock::new(1_794_644_800_000_000));
    let env = Env::new(clock.clone(), Arc::new(SeededEntropy::new(1)));
    let (key, _) = JournalKey::generate(&env).expect("a key");
    let url = format!("sqlite:{}", dir.path().join("db").display());
    let db = Db::connect(&url, PoolSizes::default(), env, key)
        .await
        .expect("connected");
    Migrator::up(db.writer_for_schema(), None)
        .await
        .expect("migrated");
    let outbox = MemoryOutbox::default();
    let transport = transport.unwrap_or_else(|| TransportSetting::Memory(outbox.clone()));
    let settings = MailerSettings::new(transport, "centre@formation.exemple.fr");
    let plugin = MailerPlugin::new(&settings).expect("usable settings");
    let registry = Registry::compose(&[&plugin as &dyn Plugin], &std::collections::HashSet::new());
    let runner = JobRunner::new(db.clone(), &registry, 1);
    Setting {
        _dir: dir,
        db,
        runner,
        outbox,
        clock,
    }
}

fn mail(env: &Env, to: &str) -> Mail {
    Mail {
        id: env.id(),
        to: to.to_owned(),
        to_name: "Amina Benali".to_owned(),
        from_name: "Centre".to_owned(),
        reply_to: None,
        subject: "À lundi".to_owned(),
        text: "À lundi".to_owned(),
        html: "<p>À lundi</p>".to_owned(),
        lang: Lang::Fr,
        attachments: Vec::new(),
        space: Some(Uuid::from_u128(7)),
        about: Some(Uuid::from_u128(9)),
        unsubscribe: None,
        secret: false,
    }
}

async fn enqueue(db: &Db, mail: &Mail) {
    let tx = db.write().await.expect("a transaction");
    send(&tx, mail).await.expect("enqueued");
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn a_mail_leaves_once_and_its_sending_is_in_the_journal_without_the_address() {
    let at = setting(None).await;
    let mail = mail(at.db.env(), "amina.benali@exemple.fr");
    enqueue(&at.db, &mail).await;
    let report = at.runner.drain().await.expect("drained");
    assert_eq!((report.done, report.failed.len()), (1, 0));
    let sent = at.outbox.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].to, mail.to);
    let records = read_after(at.db.read(), 0, 10).await.expect("read");
    assert_eq!(records.len(), 1);
    let record = &records[0];
    assert_eq!(
        (record.kind.as_str(), record.space),
        (DELIVERED, Uuid::from_u128(7))
    );
    let text = format!("{record:?}");
    assert!(
        !text.contains("amina") && !text.contains("exemple.fr\","),
        "{text}"
    );
    assert!(
        text.contains(&sent[0].message_id)
            && text.contains(&recipient_hash(&sent[0].message_id, &mail.to))
    );
    assert!(
        text.contains(&Uuid::from_u128(9).to_string()),
        "what it is about is written"
    );
}

#[tokio::test]
async fn a_job_that_runs_again_after_a_crash_does_not_send_again() {
    let at = setting(None).await;
    let mail = mail(at.db.env(), "amina@exemple.fr");
    enqueue(&at.db, &mail).await;
    let row = at
        .db
        .read()
        .query_one_raw(statement(at.db.read(), "SELECT payload FROM job", []))
        .await
        .expect("read");
    let payload: String = row.expect("a job").try_get("", "payload").expect("a text");
    at.runner.drain().await.expect("drained");
    // The worker died after the delivery and before the end of the job was written.
    let tx = at.db.write().await.expect("a transaction");
    let again = "UPDATE job SET state = 'running', run_at = 0, payload = $1";
    tx.execute_raw(statement(&*tx, again, [payload.into()]))
        .await
        .expect("set back");
    tx.commit().await.expect("committed");
    at.clock.set(at.clock.now() + 3_600_000_000);
    let report = at.runner.drain().await.expect("drained");
    assert_eq!(report.done, 1);
    assert_eq!(at.outbox.sent().len(), 1);
    assert_eq!(
        read_after(at.db.read(), 0, 10).await.expect("read").len(),
        1
    );
}

#[tokio::test]
async fn an_address_that_is_not_one_fails_at_once_and_keeps_no_address() {
    let at = setting(None).await;
    enqueue(
        &at.db,
        &mail(at.db.env(), "amina.benali@exemple.fr\r\nBcc: x@exemple.fr"),
    )
    .await;
    at.runner.drain().await.expect("drained");
    let failed = list(&at.db, JobState::Failed).await.expect("listed");
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].attempts, 1);
    let failure =
        crate::delivery::Failure::parse(failed[0].last_error.as_deref().expect("a reason"));
    assert_eq!(
        (failure.code.as_str(), failure.recipient.as_str()),
        ("address", "a•••@exemple.fr")
    );
    assert!(at.outbox.sent().is_empty());
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_tried_again() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("mail");
    std::fs::write(&file, "a file where the folder should be").expect("written");
    let at = setting(Some(TransportSetting::Folder(file.clone()))).await;
    enqueue(&at.db, &mail(at.db.env(), "amina@exemple.fr")).await;
    let report = at.runner.drain().await.expect("drained");
    assert_eq!((report.done, report.failed.len()), (0, 1));
    assert_eq!(
        list(&at.db, JobState::Waiting).await.expect("listed").len(),
        1
    );
    std::fs::remove_file(&file).expect("removed");
    at.clock.advance(60_000_000);
    assert_eq!(at.runner.drain().await.expect("drained").done, 1);
    assert_eq!(std::fs::read_dir(&file).expect("a folder now").count(), 1);
}

#[tokio::test]
async fn a_payload_that_is_no_mail_fails_at_once_without_being_quoted() {
    let at = setting(None).await;
    let tx = at.db.write().await.expect("a transaction");
    let payload = serde_json::json!({"to": "amina@exemple.fr", "lang": "secret"});
    tx.enqueue(NewJob::new(DELIVER, payload))
        .await
        .expect("enqueued");
    tx.commit().await.expect("committed");
    at.runner.drain().await.expect("drained");
    assert_eq!(
        counts(&at.db).await.expect("counted"),
        [(DELIVER.to_owned(), "failed".to_owned(), 1)]
    );
    let failed = list(&at.db, JobState::Failed).await.expect("listed");
    let reason = failed[0].last_error.clone().expect("a reason");
    assert!(
        !reason.contains("amina") && !reason.contains("secret"),
        "{reason}"
    );
}
