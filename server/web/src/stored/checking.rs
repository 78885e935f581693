//! Reading all stored files again, slice by slice: a job does so much, writes how far it is, and
//! leaves the rest to another, so that a night is enough and nothing else waits.

use std::sync::Arc;
use std::time::Duration;

use passerelle_kernel::env::{DAY, HOUR, MINUTE, SECOND};
use passerelle_kernel::jobs::{JobContext, JobError, NewJob};
use passerelle_kernel::sea_orm::DbErr;
use passerelle_kernel::{Db, Micros, WriteTx};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::faults::{self, Damage, Fault, Progress};
use super::{Expected, Kept, KeptEntry, telling};
use crate::app::App;
use crate::error::AppError;

/// Kind of the job that checks a slice.
pub const CHECK: &str = "stored.check";

/// Files looked up at a time.
const PAGE: u64 = 50;
/// Bytes read by one job at most, the last file of it whole.
const SLICE_BYTES: u64 = 256 * 1024 * 1024;
/// Files read by one job at most.
const SLICE_FILES: u64 = 500;
/// Between two slices, so that other jobs and the disk breathe.
const PAUSE: Micros = 2 * SECOND;
/// A check that has not moved for so long was lost; the next night begins again.
const LOST: Micros = 12 * HOUR;
/// Hour of the night, UTC.
const AT: Micros = HOUR + 17 * MINUTE;
/// How often the next night is looked at.
const LOOK: Duration = Duration::from_mins(30);

/// Plans the check of the next night, once, and again until told to stop.
pub(super) async fn every_night(app: App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = plan_next(&app).await {
            tracing::error!(%error, "the check of stored files cannot be planned");
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn plan_next(app: &App) -> Result<(), DbErr> {
    let now = app.env().now();
    let night = (now - AT).div_euclid(DAY) + 1;
    let tx = app.db().write().await?;
    let job = NewJob::new(CHECK, json!({})).at(night * DAY + AT);
    tx.enqueue(job.priority(-2).dedup(format!("{CHECK}-{night}")))
        .await?;
    tx.commit().await
}

/// Asks for a check now; false when one goes on.
///
/// # Errors
///
/// The database refuses.
pub async fn plan(tx: &WriteTx, db: &Db) -> Result<bool, DbErr> {
    let last = faults::progress(db.read()).await?;
    let now = tx.env().now();
    if last.is_some_and(|last| last.finished_at.is_none() && now - last.began_at < LOST) {
        return Ok(false);
    }
    tx.enqueue(NewJob::new(CHECK, json!({})).priority(-2))
        .await?;
    Ok(true)
}

/// Runs one slice.
pub(super) async fn run(app: App, ctx: JobContext, payload: Value) -> Result<(), JobError> {
    let now = app.env().now();
    let known = faults::progress(app.db().read()).await?;
    let going_on = payload["began"].as_i64();
    let mut progress = match (known, going_on) {
        (Some(last), Some(began)) if last.began_at == began && last.finished_at.is_none() => last,
        // Of a check that another has replaced.
        (_, Some(_)) => return Ok(()),
        (Some(last), None) if last.finished_at.is_none() && now - last.began_at < LOST => {
            return Ok(());
        }
        (_, None) => Progress {
            began_at: now,
            ..Progress::default()
        },
    };
    let done = slice(&app, &ctx, &mut progress).await.map_err(retry)?;
    let tx = app.db().write().await?;
    if done {
        progress.finished_at = Some(app.env().now());
        faults::forget_unseen(&tx, progress.began_at).await?;
    } else {
        let job = NewJob::new(CHECK, json!({"began": progress.began_at}));
        let next = tx.env().now() + PAUSE;
        tx.enqueue(job.priority(-2).at(next)).await?;
    }
    faults::keep(&tx, &progress).await?;
    tx.commit().await?;
    if done {
        telling::tell(&app, progress.began_at)
            .await
            .map_err(retry)?;
    }
    Ok(())
}

fn retry(error: AppError) -> JobError {
    JobError::Retry(error.to_string())
}

/// Checks files until the slice is full; true when all are done.
async fn slice(app: &App, ctx: &JobContext, progress: &mut Progress) -> Result<bool, AppError> {
    let (mut files, mut bytes) = (0, 0);
    let kinds = kinds(app);
    let mut at = kinds.iter().position(|k| k.name() == progress.kind);
    if progress.kind.is_empty() {
        at = Some(0);
    }
    for kind in kinds.iter().skip(at.unwrap_or(0)) {
        if progress.kind != kind.name() {
            kind.name().clone_into(&mut progress.kind);
            progress.after.clear();
        }
        loop {
            let page = kind.expected(app.db(), &progress.after, PAGE).await?;
            for file in &page {
                if ctx.is_stopping() || files >= SLICE_FILES || bytes >= SLICE_BYTES {
                    return Ok(false);
                }
                let read = check_one(app, &**kind, &progress.after, file).await?;
                files += 1;
                bytes += read;
                progress.after.clone_from(&file.key);
                progress.files += 1;
                progress.bytes += read as i64;
            }
            if (page.len() as u64) < PAGE {
                break;
            }
        }
    }
    Ok(true)
}

fn kinds(app: &App) -> Vec<Arc<dyn Kept>> {
    let entries = app.registry().all::<KeptEntry>();
    entries.map(|KeptEntry(kind)| kind.clone()).collect()
}

/// What a file is, beside what it should be.
enum Found {
    Sound { sha256: String, bytes: u64 },
    Damaged(Damage, u64),
}

async fn look(app: &App, file: &Expected) -> Result<Found, AppError> {
    let (sha256, bytes) = match app.blobs().digest(&file.key).await {
        Ok(read) => read,
        Err(error) if error.is_missing() => return Ok(Found::Damaged(Damage::Missing, 0)),
        Err(error) => return Err(error.into()),
    };
    let hash = file.sha256.as_deref();
    let same = hash.is_none_or(|hash| hash.len() >= 32 && sha256.starts_with(hash));
    Ok(if same && file.size.is_none_or(|size| size == bytes) {
        Found::Sound { sha256, bytes }
    } else {
        Found::Damaged(Damage::Altered, bytes)
    })
}

/// Checks one file, that comes after the key `before`, and writes what is found; bytes read.
async fn check_one(
    app: &App,
    kind: &dyn Kept,
    before: &str,
    file: &Expected,
) -> Result<u64, AppError> {
    match look(app, file).await? {
        Found::Sound { sha256, bytes } => {
            let mended = faults::is_known(app.db().read(), &file.key, Damage::Missing).await?
                || faults::is_known(app.db().read(), &file.key, Damage::Altered).await?;
            if mended || file.sha256.is_none() {
                let tx = app.db().write().await?;
                if file.sha256.is_none() {
                    kind.learn(&tx, &file.key, &sha256).await?;
                }
                faults::forget(&tx, &file.key).await?;
                tx.commit().await?;
            }
            Ok(bytes)
        }
        Found::Damaged(damage, bytes) => {
            // Deleted while it was read: nothing names it any more.
            let again = kind.expected(app.db(), before, PAGE).await?;
            if again.iter().any(|other| other == file) {
                let tx = app.db().write().await?;
                let found = fault(kind, file, damage, tx.env().now());
                faults::note(&tx, &found).await?;
                tx.commit().await?;
            }
            Ok(bytes)
        }
    }
}

fn fault(kind: &dyn Kept, file: &Expected, damage: Damage, found_at: Micros) -> Fault {
    Fault {
        kind: kind.name().to_owned(),
        key: file.key.clone(),
        name: file.name.clone(),
        damage,
        found_at,
    }
}

/// Checks every file here and now, and writes nothing; for `doctor`. `told` hears how many were
/// read.
///
/// # Errors
///
/// The database or the store cannot be read.
pub async fn check_all(app: &App, told: &mut dyn FnMut(u64)) -> Result<Vec<Fault>, AppError> {
    let mut wrong = Vec::new();
    let mut files = 0;
    for kind in kinds(app) {
        let mut after = String::new();
        loop {
            let page = kind.expected(app.db(), &after, PAGE).await?;
            for file in &page {
                if let Found::Damaged(damage, _) = look(app, file).await? {
                    wrong.push(fault(&*kind, file, damage, app.env().now()));
                }
                files += 1;
                told(files);
                after.clone_from(&file.key);
            }
            if (page.len() as u64) < PAGE {
                break;
            }
        }
    }
    Ok(wrong)
}
