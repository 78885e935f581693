//! Queries on what came back, on answers, and on the doors that they come by.

use passerelle_kernel::db::statement;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use passerelle_kernel::{Micros, Uuid, WriteTx};

use super::model::{Counts, Kind, MEMORY, Returned, refusals_of_us};
use crate::campaigns::model::{State, place};
use crate::campaigns::sending::ATTEMPTS;

/// A copy that something is about.
#[derive(Clone, Debug)]
pub struct Copy {
    /// Its campaign.
    pub campaign: Uuid,
    /// Its place in it.
    pub place: i32,
    /// Whose it is.
    pub space: Uuid,
    /// The list that it was sent to.
    pub list: Option<Uuid>,
    /// Whom it was for.
    pub contact: Uuid,
    /// Where it was sent; what stands for the address once the contact is forgotten.
    pub address: String,
}

const COPY: &str = "SELECT c.id, r.place, c.space_id, c.list_id, r.contact_id, r.address \
     FROM mail_campaign c JOIN mail_recipient r ON r.campaign_id = c.id";

fn copy_of(row: &QueryResult) -> Result<Copy, DbErr> {
    Ok(Copy {
        campaign: row.try_get("", "id")?,
        place: row.try_get("", "place")?,
        space: row.try_get("", "space_id")?,
        list: row.try_get("", "list_id")?,
        contact: row.try_get("", "contact_id")?,
        address: row.try_get("", "address")?,
    })
}

/// The copy of that place in the campaign of that number.
pub async fn copy<C: ConnectionTrait>(
    conn: &C,
    number: i32,
    place: i32,
) -> Result<Option<Copy>, DbErr> {
    let sql = format!("{COPY} WHERE c.number = $1 AND r.place = $2");
    let values = [number.into(), place.into()];
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    row.as_ref().map(copy_of).transpose()
}

/// The copy of that place in that campaign.
pub async fn copy_at<C: ConnectionTrait>(
    conn: &C,
    campaign: Uuid,
    place: i32,
) -> Result<Option<Copy>, DbErr> {
    let sql = format!("{COPY} WHERE c.id = $1 AND r.place = $2");
    let values = [campaign.into(), place.into()];
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    row.as_ref().map(copy_of).transpose()
}

/// The copy of a campaign that was for a contact.
pub async fn copy_for<C: ConnectionTrait>(
    conn: &C,
    campaign: Uuid,
    contact: Uuid,
) -> Result<Option<Copy>, DbErr> {
    let sql = format!("{COPY} WHERE c.id = $1 AND r.contact_id = $2");
    let values = [campaign.into(), contact.into()];
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    row.as_ref().map(copy_of).transpose()
}

/// Writes what came back; false when it was written before.
pub async fn insert_return(tx: &WriteTx, row: &Returned) -> Result<bool, DbErr> {
    let sql = "INSERT INTO mail_return (id, digest, space_id, contact_id, campaign_id, place, mail_id, kind, status, detail, counts, at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11) ON CONFLICT (digest) DO NOTHING";
    let values: [Value; 11] = [
        tx.env().id().into(),
        row.digest.as_str().into(),
        row.space.into(),
        row.contact.into(),
        row.copy.map(|(campaign, _)| campaign).into(),
        row.copy.map(|(_, place)| place).into(),
        row.mail.into(),
        row.kind.code().into(),
        row.status.as_str().into(),
        row.detail.as_str().into(),
        tx.env().now().into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// Writes on its row that a copy which had been taken came back, or that its reader complained.
pub async fn mark_copy(
    tx: &WriteTx,
    (campaign, place): (Uuid, i32),
    kind: Kind,
    detail: &str,
) -> Result<(), DbErr> {
    let (to, from) = match kind {
        Kind::Complaint => (
            place::COMPLAINED,
            format!("{}, {}", place::ACCEPTED, place::BOUNCED),
        ),
        _ => (place::BOUNCED, place::ACCEPTED.to_string()),
    };
    let sql = format!(
        "UPDATE mail_recipient SET state = {to}, at = $3, detail = $4 WHERE campaign_id = $1 AND place = $2 AND state IN ({from})"
    );
    let values = [
        campaign.into(),
        place.into(),
        tx.env().now().into(),
        detail.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Puts a copy that came back because of us among those that wait, while its campaign may still
/// send: nobody read it, and it is not its reader who was refused. False when it cannot be.
pub async fn put_off(
    tx: &WriteTx,
    (campaign, at): (Uuid, i32),
    due: Micros,
    detail: &str,
) -> Result<bool, DbErr> {
    let sql = format!(
        "UPDATE mail_recipient SET state = {}, at = $3, due_at = $4, attempts = attempts + 1, detail = $5 \
         WHERE campaign_id = $1 AND place = $2 AND state = {} AND attempts < {} \
         AND EXISTS (SELECT 1 FROM mail_campaign c WHERE c.id = $1 AND c.state IN ('{}', '{}'))",
        place::WAITING,
        place::ACCEPTED,
        ATTEMPTS - 1,
        State::Running.code(),
        State::Paused.code(),
    );
    let values = [
        campaign.into(),
        at.into(),
        tx.env().now().into(),
        due.into(),
        detail.into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// Whether a campaign that runs has been refused because of us, since it was last started, by as
/// many mailboxes of the kind of one of them as it takes to wait for somebody.
pub async fn is_held_back(tx: &WriteTx, (campaign, at): (Uuid, i32)) -> Result<bool, DbErr> {
    let sql = "SELECT COUNT(DISTINCT b.place) AS n, MIN(o.provider) AS provider, MIN(c.prepared) AS prepared \
               FROM mail_campaign c JOIN mail_recipient o ON o.campaign_id = c.id AND o.place = $2 \
               JOIN mail_return b ON b.campaign_id = c.id AND b.kind = 'sender' AND b.at >= c.updated_at \
               JOIN mail_recipient r ON r.campaign_id = c.id AND r.place = b.place AND r.provider = o.provider \
               WHERE c.id = $1 AND c.state = 'running'";
    let row = tx
        .query_one_raw(statement(&**tx, sql, [campaign.into(), at.into()]))
        .await?;
    let Some(row) = row else { return Ok(false) };
    let count: i64 = row.try_get("", "n")?;
    let provider: Option<i16> = row.try_get("", "provider")?;
    let prepared: Option<i32> = row.try_get("", "prepared")?;
    let of = i64::from(prepared.unwrap_or_default());
    Ok(count >= refusals_of_us(provider.unwrap_or_default() != 0, of))
}

/// The last refusals of us since then.
pub async fn of_us<C: ConnectionTrait>(
    conn: &C,
    since: Micros,
    limit: u64,
) -> Result<Vec<ReturnRow>, DbErr> {
    let sql = format!(
        "SELECT at, kind, detail FROM mail_return WHERE kind = 'sender' AND at >= $1 ORDER BY at DESC LIMIT {limit}"
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, [since.into()]))
        .await?;
    rows.iter().map(return_of).collect()
}

/// How many messages to a contact came back lately, and still count.
pub async fn counts(tx: &WriteTx, contact: Uuid) -> Result<Counts, DbErr> {
    let sql = "SELECT kind, COUNT(*) AS n FROM mail_return WHERE contact_id = $1 AND at >= $2 AND counts = 1 GROUP BY kind";
    let since = tx.env().now() - MEMORY;
    let mut counts = Counts::default();
    for row in tx
        .query_all_raw(statement(&**tx, sql, [contact.into(), since.into()]))
        .await?
    {
        let kind: String = row.try_get("", "kind")?;
        let n = row.try_get("", "n")?;
        match Kind::parse(&kind) {
            Some(Kind::Hard) => counts.hard = n,
            Some(Kind::Soft) => counts.soft = n,
            Some(Kind::Complaint) => counts.complaints = n,
            Some(Kind::Policy | Kind::Sender) | None => {}
        }
    }
    Ok(counts)
}

/// A contact may be written to again: what came back before counts no more.
pub async fn settle(tx: &WriteTx, contact: Uuid) -> Result<(), DbErr> {
    let sql = "UPDATE mail_return SET counts = 0 WHERE contact_id = $1 AND counts = 1";
    tx.execute_raw(statement(&**tx, sql, [contact.into()]))
        .await?;
    Ok(())
}

/// Something that came back, for a page.
#[derive(Clone, Debug)]
pub struct ReturnRow {
    /// When it was read.
    pub at: Micros,
    /// What it says.
    pub kind: Kind,
    /// What the server said.
    pub detail: String,
}

fn return_of(row: &QueryResult) -> Result<ReturnRow, DbErr> {
    let kind: String = row.try_get("", "kind")?;
    Ok(ReturnRow {
        at: row.try_get("", "at")?,
        kind: Kind::parse(&kind).ok_or_else(|| DbErr::Type(format!("kind: {kind}")))?,
        detail: row.try_get("", "detail")?,
    })
}

/// The last messages to a contact that came back.
pub async fn of_contact<C: ConnectionTrait>(
    conn: &C,
    contact: Uuid,
    limit: u64,
) -> Result<Vec<ReturnRow>, DbErr> {
    let sql = format!(
        "SELECT at, kind, detail FROM mail_return WHERE contact_id = $1 ORDER BY at DESC, id DESC LIMIT {limit}"
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, [contact.into()]))
        .await?;
    rows.iter().map(return_of).collect()
}

/// The last mails that are no copies and came back.
pub async fn of_mails<C: ConnectionTrait>(conn: &C, limit: u64) -> Result<Vec<ReturnRow>, DbErr> {
    let sql = format!(
        "SELECT at, kind, detail FROM mail_return WHERE mail_id IS NOT NULL ORDER BY at DESC LIMIT {limit}"
    );
    let rows = conn.query_all_raw(statement(conn, sql, [])).await?;
    rows.iter().map(return_of).collect()
}

/// An answer to a copy.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Identifier.
    pub id: Uuid,
    /// Who wrote it; their name and address while they are known.
    pub contact: Uuid,
    /// Its subject.
    pub subject: String,
    /// What it says, without what it quotes.
    pub body: String,
    /// Whether files that came with it were left out.
    pub is_bare: bool,
    /// When it came.
    pub at: Micros,
    /// When somebody said that it is dealt with.
    pub read_at: Option<Micros>,
}

/// Writes an answer; false when it was written before.
pub async fn insert_answer(
    tx: &WriteTx,
    digest: &str,
    copy: &Copy,
    answer: &Answer,
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO mail_answer (id, digest, space_id, campaign_id, place, contact_id, subject, body, is_bare, at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (digest) DO NOTHING";
    let values: [Value; 10] = [
        answer.id.into(),
        digest.into(),
        copy.space.into(),
        copy.campaign.into(),
        copy.place.into(),
        answer.contact.into(),
        answer.subject.as_str().into(),
        answer.body.as_str().into(),
        i16::from(answer.is_bare).into(),
        answer.at.into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// Answers to a campaign, the last first.
pub async fn answers<C: ConnectionTrait>(
    conn: &C,
    campaign: Uuid,
    limit: u64,
) -> Result<Vec<Answer>, DbErr> {
    let sql = format!(
        "SELECT id, contact_id, subject, body, is_bare, at, read_at FROM mail_answer \
         WHERE campaign_id = $1 ORDER BY at DESC, id DESC LIMIT {limit}"
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, [campaign.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Answer {
                id: row.try_get("", "id")?,
                contact: row.try_get("", "contact_id")?,
                subject: row.try_get("", "subject")?,
                body: row.try_get("", "body")?,
                is_bare: row.try_get::<i16>("", "is_bare")? != 0,
                at: row.try_get("", "at")?,
                read_at: row.try_get("", "read_at")?,
            })
        })
        .collect()
}

/// How many answers a campaign has, and how many nobody has dealt with.
pub async fn answers_count<C: ConnectionTrait>(
    conn: &C,
    campaign: Uuid,
) -> Result<(i64, i64), DbErr> {
    let sql = "SELECT COUNT(*) AS n, COUNT(*) - COUNT(read_at) AS open FROM mail_answer WHERE campaign_id = $1";
    let row = conn
        .query_one_raw(statement(conn, sql, [campaign.into()]))
        .await?;
    row.map_or(Ok((0, 0)), |row| {
        Ok((row.try_get("", "n")?, row.try_get("", "open")?))
    })
}

/// Says that an answer is dealt with, or that it is not after all; false when it is not there.
pub async fn set_read(
    tx: &WriteTx,
    campaign: Uuid,
    answer: Uuid,
    at: Option<Micros>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE mail_answer SET read_at = $3 WHERE id = $1 AND campaign_id = $2";
    let values = [answer.into(), campaign.into(), at.into()];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets what a contact wrote and what came back from them.
pub async fn forget(tx: &WriteTx, contact: Uuid) -> Result<(), DbErr> {
    for sql in [
        "DELETE FROM mail_answer WHERE contact_id = $1",
        "DELETE FROM mail_return WHERE contact_id = $1",
    ] {
        tx.execute_raw(statement(&**tx, sql, [contact.into()]))
            .await?;
    }
    Ok(())
}

/// Forgets the answers, and what came back, before that instant.
pub(crate) async fn clean(tx: &WriteTx, before: Micros) -> Result<(), DbErr> {
    for sql in [
        "DELETE FROM mail_answer WHERE at < $1",
        "DELETE FROM mail_return WHERE at < $1",
    ] {
        tx.execute_raw(statement(&**tx, sql, [before.into()]))
            .await?;
    }
    Ok(())
}

/// How far a door has been read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Door {
    /// What its numbers are good for (IMAP's `UIDVALIDITY`).
    pub validity: i64,
    /// The last message that was read.
    pub last_seen: i64,
    /// Messages that were ours, since the beginning.
    pub taken: i64,
    /// Messages that were not.
    pub unknown: i64,
    /// When it was last read.
    pub read_at: Micros,
    /// What went wrong then; empty for nothing.
    pub trouble: String,
}

/// How far a door has been read; nothing yet when it is not known.
pub async fn door<C: ConnectionTrait>(conn: &C, name: &str) -> Result<Option<Door>, DbErr> {
    let sql = "SELECT validity, last_seen, taken, unknown, read_at, trouble FROM mail_door WHERE name = $1";
    let row = conn
        .query_one_raw(statement(conn, sql, [name.into()]))
        .await?;
    row.map(|row| {
        Ok(Door {
            validity: row.try_get("", "validity")?,
            last_seen: row.try_get("", "last_seen")?,
            taken: row.try_get("", "taken")?,
            unknown: row.try_get("", "unknown")?,
            read_at: row.try_get("", "read_at")?,
            trouble: row.try_get("", "trouble")?,
        })
    })
    .transpose()
}

/// Writes how far a door has been read.
pub async fn put_door(tx: &WriteTx, name: &str, door: &Door) -> Result<(), DbErr> {
    let sql = "INSERT INTO mail_door (name, validity, last_seen, taken, unknown, read_at, trouble) VALUES ($1, $2, $3, $4, $5, $6, $7) \
               ON CONFLICT (name) DO UPDATE SET validity = excluded.validity, last_seen = excluded.last_seen, taken = excluded.taken, \
               unknown = excluded.unknown, read_at = excluded.read_at, trouble = excluded.trouble";
    let values: [Value; 7] = [
        name.into(),
        door.validity.into(),
        door.last_seen.into(),
        door.taken.into(),
        door.unknown.into(),
        door.read_at.into(),
        door.trouble.as_str().into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}
