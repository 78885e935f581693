//! Who a campaign reaches, as one predicate: subscribed to its list, within its segment, and may
//! be written to.

use passerelle_kernel::Uuid;
use passerelle_kernel::db::statement;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr, Value};
use passerelle_web::App;
use passerelle_web::audience::Within;

use super::segment::{Conditions, Predicate, predicate};
use super::store;
use crate::campaigns::model::Campaign;

/// What another plugin knows of persons, by its word.
fn within(app: &App) -> impl Fn(&str) -> Option<Within> + '_ {
    |code| {
        app.registry()
            .all::<Within>()
            .find(|entry| entry.code == code)
            .copied()
    }
}

/// How many contacts of a space are within conditions, and how many of those may be written to.
pub(crate) async fn count<C: ConnectionTrait>(
    app: &App,
    conn: &C,
    space: Uuid,
    conditions: &Conditions,
) -> Result<(i64, i64), DbErr> {
    let found = counts(app, conn, space, &[conditions]).await?;
    Ok(found.first().copied().unwrap_or_default())
}

/// The same for several, in one statement, in their order.
pub(crate) async fn counts<C: ConnectionTrait>(
    app: &App,
    conn: &C,
    space: Uuid,
    all: &[&Conditions],
) -> Result<Vec<(i64, i64)>, DbErr> {
    let mut found = vec![(0, 0); all.len()];
    if all.is_empty() {
        return Ok(found);
    }
    let mut values: Vec<Value> = vec![space.into()];
    let mut parts = Vec::with_capacity(all.len());
    for (at, conditions) in all.iter().enumerate() {
        let one = predicate(
            space,
            conditions,
            values.len(),
            app.env().now(),
            &within(app),
        );
        values.extend(one.values);
        parts.push(format!(
            "SELECT {at} AS place, COUNT(*) AS n, COUNT(CASE WHEN c.status = 'enabled' THEN 1 END) AS enabled \
             FROM mail_contact c WHERE c.space_id = $1 AND {}",
            one.sql
        ));
    }
    let sql = parts.join(" UNION ALL ");
    for row in conn.query_all_raw(statement(conn, sql, values)).await? {
        let place: i32 = row.try_get("", "place")?;
        if let Some(count) = found.get_mut(place.unsigned_abs() as usize) {
            *count = (row.try_get("", "n")?, row.try_get("", "enabled")?);
        }
    }
    Ok(found)
}

/// Who receives a campaign, on `u` (the subscription) and `c` (the contact).
async fn reached<C: ConnectionTrait>(
    app: &App,
    conn: &C,
    campaign: &Campaign,
) -> Result<Option<Predicate>, DbErr> {
    let Some(list) = campaign.target.list else {
        return Ok(None);
    };
    let mut out = Predicate {
        sql: "u.list_id = $1 AND u.state = 'subscribed' AND c.status = 'enabled'".to_owned(),
        values: vec![list.into()],
    };
    if let Some(segment) = campaign.target.segment {
        let Some(segment) = store::segment(conn, campaign.space, segment).await? else {
            return Ok(None);
        };
        let found = predicate(
            campaign.space,
            &segment.conditions,
            1,
            app.env().now(),
            &within(app),
        );
        out.sql.push_str(" AND ");
        out.sql.push_str(&found.sql);
        out.values.extend(found.values);
    }
    Ok(Some(out))
}

/// The next recipients of a campaign in the order of their identifiers.
pub(crate) async fn next<C: ConnectionTrait>(
    app: &App,
    conn: &C,
    campaign: &Campaign,
    after: Uuid,
    limit: u64,
) -> Result<Vec<(Uuid, String)>, DbErr> {
    let Some(Predicate { sql, mut values }) = reached(app, conn, campaign).await? else {
        return Ok(Vec::new());
    };
    values.push(after.into());
    let sql = format!(
        "SELECT c.id, c.email FROM mail_subscription u JOIN mail_contact c ON c.id = u.contact_id \
         WHERE {sql} AND u.contact_id > ${} ORDER BY u.contact_id LIMIT {limit}",
        values.len()
    );
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "id")?, row.try_get("", "email")?)))
        .collect()
}

/// Why somebody on the list receives nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DryRun {
    /// Who receive it.
    pub reached: i64,
    /// On the list, have not confirmed.
    pub unconfirmed: i64,
    /// Left the list.
    pub left: i64,
    /// On the list, blocked.
    pub blocked: i64,
    /// On the list, their address does not work.
    pub bounced: i64,
    /// On the list, outside the segment.
    pub outside: i64,
    /// Reached now, and not by the campaign before.
    pub new: i64,
    /// Reached by the campaign before, and not now.
    pub gone: i64,
}

/// Who would receive a campaign if it left now, who would not and why, and what differs from the
/// one before.
pub(crate) async fn dry_run<C: ConnectionTrait>(
    app: &App,
    conn: &C,
    campaign: &Campaign,
    previous: Option<Uuid>,
) -> Result<DryRun, DbErr> {
    let (Some(list), Some(Predicate { sql, values })) =
        (campaign.target.list, reached(app, conn, campaign).await?)
    else {
        return Ok(DryRun::default());
    };
    let from = "FROM mail_subscription u JOIN mail_contact c ON c.id = u.contact_id";
    let one = async |sql: String, values: Vec<Value>| -> Result<i64, DbErr> {
        let row = conn.query_one_raw(statement(conn, sql, values)).await?;
        row.map_or(Ok(0), |row| row.try_get("", "n"))
    };
    let reached = one(
        format!("SELECT COUNT(*) AS n {from} WHERE {sql}"),
        values.clone(),
    )
    .await?;
    let all = format!(
        "SELECT COUNT(CASE WHEN u.state = 'unconfirmed' OR (u.state = 'subscribed' AND c.status = 'unconfirmed') THEN 1 END) AS unconfirmed, \
         COUNT(CASE WHEN u.state = 'unsubscribed' THEN 1 END) AS gone, \
         COUNT(CASE WHEN u.state = 'subscribed' AND c.status = 'blocked' THEN 1 END) AS blocked, \
         COUNT(CASE WHEN u.state = 'subscribed' AND c.status = 'bounced' THEN 1 END) AS bounced, \
         COUNT(CASE WHEN u.state = 'subscribed' AND c.status = 'enabled' THEN 1 END) AS able {from} WHERE u.list_id = $1"
    );
    let mut run = DryRun {
        reached,
        ..DryRun::default()
    };
    if let Some(row) = conn
        .query_one_raw(statement(conn, all, [list.into()]))
        .await?
    {
        run.unconfirmed = row.try_get("", "unconfirmed")?;
        run.left = row.try_get("", "gone")?;
        run.blocked = row.try_get("", "blocked")?;
        run.bounced = row.try_get("", "bounced")?;
        run.outside = row.try_get::<i64>("", "able")? - reached;
    }
    if let Some(previous) = previous {
        let mut with: Vec<Value> = values;
        with.push(previous.into());
        let at = with.len();
        let known = format!(
            "EXISTS (SELECT 1 FROM mail_recipient r WHERE r.contact_id = c.id AND r.campaign_id = ${at})"
        );
        let sent = format!("SELECT COUNT(*) AS n {from} WHERE {sql} AND {known}");
        let both = one(sent, with).await?;
        let before = "SELECT COUNT(*) AS n FROM mail_recipient WHERE campaign_id = $1".to_owned();
        run.new = reached - both;
        run.gone = one(before, vec![previous.into()]).await? - both;
    }
    Ok(run)
}
