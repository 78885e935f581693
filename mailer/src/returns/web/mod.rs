//! Pages: where relays tell of returns, the answers to a campaign, and what other pages show.

mod answers;
mod shown;
mod told;

use passerelle_web::{Access, Action, Routes};

use crate::campaigns::access::EditCampaign;

pub(crate) use answers::answers_of;
pub(crate) use shown::{contact_returns, doors_shown};

pub(super) fn routes() -> Routes {
    let campaign = Access::Action(EditCampaign::NAME);
    Routes::new()
        .post("/courrier/retours/{word}", Access::Public, told::take)
        .secret()
        .get(
            "/e/{space}/gestion/lettres/{campaign}/reponses",
            campaign,
            answers::page,
        )
        .post(
            "/e/{space}/gestion/lettres/{campaign}/reponses/{answer}",
            campaign,
            answers::set_read,
        )
}
