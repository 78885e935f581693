//! Fixing who receives a campaign: one row each, in bounded transactions.

use passerelle_kernel::db::{insert_many, statement};
use passerelle_kernel::jobs::JobContext;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr, Value};
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_web::App;

use crate::audience::target;
use crate::campaigns::model::{Campaign, State, place};
use crate::campaigns::{providers, store};

/// Recipients written in one transaction.
const CHUNK: u64 = 1_000;
/// Recipients written by one statement.
const SLICE: usize = 50;

/// Writes the recipients that are not written yet; true once all are, false when the server is
/// going down or somebody stopped it.
pub(super) async fn fix_recipients(
    app: &App,
    ctx: &JobContext,
    id: Uuid,
    run: Uuid,
) -> Result<bool, DbErr> {
    loop {
        let tx = app.db().write().await?;
        let Some(campaign) = store::campaign(&*tx, id).await? else {
            return Ok(false);
        };
        if campaign.is_prepared {
            return Ok(true);
        }
        if campaign.run != Some(run) || campaign.state != State::Running {
            return Ok(false);
        }
        write_chunk(app, &tx, &campaign).await?;
        tx.commit().await?;
        if ctx.is_stopping() {
            return Ok(false);
        }
    }
}

async fn write_chunk(app: &App, tx: &WriteTx, campaign: &Campaign) -> Result<(), DbErr> {
    let after = last_contact(tx, campaign).await?;
    let found = target::next(app, &**tx, campaign, after, CHUNK).await?;
    let whole = (found.len() as u64) < CHUNK;
    let mut values: Vec<Value> = Vec::with_capacity(found.len() * 9);
    let mut at = campaign.prepared;
    for (contact, address) in &found {
        at += 1;
        values.extend([
            campaign.id.into(),
            at.into(),
            (*contact).into(),
            address.as_str().into(),
            providers::of(address).into(),
            place::WAITING.into(),
            0_i16.into(),
            0_i16.into(),
            0_i64.into(),
        ]);
    }
    let into = "mail_recipient (campaign_id, place, contact_id, address, provider, state, attempts, repeats, due_at)";
    // Many parameters at once would cost SQLite's driver the square of their number.
    for slice in values.chunks(9 * SLICE) {
        insert_many(&**tx, into, 9, slice.to_vec(), "").await?;
    }
    let sql = "UPDATE mail_campaign SET prepared = $2, is_prepared = $3 WHERE id = $1";
    let values = [campaign.id.into(), at.into(), i16::from(whole).into()];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// The contact of the last place written: the next ones come after it.
async fn last_contact(tx: &WriteTx, campaign: &Campaign) -> Result<Uuid, DbErr> {
    let sql = "SELECT contact_id FROM mail_recipient WHERE campaign_id = $1 AND place = $2";
    let values = [campaign.id.into(), campaign.prepared.into()];
    let row = tx.query_one_raw(statement(&**tx, sql, values)).await?;
    row.map_or(Ok(Uuid::nil()), |row| row.try_get("", "contact_id"))
}
