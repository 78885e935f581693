//! Pages of campaigns.

mod checking;
mod composing;
mod linking;
mod list;
mod offering;
mod preview;
mod results;
mod steps;
mod trying;

use passerelle_web::components::{Status, Tabs, Tone};
use passerelle_web::directory::Space;
use passerelle_web::nav::{NavEntry, NavItem};
use passerelle_web::{Access, Action, Ctx, Routes};

use super::access::{CampaignRef, EditCampaign, ReadCampaign, ReadCampaigns, WriteCampaigns};
use super::model::{Campaign, State};

pub(super) fn routes() -> Routes {
    let write = Access::Action(WriteCampaigns::NAME);
    let edit = Access::Action(EditCampaign::NAME);
    let read = Access::Action(ReadCampaign::NAME);
    Routes::new()
        .get(
            "/e/{space}/gestion/lettres",
            Access::Action(ReadCampaigns::NAME),
            list::page,
        )
        .post("/e/{space}/gestion/lettres/nouvelle", write, list::create)
        .get(
            "/e/{space}/gestion/lettres/{campaign}",
            read,
            results::page_or_compose,
        )
        .post(
            "/e/{space}/gestion/lettres/{campaign}",
            edit,
            composing::save,
        )
        .post(
            "/e/{space}/gestion/lettres/{campaign}/image",
            edit,
            composing::add_picture,
        )
        .get(
            "/e/{space}/gestion/lettres/{campaign}/contenus",
            edit,
            offering::page,
        )
        .post(
            "/e/{space}/gestion/lettres/{campaign}/contenus",
            edit,
            offering::take,
        )
        .get(
            "/e/{space}/gestion/lettres/{campaign}/verifier",
            edit,
            checking::page,
        )
        .post(
            "/e/{space}/gestion/lettres/{campaign}/liens",
            edit,
            linking::check,
        )
        .get(
            "/e/{space}/gestion/lettres/{campaign}/apercu",
            read,
            preview::html,
        )
        .get(
            "/e/{space}/gestion/lettres/{campaign}/apercu.txt",
            read,
            preview::text,
        )
        .post(
            "/e/{space}/gestion/lettres/{campaign}/essai",
            edit,
            trying::send_test,
        )
        .merge(steps_and_results())
}

fn steps_and_results() -> Routes {
    let edit = Access::Action(EditCampaign::NAME);
    let read = Access::Action(ReadCampaign::NAME);
    Routes::new()
        .post(
            "/e/{space}/gestion/lettres/{campaign}/approuver",
            edit,
            steps::approve,
        )
        .post(
            "/e/{space}/gestion/lettres/{campaign}/rouvrir",
            edit,
            steps::reopen,
        )
        .post(
            "/e/{space}/gestion/lettres/{campaign}/envoyer",
            edit,
            steps::start,
        )
        .post(
            "/e/{space}/gestion/lettres/{campaign}/pause",
            edit,
            steps::pause,
        )
        .post(
            "/e/{space}/gestion/lettres/{campaign}/reprendre",
            edit,
            steps::resume,
        )
        .post(
            "/e/{space}/gestion/lettres/{campaign}/arreter",
            edit,
            steps::cancel,
        )
        .post(
            "/e/{space}/gestion/lettres/{campaign}/supprimer",
            edit,
            steps::delete,
        )
        .get(
            "/e/{space}/gestion/lettres/{campaign}/destinataires",
            read,
            results::recipients,
        )
        .get(
            "/e/{space}/gestion/lettres/{campaign}/destinataires.csv",
            read,
            results::export,
        )
}

pub(super) fn nav() -> NavEntry {
    NavEntry {
        items: |ctx, space| {
            space
                .filter(|space| ctx.who.oversees(space.id))
                .map(|space| NavItem {
                    rank: 600,
                    href: list_address(space),
                    label: "letter-nav",
                    icon: "send",
                })
                .into_iter()
                .collect()
        },
    }
}

fn list_address(space: &Space) -> String {
    format!("/e/{}/gestion/lettres", space.slug)
}

fn address(of: &CampaignRef) -> String {
    format!("{}/{}", list_address(&of.space), of.campaign.id)
}

/// How far a campaign is, in a word and a tone.
fn status(ctx: &Ctx, campaign: &Campaign) -> Status {
    let tone = match campaign.state {
        State::Draft => Tone::NotStarted,
        State::Approved | State::Scheduled => Tone::Info,
        State::Running => Tone::InProgress,
        State::Paused => Tone::Warn,
        State::Finished => Tone::Success,
        State::Cancelled => Tone::Neutral,
    };
    Status::new(
        tone,
        ctx.t(&format!("letter-state-{}", campaign.state.code())),
    )
}

/// The two sides of a campaign that is not sent yet.
fn tabs(ctx: &Ctx, of: &CampaignRef, checking: bool) -> Tabs {
    use passerelle_web::components::Link;
    let here = address(of);
    Tabs {
        label: ctx.t("letter-tabs"),
        items: vec![
            Link::new(ctx.t("letter-tab-write"), here.clone()).current(!checking),
            Link::new(ctx.t("letter-tab-check"), format!("{here}/verifier")).current(checking),
        ],
    }
}
