//! A campaign that has started: how far it is, what became of each, and its proof.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use passerelle_kernel::{Uuid, journal};
use passerelle_text::csv;
use passerelle_web::components::{
    Button, Cell, Chips, Column, Confirm, Empty, Fact, Facts, Link, Notice, NoticeKind, Progress,
    Row, Status, Table, Tone,
};
use passerelle_web::{Allowed, AppError, Ctx, format};
use serde_json::json;

use super::steps::VERSION;
use super::{address, composing, list_address, status};
use crate::campaigns::access::{CampaignRef, ReadCampaign};
use crate::campaigns::commands::FINISHED;
use crate::campaigns::model::{State, Tally, place};
use crate::campaigns::store::{self, RecipientRow};
use crate::counting;
use crate::returns::answers_of;

/// Recipients on a page.
const SHOWN: u64 = 100;

/// What recipients are looked through by: the word in the address, and their states.
const GROUPS: [(&str, &[i16]); 7] = [
    ("tous", &[]),
    ("attente", &[place::WAITING, place::LEAVING]),
    ("acceptes", &[place::ACCEPTED]),
    ("refuses", &[place::REFUSED, place::GIVEN_UP]),
    ("retours", &[place::BOUNCED]),
    ("plaintes", &[place::COMPLAINED]),
    ("retires", &[place::LEFT_OUT]),
];

pub(super) async fn page_or_compose(
    ctx: Ctx,
    allowed: Allowed<ReadCampaign>,
) -> Result<Response, AppError> {
    let of = allowed.object();
    match of.campaign.state {
        State::Draft => composing::page(&ctx, of).await,
        State::Approved | State::Scheduled => {
            Ok(ctx.redirect(&format!("{}/verifier", address(of)), None))
        }
        _ => show(&ctx, of).await,
    }
}

async fn show(ctx: &Ctx, of: &CampaignRef) -> Result<Response, AppError> {
    let campaign = &of.campaign;
    let tally = store::tally(ctx.app.db().read(), campaign.id).await?;
    let here = address(of);
    let zone = passerelle_web::context::zone(&of.space);
    let total = tally.total().max(1);
    let share = tally.done() * 10_000 / total;
    let words = ctx.tr(
        "letter-progress",
        &[
            ("done", tally.done().into()),
            ("total", tally.total().into()),
        ],
    );
    let running = campaign.state == State::Running;
    let active = matches!(campaign.state, State::Running | State::Paused);
    let paused = campaign.pause_reason.as_ref().map(|reason| {
        let why = match reason.as_str() {
            "refusals" | "sender" | "templates" => ctx.t(&format!("letter-paused-{reason}")),
            other => ctx.t(&format!("delivery-why-{other}")),
        };
        Notice::new(NoticeKind::Warn, why).title(ctx.t("letter-paused-by-itself"))
    });
    let version = campaign.version.to_string();
    // Who reads for proof does not act, and does not read what people answered.
    let writes = ctx.who.manages(of.space.id);
    let answers = match writes {
        true => answers_of(ctx, of).await?,
        false => None,
    };
    let counts = counting::counts_shown(ctx, campaign.id).await?;
    let sealed = sealed_root(ctx, campaign.id).await?;
    let altered = (campaign.root.is_some() && campaign.root != sealed).then(|| {
        Notice::new(NoticeKind::Error, ctx.t("letter-root-differs"))
            .title(ctx.t("letter-root-differs-title"))
    });
    let data = json!({
        "status": status(ctx, campaign),
        "answers": answers,
        "counts": counts,
        "paused": paused,
        "altered": altered,
        "preparing": (running && !campaign.is_prepared).then(|| ctx.t("letter-preparing")),
        "progress": active.then(|| Progress::new(ctx.t("letter-progress-label"), words, share)),
        "refresh": running.then(|| Button::link(ctx.t("letter-refresh"), here.clone()).quiet().icon("refresh")),
        "pause": (writes && running).then(|| Button::post(ctx.t("letter-pause"), format!("{here}/pause")).icon("clock").hidden(VERSION, &version)),
        "resume": (writes && campaign.state == State::Paused).then(|| Button::post(ctx.t("letter-resume"), format!("{here}/reprendre")).icon("play").hidden(VERSION, &version)),
        "cancel": (writes && active).then(|| {
            Confirm::danger("arreter", ctx.t("letter-cancel"), ctx.t("letter-cancel-sentence"), format!("{here}/arreter"))
                .consequence(ctx.t("letter-cancel-consequence"))
                .hidden(VERSION, &version)
        }),
        "figures": figures(ctx, &tally),
        "facts": facts(ctx, of, &zone, sealed),
        "people": Button::link(ctx.t("letter-people"), format!("{here}/destinataires")).quiet().icon("users"),
        "export": Button::link(ctx.t("letter-export"), format!("{here}/destinataires.csv")).quiet().icon("download").download(),
        "copy": writes.then(|| Button::post(ctx.t("letter-copy"), format!("{}/nouvelle", list_address(&of.space))).quiet().icon("copy").hidden("copie", campaign.id.to_string())),
        "letter": Button::link(ctx.t("letter-see-copy"), format!("{here}/apercu")).quiet().icon("eye"),
        "public": campaign.is_public.then(|| Button::link(ctx.t("letter-public"), format!("/e/{}/lettres/{}", of.space.slug, campaign.number)).quiet().icon("globe")),
    });
    ctx.page("mailer/campaigns/results", &campaign.name)
        .space(&of.space)
        .crumb(ctx.t("letter-list-title"), list_address(&of.space))
        .render(data)
}

fn figures(ctx: &Ctx, tally: &Tally) -> Facts {
    let number = |n: i64| format::number(n, ctx.lang);
    let mut items = vec![Fact::new(
        ctx.t("letter-count-accepted"),
        number(tally.accepted),
    )];
    for (id, n) in [
        ("letter-count-waiting", tally.waiting + tally.leaving),
        ("letter-count-deferred", tally.deferred),
        ("letter-count-refused", tally.refused),
        ("letter-count-given-up", tally.given_up),
        ("letter-count-bounced", tally.bounced),
        ("letter-count-complained", tally.complained),
        ("letter-count-left-out", tally.left_out),
        ("letter-count-repeated", tally.repeated),
    ] {
        if n > 0 {
            items.push(Fact::new(ctx.t(id), number(n)));
        }
    }
    Facts {
        items,
        columns: true,
    }
}

/// The root of the recipients as the journal holds it, not as the table does.
async fn sealed_root(ctx: &Ctx, campaign: Uuid) -> Result<Option<String>, AppError> {
    let told = journal::told_of(ctx.app.db(), campaign, &[FINISHED]).await?;
    let last = told.last().and_then(|told| told.payload["root"].as_str());
    Ok(last.map(str::to_owned))
}

fn facts(
    ctx: &Ctx,
    of: &CampaignRef,
    zone: &jiff::tz::TimeZone,
    sealed_root: Option<String>,
) -> Facts {
    let campaign = &of.campaign;
    let mut items = vec![
        Fact::new(ctx.t("letter-field-subject"), &campaign.content.subject),
        Fact::new(ctx.t("letter-to"), &campaign.target.name),
    ];
    for (id, at) in [
        ("letter-approved-at", campaign.times.approved_at),
        ("letter-started-at", campaign.times.started_at),
        ("letter-finished-at", campaign.times.finished_at),
    ] {
        if let Some(at) = at {
            items.push(Fact::new(ctx.t(id), format::datetime(at, zone, ctx.lang)));
        }
    }
    if let Some(root) = sealed_root {
        items.push(Fact::new(ctx.t("letter-root"), root));
    }
    Facts {
        items,
        columns: false,
    }
}

/// How far a recipient is.
fn state_of(ctx: &Ctx, row: &RecipientRow) -> Status {
    let (tone, id) = match row.state {
        place::WAITING if row.attempts > 0 => (Tone::Warn, "letter-recipient-deferred"),
        place::WAITING => (Tone::NotStarted, "letter-recipient-waiting"),
        place::LEAVING => (Tone::InProgress, "letter-recipient-leaving"),
        place::ACCEPTED => (Tone::Success, "letter-recipient-accepted"),
        place::REFUSED => (Tone::Danger, "letter-recipient-refused"),
        place::GIVEN_UP => (Tone::Danger, "letter-recipient-given-up"),
        place::LEFT_OUT => (Tone::Neutral, "letter-recipient-left-out"),
        place::BOUNCED => (Tone::Danger, "letter-recipient-bounced"),
        _ => (Tone::Danger, "letter-recipient-complained"),
    };
    Status::new(tone, ctx.t(id))
}

pub(super) async fn recipients(
    ctx: Ctx,
    allowed: Allowed<ReadCampaign>,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let here = address(of);
    let asked = ctx.query();
    let group = GROUPS
        .iter()
        .find(|(word, _)| *word == asked.text("etat"))
        .unwrap_or(&GROUPS[0]);
    let after = asked
        .number("apres")
        .unwrap_or(0)
        .clamp(0, i64::from(i32::MAX)) as i32;
    let db = ctx.app.db().read();
    let rows = store::recipients(db, of.campaign.id, group.1, after, SHOWN).await?;
    let zone = passerelle_web::context::zone(&of.space);
    let shown = rows.iter().map(|row| {
        let address = if row.address.contains('@') {
            row.address.clone()
        } else {
            ctx.t("letter-recipient-forgotten")
        };
        let state = Cell::status(state_of(&ctx, row));
        Row::new(
            Cell::text(address),
            [
                match &row.detail {
                    Some(detail) => state.note(detail),
                    None => state,
                },
                Cell::text(
                    row.at
                        .map(|at| format::datetime_short(at, &zone, ctx.lang))
                        .unwrap_or_default(),
                ),
            ],
        )
    });
    let columns = ["letter-recipient", "letter-state", "letter-when"];
    let title = ctx.t("letter-people");
    let table = Table::new(
        "destinataires",
        title.clone(),
        columns.map(|id| Column::new(ctx.t(id))),
    )
    .caption_hidden()
    .rows(shown)
    .empty(Empty::new(
        ctx.t("letter-people-empty"),
        ctx.t("letter-people-empty-text"),
    ));
    let chips = Chips {
        label: ctx.t("letter-people-filter"),
        items: GROUPS
            .iter()
            .map(|(word, _)| {
                Link::new(
                    ctx.t(&format!("letter-group-{word}")),
                    format!("{here}/destinataires?etat={word}"),
                )
                .current(*word == group.0)
            })
            .collect(),
    };
    let more = (rows.len() as u64 == SHOWN).then(|| {
        let last = rows.last().map_or(0, |row| row.place);
        Button::link(
            ctx.t("letter-people-more"),
            format!("{here}/destinataires?etat={}&apres={last}", group.0),
        )
        .quiet()
    });
    ctx.page("mailer/campaigns/recipients", title)
        .space(&of.space)
        .crumb(ctx.t("letter-list-title"), list_address(&of.space))
        .crumb(&of.campaign.name, here)
        .render(json!({"chips": chips, "table": table, "more": more}))
}

/// Every recipient and what became of it.
pub(super) async fn export(ctx: Ctx, allowed: Allowed<ReadCampaign>) -> Result<Response, AppError> {
    let of = allowed.object();
    let zone = passerelle_web::context::zone(&of.space);
    let mut out = csv::Writer::new();
    let head = [
        "letter-recipient",
        "letter-state",
        "letter-when",
        "letter-detail",
    ]
    .map(|id| ctx.t(id));
    out.row(&head);
    let mut after = 0;
    loop {
        let rows =
            store::recipients(ctx.app.db().read(), of.campaign.id, &[], after, 2_000).await?;
        for row in &rows {
            after = row.place;
            let state = state_of(&ctx, row);
            let at = row.at.map(|at| format::iso_datetime(at, &zone));
            let detail = row.detail.clone().unwrap_or_default();
            let word = state.word.unwrap_or_default();
            let record = [row.address.clone(), word, at.unwrap_or_default(), detail];
            out.row(record);
        }
        if rows.len() < 2_000 {
            break;
        }
    }
    let bytes = out.into_bytes();
    let name = format!(
        "attachment; filename=\"destinataires-{}.csv\"",
        of.campaign.number
    );
    Ok((
        [
            (header::CONTENT_TYPE, csv::CONTENT_TYPE.to_owned()),
            (header::CONTENT_DISPOSITION, name),
        ],
        bytes,
    )
        .into_response())
}
