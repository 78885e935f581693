//! Choosing people by the group that they are in, for plugins that write to them.

use futures_util::future::BoxFuture;
use passerelle_kernel::Uuid;
use passerelle_kernel::db::statement;
use passerelle_web::audience::Within;
use passerelle_web::{App, Lang};
use sea_orm::{ConnectionTrait, DbErr, Value};

/// Groups offered, the latest first.
const OFFERED: u64 = 200;

/// Who has a place in a group.
pub(super) const GROUP: Within = Within {
    code: "group",
    label: "cohort-within",
    persons,
    choices,
};

fn persons(space: Uuid, chosen: &str, from: usize) -> Option<(String, Vec<Value>)> {
    let cohort: Uuid = chosen.parse().ok()?;
    let sql = format!(
        "SELECT e.person_id FROM enrolment e JOIN cohort k ON k.id = e.cohort_id \
         WHERE k.id = ${from} AND k.space_id = ${} AND e.state = 'active'",
        from + 1
    );
    Some((sql, vec![cohort.into(), space.into()]))
}

fn choices(
    app: App,
    space: Uuid,
    _: Lang,
) -> BoxFuture<'static, Result<Vec<(String, String)>, DbErr>> {
    Box::pin(async move {
        let db = app.db().read();
        let sql = format!(
            "SELECT id, title, start_date FROM cohort WHERE space_id = $1 ORDER BY start_date DESC, id LIMIT {OFFERED}"
        );
        let rows = db.query_all_raw(statement(db, sql, [space.into()])).await?;
        rows.iter()
            .map(|row| {
                let id: Uuid = row.try_get("", "id")?;
                let title: String = row.try_get("", "title")?;
                let start: String = row.try_get("", "start_date")?;
                Ok((id.to_string(), format!("{title} ({start})")))
            })
            .collect()
    })
}
