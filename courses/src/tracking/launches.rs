//! Opening an attempt, and handing its token to the player.
//!
//! Opening writes a one-time code; the content host exchanges it, once and
//! within two minutes, for the token that commits carry. A new launch of an
//! attempt supersedes the one before.

use std::collections::BTreeMap;

use passerelle_kernel::db::statement;
use passerelle_kernel::env::{DAY, MINUTE, token_hash};
use passerelle_kernel::journal::{Actor, Fact};
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_scorm::manifest::TocItem;
use passerelle_scorm::model::{
    Ending, Launch, Mode, Previous, Standard, State, Store, launch_state,
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use serde_json::json;

use super::ATTEMPT_STARTED;
use super::model::{Left, resume_at, standard, steps};
use crate::cohorts::Term;
use crate::progress::model::Seen;
use crate::progress::{self, Observation};

/// A code that was not used within this time is refused.
pub const LAUNCH_REFUSED_AFTER: Micros = 2 * MINUTE;
/// So long after it was opened a package is read no more: it is opened again.
const READ_LIFE: Micros = DAY;
/// A queue may still be deposited for so long.
const DEPOSIT: Micros = 7 * DAY;

/// What to open.
#[derive(Clone, Copy, Debug)]
pub struct OpenRequest {
    /// Space.
    pub space: Uuid,
    /// Enrolment; none for a preview by whoever makes the course.
    pub enrolment: Option<Uuid>,
    /// Who opens it.
    pub person: Uuid,
    /// Activity.
    pub activity: Uuid,
    /// Its package.
    pub package: Uuid,
    /// Normal, review or browse.
    pub mode: Mode,
    /// In a window of its own.
    pub own_window: bool,
    /// Start from nothing instead of resuming.
    pub afresh: bool,
}

/// What was opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// One-time code for the content host.
    pub code: String,
    /// Label of the attempt's host.
    pub label: String,
    /// Attempt.
    pub attempt: Uuid,
}

/// Says which pages of other sites hold the launch under way of an attempt in a frame, beside ours:
/// origins, separated by spaces.
pub async fn frame(tx: &WriteTx, attempt: Uuid, origins: &str) -> Result<(), DbErr> {
    let sql = "UPDATE launch SET ancestors = $2 WHERE attempt_id = $1 AND superseded_at IS NULL";
    tx.execute_raw(statement(&**tx, sql, [attempt.into(), origins.into()]))
        .await?;
    Ok(())
}

/// Opens an activity: resumes the attempt under way or begins one.
pub async fn open(tx: &WriteTx, request: OpenRequest) -> Result<Opened, DbErr> {
    // Two at once would each begin an attempt, or leave two launches under way.
    tx.hold(request.person).await?;
    let now = tx.env().now();
    let current = if request.afresh {
        None
    } else {
        current_attempt(tx, &request).await?
    };
    let (attempt, label) = match current {
        Some(found) => found,
        None => begin(tx, &request, now).await?,
    };
    let sql =
        "UPDATE launch SET superseded_at = $2 WHERE attempt_id = $1 AND superseded_at IS NULL";
    tx.execute_raw(statement(&**tx, sql, [attempt.into(), now.into()]))
        .await?;
    let code = tx.env().token();
    let sql = "INSERT INTO launch (id, attempt_id, number, code_hash, token_hash, created_at, opened_at, used_at, \
               expires_at, deposit_until, superseded_at, last_seq, own_window) \
               VALUES ($1, $2, (SELECT COALESCE(MAX(number), 0) + 1 FROM launch WHERE attempt_id = $2), $3, NULL, $4, NULL, $4, $5, $6, \
               NULL, 0, $7)";
    let values = [
        tx.env().id().into(),
        attempt.into(),
        token_hash(&code).into(),
        now.into(),
        (now + READ_LIFE).into(),
        (now + DEPOSIT).into(),
        request.own_window.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    let sql = "UPDATE attempt SET last_at = $2 WHERE id = $1";
    tx.execute_raw(statement(&**tx, sql, [attempt.into(), now.into()]))
        .await?;
    if let (Some(enrolment), Mode::Normal) = (request.enrolment, request.mode) {
        let seen = Seen {
            viewed: true,
            ..Seen::default()
        };
        let observation = Observation {
            enrolment,
            activity: request.activity,
            seen,
            seconds: 0,
            at: now,
        };
        progress::record(tx, Actor::Person(request.person), observation).await?;
    }
    Ok(Opened {
        code,
        label,
        attempt,
    })
}

async fn current_attempt(
    tx: &WriteTx,
    request: &OpenRequest,
) -> Result<Option<(Uuid, String)>, DbErr> {
    // A review looks at the latest real attempt without writing; its own row keeps it apart.
    let sql = "SELECT id, label FROM attempt WHERE person_id = $1 AND activity_id = $2 AND package_id = $3 AND mode = $4 \
               AND ended_at IS NULL AND COALESCE(enrolment_id, $5) = $5 ORDER BY number DESC LIMIT 1";
    let values = [
        request.person.into(),
        request.activity.into(),
        request.package.into(),
        request.mode.as_str().into(),
        request.enrolment.unwrap_or(Uuid::nil()).into(),
    ];
    let row = tx.query_one_raw(statement(&**tx, sql, values)).await?;
    row.map(|row| Ok((row.try_get("", "id")?, row.try_get("", "label")?)))
        .transpose()
}

async fn begin(tx: &WriteTx, request: &OpenRequest, now: Micros) -> Result<(Uuid, String), DbErr> {
    let (id, label, capability) = (tx.env().id(), tx.env().label(), tx.env().token());
    if request.mode == Mode::Normal {
        let sql = "UPDATE attempt SET ended_at = $4 WHERE person_id = $1 AND activity_id = $2 AND mode = $3 AND ended_at IS NULL";
        let values = [
            request.person.into(),
            request.activity.into(),
            "normal".into(),
            now.into(),
        ];
        tx.execute_raw(statement(&**tx, sql, values)).await?;
    }
    let sql = "INSERT INTO attempt (id, space_id, enrolment_id, person_id, activity_id, package_id, number, mode, label, \
               capability, started_at, last_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, \
               (SELECT COUNT(*) + 1 FROM attempt WHERE person_id = $4 AND activity_id = $5 AND mode = $7), $7, $8, $9, $10, \
               $10, NULL)";
    let values = [
        id.into(),
        request.space.into(),
        request.enrolment.into(),
        request.person.into(),
        request.activity.into(),
        request.package.into(),
        request.mode.as_str().into(),
        label.clone().into(),
        capability.into(),
        now.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    if let (Some(enrolment), Mode::Normal) = (request.enrolment, request.mode) {
        let payload = json!({"enrolment": enrolment, "activity": request.activity, "attempt": id, "package": request.package});
        let actor = Actor::Person(request.person);
        tx.append(Fact {
            space: request.space,
            kind: ATTEMPT_STARTED,
            actor,
            subject: request.person,
            payload,
        })
        .await?;
    }
    Ok((id, label))
}

fn read_state(row: &QueryResult) -> Result<State, DbErr> {
    let code: String = row.try_get("", "standard")?;
    let elements: String = row.try_get("", "elements")?;
    let elements: BTreeMap<String, String> =
        serde_json::from_str(&elements).map_err(|e| DbErr::Json(e.to_string()))?;
    Ok(State::restore(standard(&code), elements))
}

/// What the player is given for its code.
#[derive(Clone, Debug)]
pub struct Player {
    /// Token of the commits; only ever in the player's memory.
    pub token: String,
    /// Launch.
    pub launch: Uuid,
    /// Attempt.
    pub attempt: Uuid,
    /// Label of the attempt's host.
    pub label: String,
    /// Capability to read the package.
    pub capability: String,
    /// Package.
    pub package: Uuid,
    /// Activity.
    pub activity: Uuid,
    /// Enrolment; none for a preview.
    pub enrolment: Option<Uuid>,
    /// Space.
    pub space: Uuid,
    /// Title of the activity.
    pub title: String,
    /// Which data model.
    pub standard: Standard,
    /// Normal, review or browse.
    pub mode: Mode,
    /// In a window of its own.
    pub own_window: bool,
    /// Origins whose pages hold it in a frame, beside ours; separated by spaces.
    pub ancestors: String,
    /// Hosts outside that the package may reach.
    pub external_hosts: String,
    /// Table of contents.
    pub toc: Vec<TocItem>,
    /// What each SCO finds, by identifier, with its completion so far.
    pub states: BTreeMap<String, (State, String)>,
    /// The item to open first: where the person stopped.
    pub current: Option<String>,
}

/// Exchanges a code for a token, once. None when it was used, is too old or belongs to another host.
pub async fn redeem(tx: &WriteTx, code: &str) -> Result<Option<Player>, DbErr> {
    let now = tx.env().now();
    let token = tx.env().token();
    let sql = "UPDATE launch SET code_hash = NULL, token_hash = $2, opened_at = $3 \
               WHERE code_hash = $1 AND created_at > $4 AND superseded_at IS NULL RETURNING id";
    let values = [
        token_hash(code).into(),
        token_hash(&token).into(),
        now.into(),
        (now - LAUNCH_REFUSED_AFTER).into(),
    ];
    let Some(row) = tx.query_one_raw(statement(&**tx, sql, values)).await? else {
        return Ok(None);
    };
    let launch: Uuid = row.try_get("", "id")?;
    let sql = format!(
        "SELECT a.id, a.space_id, a.label, a.capability, a.package_id, a.activity_id, a.enrolment_id, a.person_id, \
         a.mode, l.own_window, l.ancestors, p.standard, p.contents, p.external_hosts, v.title, {} FROM launch l \
         JOIN attempt a ON a.id = l.attempt_id JOIN package p ON p.id = a.package_id \
         LEFT JOIN enrolment e ON e.id = a.enrolment_id LEFT JOIN cohort c ON c.id = e.cohort_id \
         LEFT JOIN activity v ON v.id = a.activity_id WHERE l.id = $1",
        Term::COLUMNS
    );
    let Some(row) = tx
        .query_one_raw(statement(&**tx, sql, [launch.into()]))
        .await?
    else {
        return Ok(None);
    };
    let enrolment: Option<Uuid> = row.try_get("", "enrolment_id")?;
    // Who left since the code was written opens nothing with it.
    if enrolment.is_some() && !Term::read(&row)?.may_read() {
        return Ok(None);
    }
    let code: String = row.try_get("", "standard")?;
    let mode: String = row.try_get("", "mode")?;
    let contents: String = row.try_get("", "contents")?;
    let toc = super::model::items(&contents)?;
    let mode = mode_of(&mode);
    let attempt: Uuid = row.try_get("", "id")?;
    let person: Uuid = row.try_get("", "person_id")?;
    let package: Uuid = row.try_get("", "package_id")?;
    let activity: Uuid = row.try_get("", "activity_id")?;
    let source = if mode == Mode::Review {
        latest_normal(tx, person, activity)
            .await?
            .unwrap_or(attempt)
    } else {
        attempt
    };
    let learner = pseudonym(person, package);
    let (states, left) = launch_states(tx, source, standard(&code), mode, &toc, &learner).await?;
    let current = resume_at(&toc, &left);
    let text = |name: &str| {
        row.try_get("", name)
            .map(Option::<String>::unwrap_or_default)
    };
    Ok(Some(Player {
        token,
        launch,
        attempt,
        label: row.try_get("", "label")?,
        capability: row.try_get("", "capability")?,
        package,
        activity,
        enrolment,
        space: row.try_get("", "space_id")?,
        title: text("title")?,
        standard: standard(&code),
        mode,
        own_window: row.try_get("", "own_window")?,
        ancestors: text("ancestors")?,
        external_hosts: row.try_get("", "external_hosts")?,
        toc,
        states,
        current,
    }))
}

fn mode_of(code: &str) -> Mode {
    match code {
        "review" => Mode::Review,
        "browse" => Mode::Browse,
        _ => Mode::Normal,
    }
}

async fn latest_normal(tx: &WriteTx, person: Uuid, activity: Uuid) -> Result<Option<Uuid>, DbErr> {
    let sql = "SELECT id FROM attempt WHERE person_id = $1 AND activity_id = $2 AND mode = 'normal' \
               ORDER BY number DESC LIMIT 1";
    let row = tx
        .query_one_raw(statement(&**tx, sql, [person.into(), activity.into()]))
        .await?;
    row.map(|row| row.try_get("", "id")).transpose()
}

/// A name for the content to know a learner by, different for each package.
pub(super) fn pseudonym(person: Uuid, package: Uuid) -> String {
    let hash = token_hash(&format!("learner {person} {package}"));
    hash.iter()
        .take(10)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

async fn launch_states(
    tx: &WriteTx,
    attempt: Uuid,
    standard: Standard,
    mode: Mode,
    toc: &[TocItem],
    learner: &str,
) -> Result<(BTreeMap<String, (State, String)>, Vec<Left>), DbErr> {
    let sql = "SELECT s.sco, s.elements, s.completion, s.success, s.exited, s.updated_at, p.standard FROM sco_state s \
               JOIN attempt a ON a.id = s.attempt_id JOIN package p ON p.id = a.package_id WHERE s.attempt_id = $1";
    let mut before: BTreeMap<String, (State, String, Ending)> = BTreeMap::new();
    let mut left = Vec::new();
    for row in tx
        .query_all_raw(statement(&**tx, sql, [attempt.into()]))
        .await?
    {
        let exited: String = row.try_get("", "exited")?;
        let ending = if exited == "finished" {
            Ending::Finished
        } else {
            Ending::Lost
        };
        let state = read_state(&row)?;
        let one = Left {
            sco: row.try_get("", "sco")?,
            at: row.try_get("", "updated_at")?,
            completion: row.try_get("", "completion")?,
            success: row.try_get("", "success")?,
            finished: exited != "open",
            suspended_all: state.get("adl.nav.request") == Some("suspendAll"),
        };
        before.insert(one.sco.clone(), (state, one.completion.clone(), ending));
        left.push(one);
    }
    let mut states = BTreeMap::new();
    for item in toc.iter().filter(|item| item.href.is_some()) {
        let previous = before.get(&item.identifier);
        let stores = stores(item, &before);
        let resumed = previous.map(|(state, _, ending)| Previous {
            state,
            ending: *ending,
        });
        let state = first_state(standard, mode, toc, item, learner, stores, resumed);
        let completion = previous.map_or_else(
            || "unknown".to_owned(),
            |(_, completion, _)| completion.clone(),
        );
        states.insert(item.identifier.clone(), (state, completion));
    }
    Ok((states, left))
}

/// What a SCO finds, from the table of contents and the session before.
pub(super) fn first_state(
    standard: Standard,
    mode: Mode,
    toc: &[TocItem],
    item: &TocItem,
    learner: &str,
    stores: Vec<Store>,
    previous: Option<Previous<'_>>,
) -> State {
    let steps = steps(toc);
    let is = |step: Option<&&TocItem>| step.is_some_and(|it| it.identifier == item.identifier);
    let launch = Launch {
        learner_id: learner.to_owned(),
        learner_name: learner.to_owned(),
        mode,
        credit: mode == Mode::Normal,
        launch_data: item.launch_data.clone(),
        mastery_score: item.mastery_score.map(decimal),
        max_time_allowed: item.max_time.clone(),
        time_limit_action: item
            .time_limit_action
            .map(|action| action.as_str().to_owned()),
        completion_threshold: item
            .completion_threshold
            .and_then(|t| t.effective())
            .map(decimal),
        scaled_passing_score: item.scaled_passing_score.map(decimal),
        comments: Vec::new(),
        objectives: item.objectives.clone(),
        stores,
        next: Some(!is(steps.last())),
        previous_activity: Some(!is(steps.first())),
        previous,
    };
    launch_state(standard, &launch)
}

/// Shared data stores, with what any SCO of the attempt left in them last.
fn stores(item: &TocItem, before: &BTreeMap<String, (State, String, Ending)>) -> Vec<Store> {
    item.data_maps
        .iter()
        .map(|map| {
            let value = before.values().find_map(|(state, ..)| {
                (0..state.count("adl.data")).find_map(|n| {
                    (state.get(&format!("adl.data.{n}.id")) == Some(map.target.as_str()))
                        .then(|| state.get(&format!("adl.data.{n}.store")).map(str::to_owned))
                        .flatten()
                })
            });
            Store {
                id: map.target.clone(),
                value,
                read: map.read,
                write: map.write,
            }
        })
        .collect()
}

/// Ten-thousandths as the data model writes numbers: 7000 is `0.7`, 800000 is `80`.
fn decimal(ten_thousandths: i64) -> String {
    let sign = if ten_thousandths < 0 { "-" } else { "" };
    let (whole, part) = (
        ten_thousandths.abs() / 10_000,
        ten_thousandths.abs() % 10_000,
    );
    let text = format!("{sign}{whole}.{part:04}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn numbers_are_written_as_the_data_model_does() {
        for (n, text) in [
            (7000, "0.7"),
            (800_000, "80"),
            (-2_500, "-0.25"),
            (0, "0"),
            (10_000, "1"),
        ] {
            assert_eq!(decimal(n), text);
        }
    }
}
