//! The table of deliveries.

use passerelle_kernel::db::statement;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr};
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_web::mail::Mail;

/// Whether a mail has left already.
pub(super) async fn is_delivered<C: ConnectionTrait>(conn: &C, mail: Uuid) -> Result<bool, DbErr> {
    let sql = "SELECT 1 FROM mail_delivery WHERE mail_id = $1";
    Ok(conn
        .query_one_raw(statement(conn, sql, [mail.into()]))
        .await?
        .is_some())
}

/// Writes that a mail has left; false when it was written before.
pub(super) async fn insert_delivery(
    tx: &WriteTx,
    mail: &Mail,
    message_id: &str,
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO mail_delivery (mail_id, space, about, message_id, at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (mail_id) DO NOTHING";
    let values = [
        mail.id.into(),
        mail.space.unwrap_or(Uuid::nil()).into(),
        mail.about.into(),
        message_id.into(),
        tx.env().now().into(),
    ];
    Ok(tx
        .execute_raw(statement(&**tx, sql, values))
        .await?
        .rows_affected()
        == 1)
}

/// The space of a mail that has left; nil when it has none, or is not known.
pub(crate) async fn space_of(tx: &WriteTx, mail: Uuid) -> Result<Uuid, DbErr> {
    let sql = "SELECT space FROM mail_delivery WHERE mail_id = $1";
    let row = tx
        .query_one_raw(statement(&**tx, sql, [mail.into()]))
        .await?;
    row.map_or(Ok(Uuid::nil()), |row| row.try_get("", "space"))
}
