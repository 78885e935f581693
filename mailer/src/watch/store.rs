//! Queries on feeds, items and alerts.

use passerelle_kernel::db::{ids, in_ids, statement};
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use passerelle_kernel::{Micros, Uuid, WriteTx};

use super::model::{Alert, Feed, Item, Rhythm, State, WHENEVER};
use crate::audience::model::TagKind;
use crate::audience::store as audience;

const FEED: &str = "SELECT id, space_id, address, title, etag, modified, read_at, failures, trouble FROM mail_feed";
const ITEM: &str = "SELECT id, title, link, summary, source, departments, state, published_at, found_at, kept_at FROM mail_item";

fn feed_of(row: &QueryResult) -> Result<Feed, DbErr> {
    Ok(Feed {
        id: row.try_get("", "id")?,
        space: row.try_get("", "space_id")?,
        address: row.try_get("", "address")?,
        title: row.try_get("", "title")?,
        etag: row.try_get("", "etag")?,
        modified: row.try_get("", "modified")?,
        read_at: row.try_get("", "read_at")?,
        failures: row.try_get("", "failures")?,
        trouble: row.try_get("", "trouble")?,
    })
}

/// A feed.
pub async fn feed<C: ConnectionTrait>(conn: &C, id: Uuid) -> Result<Option<Feed>, DbErr> {
    let sql = format!("{FEED} WHERE id = $1");
    let row = conn
        .query_one_raw(statement(conn, sql, [id.into()]))
        .await?;
    row.as_ref().map(feed_of).transpose()
}

/// The feeds of a space, by title, with the names of their themes.
pub async fn feeds<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
) -> Result<Vec<(Feed, Vec<String>)>, DbErr> {
    let sql = format!("{FEED} WHERE space_id = $1 ORDER BY LOWER(title), id");
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    let feeds = rows.iter().map(feed_of).collect::<Result<Vec<_>, _>>()?;
    let wanted: Vec<Uuid> = feeds.iter().map(|feed| feed.id).collect();
    let themes = themes(conn, "mail_feed_tag", "feed_id", &wanted).await?;
    let of = |id: Uuid| {
        let mine = themes.iter().filter(|(feed, _)| *feed == id);
        mine.map(|(_, name)| name.clone()).collect()
    };
    Ok(feeds
        .into_iter()
        .map(|feed| (feed.clone(), of(feed.id)))
        .collect())
}

/// Names of the themes of a space, those that its readers choose among.
pub async fn themes_of<C: ConnectionTrait>(conn: &C, space: Uuid) -> Result<Vec<String>, DbErr> {
    let tags = audience::tags(conn, space).await?;
    let themes = tags.into_iter();
    let themes = themes.filter(|(_, kind, ..)| *kind == TagKind::Theme);
    Ok(themes.map(|(_, _, name, _)| name).collect())
}

/// Names of themes, by what they are tied to.
async fn themes<C: ConnectionTrait>(
    conn: &C,
    table: &str,
    column: &str,
    wanted: &[Uuid],
) -> Result<Vec<(Uuid, String)>, DbErr> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT x.{column} AS of, t.name FROM {table} x JOIN mail_tag t ON t.id = x.tag_id \
         WHERE x.{column} {} ORDER BY t.name_key",
        in_ids(conn, 1)
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, [ids(wanted)]))
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "of")?, row.try_get("", "name")?)))
        .collect()
}

/// Feeds of every space whose time has come.
pub async fn feeds_due<C: ConnectionTrait>(
    conn: &C,
    now: Micros,
) -> Result<Vec<(Uuid, Micros)>, DbErr> {
    let sql = "SELECT id, next_at FROM mail_feed WHERE next_at <= $1 ORDER BY next_at LIMIT 200";
    let rows = conn
        .query_all_raw(statement(conn, sql, [now.into()]))
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "id")?, row.try_get("", "next_at")?)))
        .collect()
}

/// Writes a new feed; false when the space follows that address already.
pub async fn insert_feed(
    tx: &WriteTx,
    space: Uuid,
    id: Uuid,
    address: &str,
    title: &str,
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO mail_feed (id, space_id, address, title, etag, modified, next_at, failures, trouble, created_at) \
               VALUES ($1, $2, $3, $4, '', '', $5, 0, '', $5) ON CONFLICT (space_id, address) DO NOTHING";
    let values = [
        id.into(),
        space.into(),
        address.into(),
        title.into(),
        tx.env().now().into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// Writes what a reading of a feed found out, and when it is read next.
pub async fn put_reading(tx: &WriteTx, feed: &Feed, next_at: Micros) -> Result<(), DbErr> {
    let sql = "UPDATE mail_feed SET title = $2, etag = $3, modified = $4, read_at = $5, failures = $6, trouble = $7, next_at = $8 WHERE id = $1";
    let values: [Value; 8] = [
        feed.id.into(),
        feed.title.as_str().into(),
        feed.etag.as_str().into(),
        feed.modified.as_str().into(),
        feed.read_at.into(),
        feed.failures.into(),
        feed.trouble.as_str().into(),
        next_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Stops following a feed; what was kept of it stays, what nobody looked at goes.
pub async fn delete_feed(tx: &WriteTx, id: Uuid) -> Result<(), DbErr> {
    for sql in [
        "DELETE FROM mail_item_tag WHERE item_id IN (SELECT id FROM mail_item WHERE feed_id = $1 AND state <> 'kept')",
        "DELETE FROM mail_item WHERE feed_id = $1 AND state <> 'kept'",
        "UPDATE mail_item SET feed_id = NULL WHERE feed_id = $1",
        "DELETE FROM mail_feed_tag WHERE feed_id = $1",
        "DELETE FROM mail_feed WHERE id = $1",
    ] {
        tx.execute_raw(statement(&**tx, sql, [id.into()])).await?;
    }
    Ok(())
}

/// Gives themes to a feed or an item, in place of those that it had.
async fn set_tags(
    tx: &WriteTx,
    (table, column): (&str, &str),
    of: Uuid,
    tags: &[Uuid],
) -> Result<(), DbErr> {
    let sql = format!("DELETE FROM {table} WHERE {column} = $1");
    tx.execute_raw(statement(&**tx, sql, [of.into()])).await?;
    for tag in tags {
        let sql = format!(
            "INSERT INTO {table} ({column}, tag_id) VALUES ($1, $2) ON CONFLICT DO NOTHING"
        );
        let values = [of.into(), (*tag).into()];
        tx.execute_raw(statement(&**tx, sql, values)).await?;
    }
    Ok(())
}

/// Gives themes to a feed.
pub async fn set_feed_tags(tx: &WriteTx, feed: Uuid, tags: &[Uuid]) -> Result<(), DbErr> {
    set_tags(tx, ("mail_feed_tag", "feed_id"), feed, tags).await
}

/// Gives themes to an item.
pub async fn set_item_tags(tx: &WriteTx, item: Uuid, tags: &[Uuid]) -> Result<(), DbErr> {
    set_tags(tx, ("mail_item_tag", "item_id"), item, tags).await
}

/// Gives an item the themes of the feed that it came by.
pub async fn inherit_tags(tx: &WriteTx, item: Uuid, feed: Uuid) -> Result<(), DbErr> {
    let sql = "INSERT INTO mail_item_tag (item_id, tag_id) SELECT $1, tag_id FROM mail_feed_tag WHERE feed_id = $2";
    tx.execute_raw(statement(&**tx, sql, [item.into(), feed.into()]))
        .await?;
    Ok(())
}

fn item_of(row: &QueryResult) -> Result<Item, DbErr> {
    let state: String = row.try_get("", "state")?;
    let departments: String = row.try_get("", "departments")?;
    Ok(Item {
        id: row.try_get("", "id")?,
        title: row.try_get("", "title")?,
        link: row.try_get("", "link")?,
        summary: row.try_get("", "summary")?,
        source: row.try_get("", "source")?,
        departments: super::model::departments(&departments),
        themes: Vec::new(),
        state: State::parse(&state).ok_or_else(|| DbErr::Type(format!("state: {state}")))?,
        published_at: row.try_get("", "published_at")?,
        found_at: row.try_get("", "found_at")?,
        kept_at: row.try_get("", "kept_at")?,
    })
}

async fn with_themes<C: ConnectionTrait>(
    conn: &C,
    rows: &[QueryResult],
) -> Result<Vec<Item>, DbErr> {
    let mut items = rows.iter().map(item_of).collect::<Result<Vec<_>, _>>()?;
    let wanted: Vec<Uuid> = items.iter().map(|item| item.id).collect();
    for (of, name) in themes(conn, "mail_item_tag", "item_id", &wanted).await? {
        if let Some(item) = items.iter_mut().find(|item| item.id == of) {
            item.themes.push(name);
        }
    }
    Ok(items)
}

/// An item of a space.
pub async fn item<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    id: Uuid,
) -> Result<Option<Item>, DbErr> {
    let sql = format!("{ITEM} WHERE id = $1 AND space_id = $2");
    let values = [id.into(), space.into()];
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    let rows: Vec<QueryResult> = row.into_iter().collect();
    Ok(with_themes(conn, &rows).await?.pop())
}

/// Items of a space in a state, the latest first.
pub async fn items<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    state: State,
    from: u64,
    limit: u64,
) -> Result<Vec<Item>, DbErr> {
    let sql = format!(
        "{ITEM} WHERE space_id = $1 AND state = $2 ORDER BY found_at DESC, id DESC LIMIT {limit} OFFSET {from}"
    );
    let values = [space.into(), state.code().into()];
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    with_themes(conn, &rows).await
}

/// How many items of a space are in each state.
pub async fn counts<C: ConnectionTrait>(conn: &C, space: Uuid) -> Result<Vec<(State, i64)>, DbErr> {
    let sql = "SELECT state, COUNT(*) AS n FROM mail_item WHERE space_id = $1 GROUP BY state";
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    let mut counts = Vec::new();
    for row in &rows {
        let state: String = row.try_get("", "state")?;
        counts.extend(State::parse(&state).zip(row.try_get("", "n").ok()));
    }
    Ok(counts)
}

/// Items that were kept since then, the last first, without their themes.
pub async fn kept_lately<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    since: Micros,
    limit: u64,
) -> Result<Vec<Item>, DbErr> {
    let rows = kept(conn, space, since, limit).await?;
    rows.iter().map(item_of).collect()
}

/// Items that were kept since then, the first first.
pub async fn kept_since<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    since: Micros,
    limit: u64,
) -> Result<Vec<Item>, DbErr> {
    let rows = kept(conn, space, since, limit).await?;
    let mut items = with_themes(conn, &rows).await?;
    items.reverse();
    Ok(items)
}

async fn kept<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    since: Micros,
    limit: u64,
) -> Result<Vec<QueryResult>, DbErr> {
    let sql = format!(
        "{ITEM} WHERE space_id = $1 AND kept_at > $2 AND state = 'kept' ORDER BY kept_at DESC LIMIT {limit}"
    );
    let values = [space.into(), since.into()];
    conn.query_all_raw(statement(conn, sql, values)).await
}

/// Writes a new item; false when the space has it.
pub async fn insert_item(
    tx: &WriteTx,
    space: Uuid,
    feed: Option<Uuid>,
    digest: &str,
    item: &Item,
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO mail_item (id, space_id, feed_id, digest, title, link, summary, source, departments, state, published_at, found_at, kept_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (space_id, digest) DO NOTHING";
    let values: [Value; 13] = [
        item.id.into(),
        space.into(),
        feed.into(),
        digest.into(),
        item.title.as_str().into(),
        item.link.as_str().into(),
        item.summary.as_str().into(),
        item.source.as_str().into(),
        item.departments.join(", ").into(),
        item.state.code().into(),
        item.published_at.into(),
        item.found_at.into(),
        item.kept_at.into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// Writes what a person changed of an item.
pub async fn update_item(tx: &WriteTx, item: &Item) -> Result<(), DbErr> {
    let sql = "UPDATE mail_item SET title = $2, link = $3, summary = $4, source = $5, departments = $6, state = $7, kept_at = $8 WHERE id = $1";
    let values: [Value; 8] = [
        item.id.into(),
        item.title.as_str().into(),
        item.link.as_str().into(),
        item.summary.as_str().into(),
        item.source.as_str().into(),
        item.departments.join(", ").into(),
        item.state.code().into(),
        item.kept_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// What a contact wants to be told of; none when they never chose.
pub async fn alert<C: ConnectionTrait>(conn: &C, contact: Uuid) -> Result<Option<Alert>, DbErr> {
    let sql = "SELECT contact_id, rhythm, departments, since FROM mail_alert WHERE contact_id = $1";
    let row = conn
        .query_one_raw(statement(conn, sql, [contact.into()]))
        .await?;
    row.as_ref().map(alert_of).transpose()
}

fn alert_of(row: &QueryResult) -> Result<Alert, DbErr> {
    let rhythm: String = row.try_get("", "rhythm")?;
    let departments: String = row.try_get("", "departments")?;
    Ok(Alert {
        contact: row.try_get("", "contact_id")?,
        rhythm: Rhythm::parse(&rhythm).unwrap_or(Rhythm::Never),
        departments: super::model::departments(&departments),
        since: row.try_get("", "since")?,
    })
}

/// Writes what a contact wants to be told of, and when they are next.
pub async fn put_alert(
    tx: &WriteTx,
    space: Uuid,
    alert: &Alert,
    next_at: Micros,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO mail_alert (contact_id, space_id, rhythm, departments, since, next_at) VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT (contact_id) DO UPDATE SET rhythm = excluded.rhythm, departments = excluded.departments, since = excluded.since, next_at = excluded.next_at";
    let values: [Value; 6] = [
        alert.contact.into(),
        space.into(),
        alert.rhythm.code().into(),
        alert.departments.join(", ").into(),
        alert.since.into(),
        next_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Who is told at once is told at that instant at the latest.
pub async fn hurry(tx: &WriteTx, space: Uuid, at: Micros) -> Result<(), DbErr> {
    let sql = "UPDATE mail_alert SET next_at = $2 WHERE space_id = $1 AND rhythm = 'once' AND next_at > $2";
    tx.execute_raw(statement(&**tx, sql, [space.into(), at.into()]))
        .await?;
    Ok(())
}

/// The first instant at which an alert is due.
pub async fn first_due<C: ConnectionTrait>(conn: &C) -> Result<Option<Micros>, DbErr> {
    let sql = "SELECT MIN(next_at) AS first FROM mail_alert";
    let row = conn.query_one_raw(statement(conn, sql, [])).await?;
    let first: Option<Micros> = row.map_or(Ok(None), |row| row.try_get("", "first"))?;
    Ok(first.filter(|at| *at < WHENEVER))
}

/// Alerts whose time has come, the oldest first, with their space; those of a space together.
pub async fn alerts_due<C: ConnectionTrait>(
    conn: &C,
    now: Micros,
    limit: u64,
) -> Result<Vec<(Uuid, Alert)>, DbErr> {
    let sql = format!(
        "SELECT contact_id, space_id, rhythm, departments, since FROM mail_alert WHERE next_at <= $1 ORDER BY next_at LIMIT {limit}"
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, [now.into()]))
        .await?;
    let mut due: Vec<(Uuid, Alert)> = rows
        .iter()
        .map(|row| Ok((row.try_get("", "space_id")?, alert_of(row)?)))
        .collect::<Result<_, DbErr>>()?;
    due.sort_by_key(|(space, alert)| (*space, alert.contact));
    Ok(due)
}

/// Forgets what a contact wanted to be told of.
pub async fn forget(tx: &WriteTx, contact: Uuid) -> Result<(), DbErr> {
    let sql = "DELETE FROM mail_alert WHERE contact_id = $1";
    tx.execute_raw(statement(&**tx, sql, [contact.into()]))
        .await?;
    Ok(())
}
