//! Rows of launches and SCOs, read and written many at a time.

use std::collections::{BTreeMap, HashMap, HashSet};

use passerelle_kernel::db::{ids, in_ids, insert_many, statement, tuples};
use passerelle_kernel::{Engine, Micros, WriteTx};
use passerelle_scorm::manifest::Kind;
use passerelle_scorm::model::{Mode, Standard, State};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value as Sql};
use uuid::Uuid;

use super::launches::{first_state, pseudonym};
use super::model::{self, Child, ScoSummary, standard};
use super::sink::{ASSET, Commit};
use crate::cohorts::Term;

pub(super) struct LaunchRow {
    pub(super) id: Uuid,
    pub(super) attempt: Uuid,
    pub(super) number: i32,
    pub(super) token_hash: Option<Vec<u8>>,
    pub(super) deposit_until: Micros,
    pub(super) superseded: bool,
    pub(super) last_seq: i64,
    /// Neither a review nor a look around.
    pub(super) counts: bool,
    /// Until when it counts; none for whoever only looks at what they make.
    pub(super) term: Option<Term>,
    pub(super) enrolment: Option<Uuid>,
    pub(super) activity: Uuid,
    pub(super) person: Uuid,
    pub(super) standard: Standard,
    pub(super) package: Uuid,
    pub(super) touched: bool,
}

pub(super) struct ScoRow {
    pub(super) state: State,
    pub(super) summary: Option<(String, String, Option<i32>)>,
    pub(super) now: ScoSummary,
    pub(super) exited: String,
    pub(super) launch: Uuid,
    pub(super) session: i32,
    pub(super) touched: bool,
}

pub(super) type Launches = HashMap<Uuid, LaunchRow>;

/// Ordered, so that two writers lock rows in the same order.
pub(super) type Scos = BTreeMap<(Uuid, String), ScoRow>;

/// Launches after which somebody committed in another one of the same attempt.
pub(super) type Earlier = HashSet<Uuid>;

pub(super) async fn load_between(
    tx: &WriteTx,
    items: &[Commit],
    launches: &Launches,
) -> Result<Earlier, DbErr> {
    let mut earlier = Earlier::new();
    for item in items {
        let Some(launch) = launches.get(&item.launch) else {
            continue;
        };
        if launch.token_hash.as_deref() == Some(item.token_hash.as_slice())
            || earlier.contains(&item.launch)
        {
            continue;
        }
        let sql =
            "SELECT 1 FROM launch WHERE attempt_id = $1 AND number > $2 AND last_seq > 0 LIMIT 1";
        let values = [launch.attempt.into(), launch.number.into()];
        if tx
            .query_one_raw(statement(&**tx, sql, values))
            .await?
            .is_some()
        {
            earlier.insert(item.launch);
        }
    }
    Ok(earlier)
}

/// A SCO that commits for the first time starts from what its launch gave it.
pub(super) async fn begin_scos(
    tx: &WriteTx,
    items: &[Commit],
    launches: &Launches,
    scos: &mut Scos,
) -> Result<(), DbErr> {
    for item in items {
        let Some(launch) = launches.get(&item.launch).filter(|l| l.counts) else {
            continue;
        };
        let key = (launch.attempt, item.sco.clone());
        if scos.contains_key(&key) {
            continue;
        }
        let Some(contents) = contents(tx, launch.package).await? else {
            continue;
        };
        let toc = model::items(&contents)?;
        let learner = pseudonym(launch.person, launch.package);
        let line = toc.iter().find(|line| line.identifier == item.sco);
        let asset = line.is_some_and(|line| line.kind == Kind::Asset);
        // An item that the package does not list has no thresholds; the table's rule refuses an empty name.
        let state = line.map_or_else(
            || State::new(launch.standard),
            |line| {
                first_state(
                    launch.standard,
                    Mode::Normal,
                    &toc,
                    line,
                    &learner,
                    Vec::new(),
                    None,
                )
            },
        );
        let row = ScoRow {
            state,
            summary: None,
            now: ScoSummary::default(),
            exited: if asset { ASSET } else { "open" }.to_owned(),
            launch: item.launch,
            session: item.session,
            touched: false,
        };
        scos.insert(key, row);
    }
    Ok(())
}

pub(super) async fn contents(tx: &WriteTx, package: Uuid) -> Result<Option<String>, DbErr> {
    let sql = "SELECT contents FROM package WHERE id = $1";
    let row = tx
        .query_one_raw(statement(&**tx, sql, [package.into()]))
        .await?;
    row.map(|row| row.try_get("", "contents")).transpose()
}

pub(super) async fn load_launches(tx: &WriteTx, items: &[Commit]) -> Result<Launches, DbErr> {
    let mut ids: Vec<Uuid> = items.iter().map(|item| item.launch).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut hashes: Vec<&[u8]> = items
        .iter()
        .map(|item| item.token_hash.as_slice())
        .collect();
    hashes.sort_unstable();
    hashes.dedup();
    let lock = if tx.engine() == Engine::Postgres {
        " FOR UPDATE OF l"
    } else {
        ""
    };
    let sql = format!(
        "SELECT l.id, l.attempt_id, l.number, l.token_hash, l.deposit_until, l.superseded_at, l.last_seq, \
         a.mode, a.enrolment_id, a.activity_id, a.person_id, a.package_id, p.standard, {term} FROM launch l \
         JOIN attempt a ON a.id = l.attempt_id JOIN package p ON p.id = a.package_id \
         LEFT JOIN enrolment e ON e.id = a.enrolment_id LEFT JOIN cohort c ON c.id = e.cohort_id \
         WHERE l.id IN ({}) OR l.token_hash IN ({}) ORDER BY l.id{lock}",
        marks(1, ids.len()),
        marks(ids.len() + 1, hashes.len()),
        term = Term::COLUMNS,
    );
    let values = ids
        .into_iter()
        .map(Sql::from)
        .chain(hashes.into_iter().map(|hash| Sql::from(hash.to_vec())));
    let rows = tx.query_all_raw(statement(&**tx, sql, values)).await?;
    rows.iter()
        .map(|row| read_launch(row).map(|launch| (launch.id, launch)))
        .collect()
}

pub(super) fn read_launch(row: &QueryResult) -> Result<LaunchRow, DbErr> {
    let code: String = row.try_get("", "standard")?;
    let mode: String = row.try_get("", "mode")?;
    let superseded: Option<Micros> = row.try_get("", "superseded_at")?;
    let enrolment: Option<Uuid> = row.try_get("", "enrolment_id")?;
    Ok(LaunchRow {
        id: row.try_get("", "id")?,
        number: row.try_get("", "number")?,
        attempt: row.try_get("", "attempt_id")?,
        token_hash: row.try_get("", "token_hash")?,
        deposit_until: row.try_get("", "deposit_until")?,
        superseded: superseded.is_some(),
        last_seq: row.try_get("", "last_seq")?,
        counts: mode == "normal",
        term: enrolment.map(|_| Term::read(row)).transpose()?,
        enrolment,
        activity: row.try_get("", "activity_id")?,
        person: row.try_get("", "person_id")?,
        standard: standard(&code),
        package: row.try_get("", "package_id")?,
        touched: false,
    })
}

pub(super) async fn load_scos(
    tx: &WriteTx,
    items: &[Commit],
    launches: &Launches,
) -> Result<Scos, DbErr> {
    let mut wanted: Vec<(Uuid, &str)> = items
        .iter()
        .filter_map(|item| Some((launches.get(&item.launch)?.attempt, item.sco.as_str())))
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(Scos::new());
    }
    let pairs: Vec<String> = (0..wanted.len())
        .map(|n| format!("(attempt_id = ${} AND sco = ${})", 2 * n + 1, 2 * n + 2))
        .collect();
    let sql = format!(
        "SELECT attempt_id, sco, elements, completion, success, score, exited, launch_id, session FROM sco_state WHERE {}",
        pairs.join(" OR ")
    );
    let values = wanted
        .iter()
        .flat_map(|(attempt, sco)| [Sql::from(*attempt), Sql::from(*sco)]);
    let rows = tx.query_all_raw(statement(&**tx, sql, values)).await?;
    let standards: HashMap<Uuid, Standard> =
        launches.values().map(|l| (l.attempt, l.standard)).collect();
    let mut scos = Scos::new();
    for row in rows {
        let attempt: Uuid = row.try_get("", "attempt_id")?;
        let elements: String = row.try_get("", "elements")?;
        let elements: BTreeMap<String, String> =
            serde_json::from_str(&elements).map_err(|e| DbErr::Json(e.to_string()))?;
        let standard = standards
            .get(&attempt)
            .copied()
            .unwrap_or(Standard::Scorm12);
        let summary = (
            row.try_get("", "completion")?,
            row.try_get("", "success")?,
            row.try_get("", "score")?,
        );
        let state = State::restore(standard, elements);
        let stored = ScoRow {
            state,
            summary: Some(summary),
            now: ScoSummary::default(),
            exited: row.try_get("", "exited")?,
            launch: row.try_get("", "launch_id")?,
            session: row.try_get("", "session")?,
            touched: false,
        };
        scos.insert((attempt, row.try_get("", "sco")?), stored);
    }
    Ok(scos)
}

pub(super) async fn store_scos(tx: &WriteTx, scos: &Scos, now: Micros) -> Result<(), DbErr> {
    let mut values: Vec<Sql> = Vec::new();
    for ((attempt, sco), row) in scos.iter().filter(|(_, row)| row.touched) {
        let elements =
            serde_json::to_string(row.state.values()).map_err(|e| DbErr::Json(e.to_string()))?;
        values.extend([
            (*attempt).into(),
            sco.clone().into(),
            elements.into(),
            row.now.completion.into(),
            row.now.success.into(),
            row.now.score.into(),
            row.now.progress.into(),
            row.now.seconds.into(),
            row.exited.clone().into(),
            row.launch.into(),
            row.session.into(),
            now.into(),
        ]);
    }
    let into = "sco_state (attempt_id, sco, elements, completion, success, score, progress, seconds, exited, launch_id, session, updated_at)";
    let conflict = "ON CONFLICT (attempt_id, sco) DO UPDATE SET elements = excluded.elements, \
        completion = excluded.completion, success = excluded.success, score = excluded.score, \
        progress = excluded.progress, seconds = excluded.seconds, exited = excluded.exited, \
        launch_id = excluded.launch_id, session = excluded.session, updated_at = excluded.updated_at";
    insert_many(&**tx, into, 12, values, conflict).await
}

pub(super) async fn store_launches(
    tx: &WriteTx,
    launches: &Launches,
    now: Micros,
) -> Result<(), DbErr> {
    let mut touched: Vec<(&Uuid, &LaunchRow)> =
        launches.iter().filter(|(_, l)| l.touched).collect();
    if touched.is_empty() {
        return Ok(());
    }
    touched.sort_by_key(|(id, _)| **id);
    let sql = format!(
        "UPDATE launch SET used_at = $1, last_seq = v.column2 FROM (VALUES {}) AS v WHERE launch.id = v.column1",
        tuples(2, touched.len(), 2)
    );
    let mut values: Vec<Sql> = vec![now.into()];
    for (id, launch) in touched {
        values.extend([(*id).into(), launch.last_seq.into()]);
    }
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// What the items of those attempts show, by attempt; one statement.
pub(super) async fn children_of<C: ConnectionTrait>(
    conn: &C,
    attempts: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Child>>, DbErr> {
    let sql = format!(
        "SELECT attempt_id, sco, completion, success, score, seconds FROM sco_state WHERE attempt_id {}",
        in_ids(conn, 1)
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, [ids(attempts)]))
        .await?;
    let mut out: HashMap<Uuid, Vec<Child>> = HashMap::new();
    for row in rows {
        let child = Child {
            sco: row.try_get("", "sco")?,
            completion: row.try_get("", "completion")?,
            success: row.try_get("", "success")?,
            score: row.try_get("", "score")?,
            seconds: row.try_get("", "seconds")?,
        };
        out.entry(row.try_get("", "attempt_id")?)
            .or_default()
            .push(child);
    }
    Ok(out)
}

/// `$from, …`, so many of them.
pub(super) fn marks(from: usize, n: usize) -> String {
    (from..from + n)
        .map(|i| format!("${i}"))
        .collect::<Vec<_>>()
        .join(", ")
}
