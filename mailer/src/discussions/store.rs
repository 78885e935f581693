//! Queries on discussion lists and what is written to them.

use passerelle_kernel::db::statement;
use passerelle_kernel::env::DAY;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use passerelle_kernel::{Micros, Uuid, WriteTx};

use passerelle_text::address;

use super::model::{Discussion, Moderation, Post, State, Why, Writer};
use crate::audience::model::email_key;

fn discussion_of(row: &QueryResult) -> Result<Discussion, DbErr> {
    let moderation: String = row.try_get("", "moderation")?;
    let moderators: String = row.try_get("", "moderators")?;
    Ok(Discussion {
        list: row.try_get("", "list_id")?,
        address: row.try_get("", "address")?,
        moderation: Moderation::parse(&moderation).unwrap_or(Moderation::All),
        moderators: moderators.lines().map(str::to_owned).collect(),
        told_at: row.try_get("", "told_at")?,
    })
}

/// The settings of a list, when it is one where members write to each other.
pub(crate) async fn of_list<C: ConnectionTrait>(
    conn: &C,
    list: Uuid,
) -> Result<Option<Discussion>, DbErr> {
    let sql = "SELECT * FROM mail_discussion WHERE list_id = $1";
    let row = conn
        .query_one_raw(statement(conn, sql, [list.into()]))
        .await?;
    row.as_ref().map(discussion_of).transpose()
}

/// The lists that those addresses are of, each once; a closed one has none.
pub(crate) async fn at_addresses<C: ConnectionTrait>(
    conn: &C,
    addresses: &[String],
) -> Result<Vec<Discussion>, DbErr> {
    let mut found: Vec<Discussion> = Vec::new();
    for address in addresses.iter().take(60) {
        let Some(key) = email_key(address) else {
            continue;
        };
        let sql = "SELECT d.* FROM mail_discussion d JOIN mail_list l ON l.id = d.list_id \
                   WHERE (d.address_key = $1 OR d.own_key = $1) AND l.kind = 'discussion' AND l.closed_at IS NULL";
        let row = conn
            .query_one_raw(statement(conn, sql, [key.into()]))
            .await?;
        if let Some(row) = row {
            let one = discussion_of(&row)?;
            if !found.iter().any(|known| known.list == one.list) {
                found.push(one);
            }
        }
    }
    Ok(found)
}

/// Whether another list has that address.
pub(super) async fn is_taken<C: ConnectionTrait>(
    conn: &C,
    list: Uuid,
    key: &str,
) -> Result<bool, DbErr> {
    let sql = "SELECT 1 AS one FROM mail_discussion WHERE (address_key = $1 OR own_key = $1) AND list_id <> $2";
    let row = conn
        .query_one_raw(statement(conn, sql, [key.into(), list.into()]))
        .await?;
    Ok(row.is_some())
}

/// Writes the settings of a list; `key` is its address, `own` the one made of our mailbox, to which
/// a mail server may lead the other.
pub(super) async fn put(
    tx: &WriteTx,
    of: &Discussion,
    key: &str,
    own: Option<&str>,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO mail_discussion (list_id, address, address_key, own_key, moderation, moderators, told_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (list_id) DO UPDATE SET address = $2, address_key = $3, \
               own_key = $4, moderation = $5, moderators = $6";
    let values: [Value; 7] = [
        of.list.into(),
        of.address.as_str().into(),
        key.into(),
        own.into(),
        of.moderation.code().into(),
        of.moderators.join("\n").into(),
        of.told_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Notes that moderators were told.
pub(super) async fn set_told(tx: &WriteTx, list: Uuid) -> Result<(), DbErr> {
    let sql = "UPDATE mail_discussion SET told_at = $2 WHERE list_id = $1";
    tx.execute_raw(statement(&**tx, sql, [list.into(), tx.env().now().into()]))
        .await?;
    Ok(())
}

fn post_of(row: &QueryResult) -> Result<Post, DbErr> {
    let text = |name: &str| row.try_get::<String>("", name);
    let unknown = |what: &str| DbErr::Type(format!("an unknown {what} is stored"));
    Ok(Post {
        id: row.try_get("", "id")?,
        list: row.try_get("", "list_id")?,
        contact: row.try_get("", "contact_id")?,
        author: text("author")?,
        email: text("email")?,
        subject: text("subject")?,
        body: text("body")?,
        is_bare: row.try_get::<i16>("", "is_bare")? != 0,
        parent: row.try_get("", "parent_id")?,
        state: State::parse(&text("state")?).ok_or_else(|| unknown("state"))?,
        why: Why::parse(&text("why")?).ok_or_else(|| unknown("reason"))?,
        campaign: row.try_get("", "campaign_id")?,
        at: row.try_get("", "at")?,
        decided_at: row.try_get("", "decided_at")?,
    })
}

/// Writes a post; false when the same came before.
pub(super) async fn insert(tx: &WriteTx, post: &Post, digest: &str) -> Result<bool, DbErr> {
    let sql = "INSERT INTO mail_post (id, list_id, digest, contact_id, author, email, email_key, subject, body, is_bare, parent_id, state, why, at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING";
    let values: [Value; 14] = [
        post.id.into(),
        post.list.into(),
        digest.into(),
        post.contact.into(),
        post.author.as_str().into(),
        post.email.as_str().into(),
        address::key(&post.email).into(),
        post.subject.as_str().into(),
        post.body.as_str().into(),
        i16::from(post.is_bare).into(),
        post.parent.into(),
        post.state.code().into(),
        post.why.code().into(),
        post.at.into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// Decides of a post that waits; false when it was decided.
pub(super) async fn decide(tx: &WriteTx, post: Uuid, to: State) -> Result<bool, DbErr> {
    let sql = "UPDATE mail_post SET state = $2, decided_at = $3 WHERE id = $1 AND state = 'held'";
    let values = [post.into(), to.code().into(), tx.env().now().into()];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// Ties a post to what sends it.
pub(super) async fn set_campaign(tx: &WriteTx, post: Uuid, campaign: Uuid) -> Result<(), DbErr> {
    let sql = "UPDATE mail_post SET campaign_id = $2 WHERE id = $1";
    tx.execute_raw(statement(&**tx, sql, [post.into(), campaign.into()]))
        .await?;
    Ok(())
}

/// A post that could not be sent waits again.
pub(super) async fn hold(tx: &WriteTx, post: Uuid) -> Result<(), DbErr> {
    let sql =
        "UPDATE mail_post SET state = 'held', why = 'broken', decided_at = NULL WHERE id = $1";
    tx.execute_raw(statement(&**tx, sql, [post.into()])).await?;
    Ok(())
}

/// A post of a list.
pub(super) async fn post<C: ConnectionTrait>(
    conn: &C,
    list: Uuid,
    id: Uuid,
) -> Result<Option<Post>, DbErr> {
    let sql = "SELECT * FROM mail_post WHERE id = $1 AND list_id = $2";
    let row = conn
        .query_one_raw(statement(conn, sql, [id.into(), list.into()]))
        .await?;
    row.as_ref().map(post_of).transpose()
}

/// Posts of a list in that state: those that wait the oldest first, the others the latest first.
pub(super) async fn posts<C: ConnectionTrait>(
    conn: &C,
    list: Uuid,
    state: State,
    limit: u64,
) -> Result<Vec<Post>, DbErr> {
    let way = if state == State::Held { "ASC" } else { "DESC" };
    let sql = format!(
        "SELECT * FROM mail_post WHERE list_id = $1 AND state = $2 ORDER BY at {way}, id {way} LIMIT {limit}"
    );
    let values = [list.into(), state.code().into()];
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    rows.iter().map(post_of).collect()
}

/// How many posts of a list wait, of which how many came since that instant and are of members.
pub(super) async fn held<C: ConnectionTrait>(
    conn: &C,
    list: Uuid,
    since: Micros,
) -> Result<(i64, i64), DbErr> {
    let sql = "SELECT COUNT(*) AS n, COUNT(CASE WHEN at >= $2 AND why <> 'stranger' THEN 1 END) AS fresh FROM mail_post \
               WHERE list_id = $1 AND state = 'held'";
    let row = conn
        .query_one_raw(statement(conn, sql, [list.into(), since.into()]))
        .await?;
    row.map_or(Ok((0, 0)), |row| {
        Ok((row.try_get("", "n")?, row.try_get("", "fresh")?))
    })
}

/// What is known of a contact who writes to a list.
pub(super) async fn writer<C: ConnectionTrait>(
    conn: &C,
    list: Uuid,
    contact: Uuid,
    now: Micros,
) -> Result<Writer, DbErr> {
    let sql = "SELECT (SELECT COUNT(*) FROM mail_subscription u JOIN mail_contact c ON c.id = u.contact_id WHERE u.list_id = $1 \
               AND u.contact_id = $2 AND u.state = 'subscribed' AND c.status = 'enabled') AS on_list, \
               (SELECT COUNT(*) FROM mail_post p WHERE p.contact_id = $2 AND p.list_id = $1 AND p.state = 'passed') AS passed, \
               (SELECT COUNT(*) FROM mail_post p WHERE p.contact_id = $2 AND p.list_id = $1 AND p.at > $3) AS today";
    let values = [list.into(), contact.into(), (now - DAY).into()];
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    let row = row.ok_or_else(|| DbErr::Custom("counts give no row".to_owned()))?;
    Ok(Writer {
        is_member: row.try_get::<i64>("", "on_list")? > 0,
        passed: row.try_get("", "passed")?,
        today: row.try_get("", "today")?,
    })
}

/// The post of a list that was sent by one of those campaigns, the first that is.
pub(super) async fn sent_by<C: ConnectionTrait>(
    conn: &C,
    list: Uuid,
    campaigns: &[Uuid],
) -> Result<Option<Uuid>, DbErr> {
    for campaign in campaigns.iter().take(10) {
        let sql = "SELECT id FROM mail_post WHERE campaign_id = $1 AND list_id = $2";
        let row = conn
            .query_one_raw(statement(conn, sql, [(*campaign).into(), list.into()]))
            .await?;
        if let Some(row) = row {
            return row.try_get("", "id").map(Some);
        }
    }
    Ok(None)
}

/// What the copies of a campaign that sends a post share: the address of the list, and the campaign
/// that sent the post it answers.
pub(crate) async fn thread<C: ConnectionTrait>(
    conn: &C,
    campaign: Uuid,
) -> Result<Option<(String, Option<Uuid>)>, DbErr> {
    let sql = "SELECT d.address, q.campaign_id AS parent FROM mail_post p JOIN mail_discussion d ON d.list_id = p.list_id \
               LEFT JOIN mail_post q ON q.id = p.parent_id WHERE p.campaign_id = $1";
    let row = conn
        .query_one_raw(statement(conn, sql, [campaign.into()]))
        .await?;
    row.map(|row| Ok((row.try_get("", "address")?, row.try_get("", "parent")?)))
        .transpose()
}

/// Forgets who wrote, and what, of somebody who is forgotten; what is leaving is forgotten by
/// [`clean`] once it has left.
pub(crate) async fn forget(tx: &WriteTx, contact: Uuid, key: &str) -> Result<(), DbErr> {
    let theirs = "(contact_id = $1 OR email_key = $2)";
    let held = format!("DELETE FROM mail_post WHERE {theirs} AND state <> 'passed'");
    tx.execute_raw(statement(&**tx, held, [contact.into(), key.into()]))
        .await?;
    let posts = format!(
        "UPDATE mail_post SET contact_id = NULL, author = '', email = '', email_key = '', subject = '', body = '' WHERE {theirs}"
    );
    let done = tx
        .execute_raw(statement(&**tx, posts, [contact.into(), key.into()]))
        .await?;
    if done.rows_affected() > 0 {
        clean(tx, Micros::MIN).await?;
    }
    Ok(())
}

/// Forgets what has waited since before that instant and what was refused before it, and the sendings of posts
/// whose author was forgotten.
pub(crate) async fn clean(tx: &WriteTx, before: Micros) -> Result<(), DbErr> {
    let old = "DELETE FROM mail_post WHERE state <> 'passed' AND at < $1";
    tx.execute_raw(statement(&**tx, old, [before.into()]))
        .await?;
    let sent = "UPDATE mail_campaign SET name = '', subject = '', from_name = '', blocks = '[]', composed = NULL \
                WHERE finished_at IS NOT NULL AND blocks <> '[]' \
                AND id IN (SELECT campaign_id FROM mail_post WHERE state = 'passed' AND email = '')";
    tx.execute_raw(statement(&**tx, sent, Vec::<Value>::new()))
        .await?;
    Ok(())
}
