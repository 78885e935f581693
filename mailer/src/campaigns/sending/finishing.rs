//! The beginning and the end of a run: what every copy shares, and the proof of all of them.

use passerelle_kernel::db::statement;
use passerelle_kernel::journal::tree::{Frontier, leaf_hash};
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr};
use passerelle_kernel::{Db, Uuid};
use passerelle_web::App;

use super::copy::Edition;
use crate::audience;
use crate::campaigns::model::{Campaign, Tally, place};
use crate::campaigns::{commands, store};
use crate::discussions;
use crate::links::Links;

/// Recipients read at a time: the driver keeps some six kibibytes for each until the last is read.
const BATCH: u64 = 250;

/// What every copy shares; none when the templates cannot be read.
pub(super) async fn edition(app: &App, campaign: &Campaign) -> Result<Option<Edition>, DbErr> {
    let db = app.db();
    let composed = store::composed(db.read(), campaign.id).await?;
    let press = match composed.as_deref().map(Edition::press) {
        Some(Ok(press)) => press,
        Some(Err(error)) => {
            tracing::error!(campaign = %campaign.id, %error, "the templates cannot be read");
            return Ok(None);
        }
        None => return Ok(None),
    };
    let space = app.directory().space(db, campaign.space).await?;
    let thread = discussions::store::thread(db.read(), campaign.id).await?;
    let list = match campaign.target.list {
        Some(list) => audience::store::list(db.read(), list).await?,
        None => None,
    };
    Ok(Some(Edition {
        campaign: campaign.id,
        number: campaign.number,
        space_slug: space.map(|space| space.slug.clone()).unwrap_or_default(),
        list_slug: list.as_ref().map(|l| l.slug.clone()).unwrap_or_default(),
        list_name: list.map(|l| l.name).unwrap_or_default(),
        from_name: campaign.content.from_name.clone(),
        reply_to: campaign.content.reply_to.clone(),
        lang: campaign.content.lang,
        is_public: campaign.is_public,
        started_at: campaign
            .times
            .started_at
            .unwrap_or(campaign.times.updated_at),
        thread,
        press,
        links: Links::of(app),
    }))
}

/// Ends a campaign: its recipients' table gets a root, and the root goes in the journal.
pub(super) async fn finish(app: &App, campaign: &Campaign, run: Uuid) -> Result<(), DbErr> {
    let root = root(app.db(), campaign.id).await?;
    let tally = store::tally(app.db().read(), campaign.id).await?;
    let tx = app.db().write().await?;
    commands::finish(&tx, campaign, run, &root, &tally).await?;
    tx.commit().await
}

/// Proves what a cancelled campaign had sent, once nothing of it is leaving any more.
pub(super) async fn settle(app: &App, campaign: &Campaign) -> Result<(), DbErr> {
    let root = root(app.db(), campaign.id).await?;
    let tally = store::tally(app.db().read(), campaign.id).await?;
    let tx = app.db().write().await?;
    commands::settle(&tx, campaign, &root, &tally).await?;
    tx.commit().await
}

/// The Merkle root (RFC 9162) of a campaign's recipients: place, what stands for the address,
/// how it ended in one word. What comes back later does not change it.
pub async fn root(db: &Db, campaign: Uuid) -> Result<String, DbErr> {
    let mut tree = Frontier::default();
    let mut after = 0_i32;
    loop {
        let sql = format!(
            "SELECT place, address, state FROM mail_recipient WHERE campaign_id = $1 AND place > $2 ORDER BY place LIMIT {BATCH}"
        );
        let conn = db.read();
        let rows = conn
            .query_all_raw(statement(conn, sql, [campaign.into(), after.into()]))
            .await?;
        for row in &rows {
            after = row.try_get("", "place")?;
            let address: String = row.try_get("", "address")?;
            let veiled = if address.contains('@') {
                store::veiled(campaign, after, &address)
            } else {
                address
            };
            let word = ended(row.try_get("", "state")?);
            tree.append(leaf_hash(&[
                &after.to_be_bytes(),
                veiled.as_bytes(),
                word.as_bytes(),
            ]));
        }
        if (rows.len() as u64) < BATCH {
            return Ok(hex::encode(tree.root()));
        }
    }
}

/// How the sending of one ended, whatever came back afterwards.
fn ended(state: i16) -> &'static str {
    match state {
        place::ACCEPTED | place::BOUNCED | place::COMPLAINED => "accepted",
        place::REFUSED => "refused",
        place::GIVEN_UP => "given up",
        _ => "left out",
    }
}

/// Figures of a campaign, as the journal keeps them.
pub(crate) fn figures(tally: &Tally) -> serde_json::Value {
    serde_json::json!({
        "recipients": tally.total(),
        "accepted": tally.accepted + tally.bounced + tally.complained,
        "refused": tally.refused,
        "given_up": tally.given_up,
        "left_out": tally.left_out,
        "repeated": tally.repeated,
    })
}
