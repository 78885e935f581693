//! Who may write and send: whoever manages the space. Auditors read what has started.

use std::sync::Arc;

use async_trait::async_trait;
use passerelle_web::directory::Space;
use passerelle_web::{Action, AppError, Ctx, Loaded, Params, Who};

use super::model::Campaign;
use super::store;

/// A campaign in its space; address part `{campaign}`.
#[derive(Clone, Debug)]
pub struct CampaignRef {
    /// The campaign.
    pub campaign: Campaign,
    /// Its space.
    pub space: Arc<Space>,
}

#[async_trait]
impl Loaded for CampaignRef {
    async fn load(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError> {
        let Some(space) = Arc::<Space>::load(ctx, params).await? else {
            return Ok(None);
        };
        let found = store::campaign(ctx.app.db().read(), params.id("campaign")?).await?;
        let campaign = found.filter(|campaign| campaign.space == space.id);
        Ok(campaign.map(|campaign| Self { campaign, space }))
    }
}

/// See the campaigns of a space.
#[derive(Clone, Copy, Debug)]
pub struct ReadCampaigns;

impl Action for ReadCampaigns {
    type Object = Arc<Space>;
    const NAME: &'static str = "campaign.list";
    fn allows(who: &Who, space: &Self::Object) -> bool {
        who.oversees(space.id)
    }
}

/// See one campaign, what became of each copy, and its proof. What is still being written is
/// for those who write, and what members write to each other for those who look after their list.
#[derive(Clone, Copy, Debug)]
pub struct ReadCampaign;

impl Action for ReadCampaign {
    type Object = CampaignRef;
    const NAME: &'static str = "campaign.read";
    fn allows(who: &Who, of: &Self::Object) -> bool {
        who.manages(of.space.id)
            || (who.oversees(of.space.id)
                && of.campaign.times.started_at.is_some()
                && !of.campaign.is_post)
    }
}

/// Begin a campaign.
#[derive(Clone, Copy, Debug)]
pub struct WriteCampaigns;

impl Action for WriteCampaigns {
    type Object = Arc<Space>;
    const NAME: &'static str = "campaign.write";
    fn allows(who: &Who, space: &Self::Object) -> bool {
        who.manages(space.id)
    }
}

/// Change, approve, send and stop one campaign.
#[derive(Clone, Copy, Debug)]
pub struct EditCampaign;

impl Action for EditCampaign {
    type Object = CampaignRef;
    const NAME: &'static str = "campaign.edit";
    fn allows(who: &Who, of: &Self::Object) -> bool {
        who.manages(of.space.id)
    }
}
