//! Queries on campaigns.

use passerelle_kernel::db::statement;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_web::Lang;

use crate::delivery::recipient_hash;
use crate::{returns, watch};

use super::model::{Campaign, Content, State, Tally, Target, Times, place};

const COLUMNS: &str = "SELECT id, number, space_id, name, state, lang, subject, preheader, from_name, reply_to, blocks, \
     list_id, segment_id, target_name, is_public, per_second, scheduled_at, approved_at, started_at, finished_at, \
     prepared, is_prepared, run, pause_reason, root, version, created_at, updated_at, \
     (SELECT COUNT(*) FROM mail_post p WHERE p.campaign_id = mail_campaign.id) AS posts FROM mail_campaign";

/// Posts to discussion lists are sent as campaigns, and are none that somebody wrote.
const NO_POST: &str =
    "NOT EXISTS (SELECT 1 FROM mail_post p WHERE p.campaign_id = mail_campaign.id)";

fn read(row: &QueryResult) -> Result<Campaign, DbErr> {
    let state: String = row.try_get("", "state")?;
    let lang: String = row.try_get("", "lang")?;
    let blocks: String = row.try_get("", "blocks")?;
    let flag = |name: &str| row.try_get::<i16>("", name).map(|n| n != 0);
    Ok(Campaign {
        id: row.try_get("", "id")?,
        number: row.try_get("", "number")?,
        space: row.try_get("", "space_id")?,
        name: row.try_get("", "name")?,
        is_post: row.try_get::<i64>("", "posts")? > 0,
        state: State::parse(&state).ok_or_else(|| DbErr::Type(format!("state: {state}")))?,
        content: Content {
            lang: Lang::from_code(&lang).unwrap_or_default(),
            subject: row.try_get("", "subject")?,
            preheader: row.try_get("", "preheader")?,
            from_name: row.try_get("", "from_name")?,
            reply_to: row.try_get("", "reply_to")?,
            blocks: serde_json::from_str(&blocks).map_err(|e| DbErr::Json(e.to_string()))?,
        },
        target: Target {
            list: row.try_get("", "list_id")?,
            segment: row.try_get("", "segment_id")?,
            name: row.try_get("", "target_name")?,
        },
        is_public: flag("is_public")?,
        per_second: row.try_get("", "per_second")?,
        times: Times {
            scheduled_at: row.try_get("", "scheduled_at")?,
            approved_at: row.try_get("", "approved_at")?,
            started_at: row.try_get("", "started_at")?,
            finished_at: row.try_get("", "finished_at")?,
            created_at: row.try_get("", "created_at")?,
            updated_at: row.try_get("", "updated_at")?,
        },
        prepared: row.try_get("", "prepared")?,
        is_prepared: flag("is_prepared")?,
        run: row.try_get("", "run")?,
        pause_reason: row.try_get("", "pause_reason")?,
        root: row.try_get("", "root")?,
        version: row.try_get("", "version")?,
    })
}

/// A campaign.
pub async fn campaign<C: ConnectionTrait>(conn: &C, id: Uuid) -> Result<Option<Campaign>, DbErr> {
    let sql = format!("{COLUMNS} WHERE id = $1");
    let row = conn
        .query_one_raw(statement(conn, sql, [id.into()]))
        .await?;
    row.as_ref().map(read).transpose()
}

/// A campaign of a space by its number.
pub async fn by_number<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    number: i32,
) -> Result<Option<Campaign>, DbErr> {
    let sql = format!("{COLUMNS} WHERE space_id = $1 AND number = $2");
    let row = conn
        .query_one_raw(statement(conn, sql, [space.into(), number.into()]))
        .await?;
    row.as_ref().map(read).transpose()
}

/// The campaigns of a space, the last changed first.
pub async fn campaigns<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    started: bool,
    from: u64,
    limit: u64,
) -> Result<Vec<Campaign>, DbErr> {
    let which = which(started);
    let sql = format!(
        "{COLUMNS} WHERE space_id = $1 AND {which} ORDER BY updated_at DESC, id LIMIT {limit} OFFSET {from}"
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    rows.iter().map(read).collect()
}

/// How many campaigns a space has, or has started.
pub async fn count<C: ConnectionTrait>(conn: &C, space: Uuid, started: bool) -> Result<i64, DbErr> {
    let which = which(started);
    let sql = format!("SELECT COUNT(*) AS n FROM mail_campaign WHERE space_id = $1 AND {which}");
    let row = conn
        .query_one_raw(statement(conn, sql, [space.into()]))
        .await?;
    row.map_or(Ok(0), |row| row.try_get("", "n"))
}

/// The condition of the campaigns that a list shows.
fn which(started: bool) -> String {
    let started = if started {
        " AND started_at IS NOT NULL"
    } else {
        ""
    };
    format!("{NO_POST}{started}")
}

/// The published campaigns of a space that have started, the last first.
pub async fn published<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    limit: u64,
) -> Result<Vec<Campaign>, DbErr> {
    let sql = format!(
        "{COLUMNS} WHERE space_id = $1 AND is_public = 1 AND started_at IS NOT NULL AND state <> 'cancelled' \
         ORDER BY started_at DESC, id LIMIT {limit}"
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    rows.iter().map(read).collect()
}

/// The last campaign sent to a list before this one.
pub async fn previous<C: ConnectionTrait>(
    conn: &C,
    list: Uuid,
    but: Uuid,
) -> Result<Option<Campaign>, DbErr> {
    let sql = format!(
        "{COLUMNS} WHERE list_id = $1 AND id <> $2 AND started_at IS NOT NULL AND {NO_POST} ORDER BY started_at DESC LIMIT 1"
    );
    let row = conn
        .query_one_raw(statement(conn, sql, [list.into(), but.into()]))
        .await?;
    row.as_ref().map(read).transpose()
}

fn blocks_of(content: &Content) -> Result<String, DbErr> {
    serde_json::to_string(&content.blocks).map_err(|e| DbErr::Json(e.to_string()))
}

/// Writes a new draft with the next number; its own number is not read.
pub async fn insert(tx: &WriteTx, row: &Campaign) -> Result<(), DbErr> {
    let content = &row.content;
    let sql = "INSERT INTO mail_campaign (id, number, space_id, name, state, lang, subject, preheader, from_name, reply_to, \
               blocks, list_id, segment_id, target_name, is_public, per_second, prepared, is_prepared, version, created_at, updated_at) \
               VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM mail_campaign), $2, $3, 'draft', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, 0, 1, $15, $15)";
    let values: [Value; 15] = [
        row.id.into(),
        row.space.into(),
        row.name.as_str().into(),
        content.lang.code().into(),
        content.subject.as_str().into(),
        content.preheader.as_str().into(),
        content.from_name.as_str().into(),
        content.reply_to.as_str().into(),
        blocks_of(content)?.into(),
        row.target.list.into(),
        row.target.segment.into(),
        row.target.name.as_str().into(),
        i16::from(row.is_public).into(),
        row.per_second.into(),
        row.times.created_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Writes what a draft says and to whom; false when it has changed since `version` or is no draft
/// any more.
pub async fn update_draft(tx: &WriteTx, row: &Campaign) -> Result<bool, DbErr> {
    let content = &row.content;
    let sql = "UPDATE mail_campaign SET name = $2, lang = $3, subject = $4, preheader = $5, from_name = $6, reply_to = $7, \
               blocks = $8, list_id = $9, segment_id = $10, target_name = $11, is_public = $12, per_second = $13, \
               version = version + 1, updated_at = $14 WHERE id = $1 AND version = $15 AND state = 'draft'";
    let values: [Value; 15] = [
        row.id.into(),
        row.name.as_str().into(),
        content.lang.code().into(),
        content.subject.as_str().into(),
        content.preheader.as_str().into(),
        content.from_name.as_str().into(),
        content.reply_to.as_str().into(),
        blocks_of(content)?.into(),
        row.target.list.into(),
        row.target.segment.into(),
        row.target.name.as_str().into(),
        i16::from(row.is_public).into(),
        row.per_second.into(),
        tx.env().now().into(),
        row.version.into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets a draft; false when it has changed since it was read, or is no draft any more.
pub async fn delete_draft(tx: &WriteTx, row: &Campaign) -> Result<bool, DbErr> {
    let sql = "DELETE FROM mail_campaign WHERE id = $1 AND version = $2 AND state = 'draft'";
    let values = [row.id.into(), row.version.into()];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// What goes with a change of state.
#[derive(Clone, Debug, Default)]
pub struct Move {
    /// The templates, fixed by approval.
    pub composed: Option<String>,
    /// When somebody answered for it.
    pub approved_at: Option<Micros>,
    /// When it starts by itself.
    pub scheduled_at: Option<Micros>,
    /// When it starts.
    pub started_at: Option<Micros>,
    /// When it ends.
    pub finished_at: Option<Micros>,
    /// Which run may send from now on.
    pub run: Option<Uuid>,
    /// Why it stopped by itself.
    pub pause_reason: Option<String>,
    /// Root of the recipients' table.
    pub root: Option<String>,
}

/// Moves a campaign from one of `from` to `to`; false when it was in none of them, or when what it
/// says has changed since `row` was read: who decides decides about what they have seen. The run
/// and the reason are always written, the rest where it is given. A letter that is opened again is
/// another one from then on.
pub async fn set_state(
    tx: &WriteTx,
    row: &Campaign,
    from: &[State],
    to: State,
    with: &Move,
) -> Result<bool, DbErr> {
    let words: Vec<String> = from
        .iter()
        .map(|state| format!("'{}'", state.code()))
        .collect();
    let sql = format!(
        "UPDATE mail_campaign SET state = $2, run = $3, pause_reason = $4, composed = COALESCE($5, composed), \
         approved_at = COALESCE($6, approved_at), scheduled_at = COALESCE($7, scheduled_at), \
         started_at = COALESCE(started_at, $8), finished_at = COALESCE($9, finished_at), root = COALESCE($10, root), \
         updated_at = $11, version = version + $12 WHERE id = $1 AND version = $13 AND state IN ({})",
        words.join(", ")
    );
    let values: [Value; 13] = [
        row.id.into(),
        to.code().into(),
        with.run.into(),
        with.pause_reason.clone().into(),
        with.composed.clone().into(),
        with.approved_at.into(),
        with.scheduled_at.into(),
        with.started_at.into(),
        with.finished_at.into(),
        with.root.clone().into(),
        tx.env().now().into(),
        i64::from(to == State::Draft).into(),
        row.version.into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// The templates of a campaign that was approved.
pub async fn composed<C: ConnectionTrait>(conn: &C, id: Uuid) -> Result<Option<String>, DbErr> {
    let sql = "SELECT composed FROM mail_campaign WHERE id = $1";
    let row = conn
        .query_one_raw(statement(conn, sql, [id.into()]))
        .await?;
    row.map_or(Ok(None), |row| row.try_get("", "composed"))
}

/// How many recipients are how far.
pub async fn tally<C: ConnectionTrait>(conn: &C, id: Uuid) -> Result<Tally, DbErr> {
    // In one pass over their places: a GROUP BY would sort them, in memory, all of them.
    let kinds = [
        ("waiting", place::WAITING),
        ("leaving", place::LEAVING),
        ("accepted", place::ACCEPTED),
        ("refused", place::REFUSED),
        ("given_up", place::GIVEN_UP),
        ("left_out", place::LEFT_OUT),
        ("bounced", place::BOUNCED),
        ("complained", place::COMPLAINED),
    ];
    let counts =
        kinds.map(|(name, state)| format!("COUNT(CASE WHEN state = {state} THEN 1 END) AS {name}"));
    let sql = format!(
        "SELECT {}, COUNT(CASE WHEN state = {} AND attempts > 0 THEN 1 END) AS deferred, \
         COUNT(CASE WHEN repeats > 0 THEN 1 END) AS repeated \
         FROM mail_recipient WHERE campaign_id = $1",
        counts.join(", "),
        place::WAITING
    );
    let row = conn
        .query_one_raw(statement(conn, sql, [id.into()]))
        .await?;
    let Some(row) = row else {
        return Ok(Tally::default());
    };
    let count = |name: &str| row.try_get::<i64>("", name);
    Ok(Tally {
        waiting: count("waiting")?,
        deferred: count("deferred")?,
        leaving: count("leaving")?,
        accepted: count("accepted")?,
        refused: count("refused")?,
        given_up: count("given_up")?,
        left_out: count("left_out")?,
        bounced: count("bounced")?,
        complained: count("complained")?,
        repeated: count("repeated")?,
    })
}

/// A recipient, for a page.
#[derive(Clone, Debug)]
pub struct RecipientRow {
    /// Its place.
    pub place: i32,
    /// Its contact.
    pub contact: Uuid,
    /// Its address; empty once the contact is forgotten.
    pub address: String,
    /// How far it is.
    pub state: i16,
    /// Attempts so far.
    pub attempts: i16,
    /// When it last changed.
    pub at: Option<Micros>,
    /// What the server said.
    pub detail: Option<String>,
}

/// Recipients in one of `states` (all when empty), in their order.
pub async fn recipients<C: ConnectionTrait>(
    conn: &C,
    campaign: Uuid,
    states: &[i16],
    after: i32,
    limit: u64,
) -> Result<Vec<RecipientRow>, DbErr> {
    let only = if states.is_empty() {
        String::new()
    } else {
        let words: Vec<String> = states.iter().map(ToString::to_string).collect();
        format!(" AND state IN ({})", words.join(", "))
    };
    let sql = format!(
        "SELECT place, contact_id, address, state, attempts, at, detail FROM mail_recipient \
         WHERE campaign_id = $1 AND place > $2{only} ORDER BY place LIMIT {limit}"
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, [campaign.into(), after.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(RecipientRow {
                place: row.try_get("", "place")?,
                contact: row.try_get("", "contact_id")?,
                address: row.try_get("", "address")?,
                state: row.try_get("", "state")?,
                attempts: row.try_get("", "attempts")?,
                at: row.try_get("", "at")?,
                detail: row.try_get("", "detail")?,
            })
        })
        .collect()
}

/// Takes a contact out of what has started and not reached them yet: of one list, or of all.
pub async fn leave_out(tx: &WriteTx, contact: Uuid, list: Option<Uuid>) -> Result<u64, DbErr> {
    let mut values: Vec<Value> = vec![contact.into(), tx.env().now().into()];
    let only = match list {
        Some(list) => {
            values.push(list.into());
            " AND list_id = $3"
        }
        None => "",
    };
    let sql = format!(
        "UPDATE mail_recipient SET state = {}, at = $2 WHERE contact_id = $1 AND state = {} \
         AND campaign_id IN (SELECT id FROM mail_campaign WHERE finished_at IS NULL{only})",
        place::LEFT_OUT,
        place::WAITING,
    );
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected())
}

/// What stands for an address in the table of recipients and its root: whoever knows the address
/// can check it, and two places of one address look unrelated.
pub fn veiled(campaign: Uuid, place: i32, address: &str) -> String {
    recipient_hash(&format!("{campaign}.{place}"), address)
}

/// Puts what stands for its address in place of a contact's address, so that the roots of what
/// was sent still hold; what waits for it leaves to nobody.
pub async fn forget(tx: &WriteTx, contact: Uuid) -> Result<(), DbErr> {
    leave_out(tx, contact, None).await?;
    returns::store::forget(tx, contact).await?;
    watch::store::forget(tx, contact).await?;
    let sql = "SELECT campaign_id, place, address FROM mail_recipient WHERE contact_id = $1";
    for row in tx
        .query_all_raw(statement(&**tx, sql, [contact.into()]))
        .await?
    {
        let campaign: Uuid = row.try_get("", "campaign_id")?;
        let place: i32 = row.try_get("", "place")?;
        let address: String = row.try_get("", "address")?;
        if !address.contains('@') {
            continue;
        }
        let sql = "UPDATE mail_recipient SET address = $3, detail = NULL WHERE campaign_id = $1 AND place = $2";
        let values = [
            campaign.into(),
            place.into(),
            veiled(campaign, place, &address).into(),
        ];
        tx.execute_raw(statement(&**tx, sql, values)).await?;
    }
    Ok(())
}
