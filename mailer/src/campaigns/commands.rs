//! What changes campaigns.

use passerelle_kernel::journal::{Actor, AppendError, Fact};
use passerelle_kernel::sea_orm::DbErr;
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_web::{Allowed, AppError};
use serde_json::{Value, json};

use super::access::{EditCampaign, WriteCampaigns};
use super::model::{Campaign, Content, State, Tally, Target, Times};
use super::sending::{IN_DOUBT, enqueue, figures};
use super::store::{self, Move};
use super::trials;
use crate::counting;

/// Somebody answers for what a campaign says, and to whom.
pub const APPROVED: &str = "mail.campaign.approved.v1";
/// A campaign has ended: how many received it, and the root of its recipients' table.
pub const FINISHED: &str = "mail.campaign.finished.v1";

/// Why a campaign cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum CampaignError {
    /// It has changed meanwhile, or is not at that point.
    #[error("the campaign has changed")]
    Changed,
    /// The journal refused.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbErr),
}

impl From<CampaignError> for AppError {
    fn from(error: CampaignError) -> Self {
        match error {
            CampaignError::Changed => Self::Conflict("mail-campaign-changed"),
            CampaignError::Append(error) => error.into(),
            CampaignError::Db(error) => error.into(),
        }
    }
}

/// What a new draft holds.
#[derive(Clone, Debug)]
pub struct NewCampaign {
    /// Name for us.
    pub name: String,
    /// Its content.
    pub content: Content,
    /// Who receives it.
    pub target: Target,
    /// Whether it is also a page.
    pub is_public: bool,
}

/// Begins a draft.
///
/// # Errors
///
/// The database refuses.
pub async fn create(
    tx: &WriteTx,
    allowed: &Allowed<WriteCampaigns>,
    new: NewCampaign,
) -> Result<Uuid, CampaignError> {
    let now = tx.env().now();
    let row = Campaign {
        id: tx.env().id(),
        number: 0,
        space: allowed.object().id,
        name: new.name,
        is_post: false,
        state: State::Draft,
        content: new.content,
        target: new.target,
        is_public: new.is_public,
        per_second: None,
        times: Times {
            created_at: now,
            updated_at: now,
            ..Times::default()
        },
        prepared: 0,
        is_prepared: false,
        run: None,
        pause_reason: None,
        root: None,
        version: 1,
    };
    // Numbers are given one after another, whoever asks.
    tx.hold(Uuid::from_u128(0x6d61_696c)).await?;
    store::insert(tx, &row).await?;
    Ok(row.id)
}

/// Writes what a draft says and to whom.
///
/// # Errors
///
/// Somebody else has changed it, or it is no draft any more.
pub async fn save(
    tx: &WriteTx,
    allowed: &Allowed<EditCampaign>,
    changed: &Campaign,
) -> Result<(), CampaignError> {
    let known = &allowed.object().campaign;
    if changed.id != known.id || !store::update_draft(tx, changed).await? {
        return Err(CampaignError::Changed);
    }
    Ok(())
}

/// Forgets a draft.
///
/// # Errors
///
/// It has changed meanwhile, or is no draft any more.
pub async fn delete(tx: &WriteTx, allowed: &Allowed<EditCampaign>) -> Result<(), CampaignError> {
    let campaign = &allowed.object().campaign;
    if store::delete_draft(tx, campaign).await? {
        counting::forget(tx, campaign.id).await?;
        trials::forget(tx, campaign.id).await?;
        Ok(())
    } else {
        Err(CampaignError::Changed)
    }
}

/// Fixes the content of a draft: `composed` are the templates of what was allowed, and nothing else
/// is approved. The caller has checked it.
///
/// # Errors
///
/// It has changed meanwhile, or is no draft any more.
pub async fn approve(
    tx: &WriteTx,
    allowed: &Allowed<EditCampaign>,
    composed: String,
) -> Result<(), CampaignError> {
    let campaign = &allowed.object().campaign;
    let with = Move {
        composed: Some(composed),
        approved_at: Some(tx.env().now()),
        ..Move::default()
    };
    change(tx, campaign, &[State::Draft], State::Approved, &with).await?;
    let payload = json!({
        "campaign": campaign.id,
        "number": campaign.number,
        "list": campaign.target.list,
        "segment": campaign.target.segment,
    });
    fact(tx, campaign, APPROVED, allowed.actor(), payload).await
}

/// Opens the content again, of one that has not started.
///
/// # Errors
///
/// It has started.
pub async fn reopen(tx: &WriteTx, allowed: &Allowed<EditCampaign>) -> Result<(), CampaignError> {
    let from = [State::Approved, State::Scheduled];
    let campaign = &allowed.object().campaign;
    change(tx, campaign, &from, State::Draft, &Move::default()).await
}

/// Starts an approved campaign: now, or at that instant.
///
/// # Errors
///
/// It is not approved.
pub async fn start(
    tx: &WriteTx,
    allowed: &Allowed<EditCampaign>,
    at: Option<Micros>,
) -> Result<(), CampaignError> {
    let campaign = &allowed.object().campaign;
    let run = tx.env().id();
    let from = [State::Approved, State::Scheduled];
    let with = Move {
        run: Some(run),
        scheduled_at: at,
        started_at: at.is_none().then(|| tx.env().now()),
        ..Move::default()
    };
    let to = if at.is_some() {
        State::Scheduled
    } else {
        State::Running
    };
    change(tx, campaign, &from, to, &with).await?;
    Ok(enqueue(tx, campaign.id, run, at).await?)
}

/// A scheduled campaign begins by itself; false when it is not to any more.
pub(super) async fn begin(tx: &WriteTx, campaign: &Campaign, run: Uuid) -> Result<bool, DbErr> {
    let with = Move {
        run: Some(run),
        started_at: Some(tx.env().now()),
        ..Move::default()
    };
    store::set_state(tx, campaign, &[State::Scheduled], State::Running, &with).await
}

/// Holds a running campaign; what is leaving still leaves.
///
/// # Errors
///
/// It does not run.
pub async fn pause(tx: &WriteTx, allowed: &Allowed<EditCampaign>) -> Result<(), CampaignError> {
    let campaign = &allowed.object().campaign;
    let with = Move::default();
    change(tx, campaign, &[State::Running], State::Paused, &with).await
}

/// A campaign pauses by itself, for that reason.
pub(super) async fn pause_by_itself(
    tx: &WriteTx,
    campaign: Uuid,
    run: Uuid,
    reason: &str,
) -> Result<(), DbErr> {
    let current = store::campaign(&**tx, campaign).await?;
    match current.filter(|campaign| campaign.run == Some(run)) {
        Some(current) => wait(tx, &current, reason).await,
        None => Ok(()),
    }
}

async fn wait(tx: &WriteTx, current: &Campaign, reason: &str) -> Result<(), DbErr> {
    let with = Move {
        pause_reason: Some(reason.to_owned()),
        ..Move::default()
    };
    store::set_state(tx, current, &[State::Running], State::Paused, &with).await?;
    Ok(())
}

/// A campaign that runs waits for somebody, for that reason; what runs it stops at its next step.
pub(crate) async fn hold(tx: &WriteTx, campaign: Uuid, reason: &str) -> Result<(), DbErr> {
    match store::campaign(&**tx, campaign).await? {
        Some(current) => wait(tx, &current, reason).await,
        None => Ok(()),
    }
}

/// Goes on with a paused campaign.
///
/// # Errors
///
/// It is not paused.
pub async fn resume(tx: &WriteTx, allowed: &Allowed<EditCampaign>) -> Result<(), CampaignError> {
    let campaign = &allowed.object().campaign;
    let run = tx.env().id();
    let with = Move {
        run: Some(run),
        ..Move::default()
    };
    change(tx, campaign, &[State::Paused], State::Running, &with).await?;
    Ok(enqueue(tx, campaign.id, run, None).await?)
}

/// Stops a campaign for good; who was not written to will not be. What it had sent is proved once
/// nothing of it is leaving any more.
///
/// # Errors
///
/// It has ended, or never began.
pub async fn cancel(tx: &WriteTx, allowed: &Allowed<EditCampaign>) -> Result<(), CampaignError> {
    let campaign = &allowed.object().campaign;
    let from = [
        State::Running,
        State::Paused,
        State::Scheduled,
        State::Approved,
    ];
    let now = tx.env().now();
    let run = tx.env().id();
    let with = Move {
        finished_at: Some(now),
        run: Some(run),
        ..Move::default()
    };
    change(tx, campaign, &from, State::Cancelled, &with).await?;
    Ok(enqueue(tx, campaign.id, run, Some(now + IN_DOUBT)).await?)
}

/// Ends a campaign whose recipients have all been written to who could be.
pub(super) async fn finish(
    tx: &WriteTx,
    campaign: &Campaign,
    run: Uuid,
    root: &str,
    tally: &Tally,
) -> Result<(), DbErr> {
    let current = store::campaign(&**tx, campaign.id).await?;
    let Some(current) = current.filter(|current| current.run == Some(run)) else {
        return Ok(());
    };
    let with = Move {
        finished_at: Some(tx.env().now()),
        root: Some(root.to_owned()),
        ..Move::default()
    };
    if !store::set_state(tx, &current, &[State::Running], State::Finished, &with).await? {
        return Ok(());
    }
    ended(tx, campaign, root, tally, false).await
}

/// Proves what a cancelled campaign had sent.
pub(super) async fn settle(
    tx: &WriteTx,
    campaign: &Campaign,
    root: &str,
    tally: &Tally,
) -> Result<(), DbErr> {
    let with = Move {
        root: Some(root.to_owned()),
        ..Move::default()
    };
    let from = [State::Cancelled];
    if !store::set_state(tx, campaign, &from, State::Cancelled, &with).await? {
        return Ok(());
    }
    ended(tx, campaign, root, tally, true).await
}

async fn ended(
    tx: &WriteTx,
    campaign: &Campaign,
    root: &str,
    tally: &Tally,
    cancelled: bool,
) -> Result<(), DbErr> {
    let mut payload = figures(tally);
    if let Some(map) = payload.as_object_mut() {
        map.insert("campaign".to_owned(), json!(campaign.id));
        map.insert("number".to_owned(), json!(campaign.number));
        map.insert("root".to_owned(), json!(root));
        map.insert("cancelled".to_owned(), json!(cancelled));
    }
    let actor = Actor::System("mail campaign");
    fact(tx, campaign, FINISHED, actor, payload)
        .await
        .map_err(|error| DbErr::Custom(error.to_string()))
}

async fn change(
    tx: &WriteTx,
    campaign: &Campaign,
    from: &[State],
    to: State,
    with: &Move,
) -> Result<(), CampaignError> {
    if store::set_state(tx, campaign, from, to, with).await? {
        Ok(())
    } else {
        Err(CampaignError::Changed)
    }
}

async fn fact(
    tx: &WriteTx,
    campaign: &Campaign,
    kind: &'static str,
    actor: Actor,
    payload: Value,
) -> Result<(), CampaignError> {
    tx.append(Fact {
        space: campaign.space,
        kind,
        actor,
        subject: campaign.id,
        payload,
    })
    .await?;
    Ok(())
}
