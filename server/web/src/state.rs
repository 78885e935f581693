//! The state of the server, for the administrators of the space that it shows first: who cannot
//! follow the journal, which stored files are damaged, and what to do.

use std::sync::Arc;

use async_trait::async_trait;
use axum::http::StatusCode;
use axum::response::Response;
use passerelle_kernel::journal::{self, FactKind, Failing};
use passerelle_kernel::{Registry, Uuid};
use serde_json::{Value, json};

use crate::access::{Action, Allowed, Loaded, Params, Role, Who};
use crate::components::{Button, Cell, Column, Fact, Facts, NoticeKind, Row, Table};
use crate::context::{Ctx, zone};
use crate::directory::Space;
use crate::error::AppError;
use crate::form::Form;
use crate::format;
use crate::nav::{NavEntry, NavItem};
use crate::routes::{Access, Routes};
use crate::stored::{self, Fault};

/// After the mail, last of the management pages.
const RANK: i32 = 910;
/// Characters at least in a reason.
const REASON_MIN: usize = 5;

/// The space that the server shows first: its administrators look after the server.
#[derive(Clone, Debug)]
pub struct Server(pub Arc<Space>);

#[async_trait]
impl Loaded for Server {
    async fn load(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError> {
        if params.text("space") != Some(ctx.app.settings().home_space.as_str()) {
            return Ok(None);
        }
        Ok(Arc::<Space>::load(ctx, params).await?.map(Self))
    }
}

/// Seeing the state of the server, and mending it.
#[derive(Clone, Copy, Debug)]
pub struct LookAfterServer;

impl Action for LookAfterServer {
    type Object = Server;
    const NAME: &'static str = "server.state";
    fn allows(who: &Who, of: &Server) -> bool {
        who.has(of.0.id, &[Role::Administrator])
    }
}

/// Its page, in the space of that word.
pub(crate) fn address(slug: &str) -> String {
    format!("/e/{slug}/gestion/etat")
}

pub(crate) fn register(r: &mut Registry) {
    let may = Access::Action(LookAfterServer::NAME);
    r.add(FactKind(journal::SET_ASIDE))
        .add(FactKind(journal::BOUND))
        .add(
            Routes::new()
                .get("/e/{space}/gestion/etat", may, show)
                .post("/e/{space}/gestion/etat/fichiers", may, check)
                .post("/e/{space}/gestion/etat/reessayer", may, again)
                .post("/e/{space}/gestion/etat/ecarter", may, aside),
        )
        .add(NavEntry { items });
}

fn items(ctx: &Ctx, space: Option<&Space>) -> Vec<NavItem> {
    let home = space.filter(|space| space.slug == ctx.app.settings().home_space);
    home.filter(|space| ctx.who.has(space.id, &[Role::Administrator]))
        .map(|space| NavItem {
            rank: RANK,
            href: address(&space.slug),
            label: "state-nav",
            icon: "shield-check",
        })
        .into_iter()
        .collect()
}

async fn show(ctx: Ctx, allowed: Allowed<LookAfterServer>) -> Result<Response, AppError> {
    page(&ctx, &allowed.object().0, None).await
}

async fn page(ctx: &Ctx, space: &Space, refused: Option<&Form>) -> Result<Response, AppError> {
    let db = ctx.app.db().read();
    let failing = journal::failing(db).await?;
    let faults = stored::faults(db).await?;
    let progress = stored::progress(db).await?;
    let checked = match &progress {
        None => ctx.t("state-files-never"),
        Some(at) => {
            let (id, when) = match at.finished_at {
                Some(end) => ("state-files-checked", end),
                None => ("state-files-checking", at.began_at),
            };
            let when = format::datetime(when, &zone(space), ctx.lang);
            let size = format::bytes(at.bytes.max(0) as u64, ctx.lang);
            let args = [
                ("at", when.into()),
                ("count", at.files.into()),
                ("size", size.into()),
            ];
            ctx.tr(id, &args)
        }
    };
    let here = address(&space.slug);
    let going_on = progress.is_some_and(|at| at.finished_at.is_none());
    let mut check = Button::post(ctx.t("state-files-check"), format!("{here}/fichiers")).quiet();
    check.disabled = going_on;
    let status = match refused {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let failing: Vec<Value> = failing
        .iter()
        .map(|f| follower(ctx, space, f, refused))
        .collect();
    ctx.page("state/show", ctx.t("state-title"))
        .space(space)
        .status(status)
        .render(json!({
            "failing": failing, "checked": checked, "check": check,
            "faults": (!faults.is_empty()).then(|| damaged(ctx, space, &faults)),
        }))
}

fn follower(ctx: &Ctx, space: &Space, f: &Failing, refused: Option<&Form>) -> Value {
    let here = address(&space.slug);
    let at = |at| format::datetime_short(at, &zone(space), ctx.lang);
    let fact = |id: &str, text: String| Fact::new(ctx.t(id), text);
    let facts = Facts {
        items: vec![
            fact(
                "state-follower-entry",
                format!("{} ({})", f.kind, format::number(f.position, ctx.lang)),
            ),
            fact("state-follower-error", f.error.clone()),
            fact("state-follower-since", at(f.since)),
            fact(
                "state-follower-attempts",
                format::number(f.attempts.into(), ctx.lang),
            ),
            fact("state-follower-next", at(f.retry_at)),
        ],
        columns: false,
    };
    let back = refused.filter(|form| form.text("consumer") == f.consumer);
    json!({
        "name": f.consumer, "consumer": f.consumer, "entry": f.entry, "facts": facts,
        "again": Button::post(ctx.t("state-again"), format!("{here}/reessayer"))
            .quiet().hidden("consumer", f.consumer.as_str()).icon("refresh"),
        "action": format!("{here}/ecarter"),
        "reason": back.map_or("", |form| form.text("reason")),
        "error": back.map(|_| ctx.t("state-aside-no-reason")),
    })
}

fn damaged(ctx: &Ctx, space: &Space, faults: &[Fault]) -> Table {
    let columns = [
        "state-file-name",
        "state-file-kind",
        "state-file-what",
        "state-file-found",
    ];
    let rows = faults.iter().map(|fault| {
        Row::new(
            Cell::text(&fault.name).note(&fault.key),
            [
                Cell::text(ctx.t(&format!("stored-kind-{}", fault.kind))),
                Cell::text(ctx.t(&format!("state-file-{}", fault.damage.code()))),
                Cell::text(format::datetime_short(
                    fault.found_at,
                    &zone(space),
                    ctx.lang,
                )),
            ],
        )
    });
    Table::new(
        "faults",
        ctx.t("state-files"),
        columns.map(|id| Column::new(ctx.t(id))),
    )
    .caption_hidden()
    .rows(rows)
}

/// Checks every stored file now.
async fn check(ctx: Ctx, allowed: Allowed<LookAfterServer>) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    let asked = stored::plan(&tx, ctx.app.db()).await?;
    tx.commit().await?;
    let notice = if asked {
        (NoticeKind::Success, "state-files-asked")
    } else {
        (NoticeKind::Warn, "state-files-goes-on")
    };
    Ok(ctx.redirect(&address(&allowed.object().0.slug), Some(notice)))
}

/// Has a subscriber try again now.
async fn again(
    ctx: Ctx,
    allowed: Allowed<LookAfterServer>,
    form: Form,
) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    let known = journal::retry_now(&tx, form.text("consumer")).await?;
    tx.commit().await?;
    let notice = if known {
        (NoticeKind::Success, "state-again-asked")
    } else {
        (NoticeKind::Warn, "state-follower-mended")
    };
    Ok(ctx.redirect(&address(&allowed.object().0.slug), Some(notice)))
}

/// Lets a subscriber go on without the entry that it fails at.
async fn aside(
    ctx: Ctx,
    allowed: Allowed<LookAfterServer>,
    form: Form,
) -> Result<Response, AppError> {
    let space = &allowed.object().0;
    let reason: String = form.text("reason").chars().take(500).collect();
    if reason.chars().count() < REASON_MIN {
        return page(&ctx, space, Some(&form)).await;
    }
    let entry: Uuid = form.text("entry").parse().unwrap_or_default();
    let consumer = form.text("consumer");
    let tx = ctx.app.db().write().await?;
    let done = journal::set_aside(&tx, space.id, consumer, entry, &reason, allowed.actor()).await?;
    tx.commit().await?;
    let notice = if done {
        (NoticeKind::Success, "state-aside-done")
    } else {
        (NoticeKind::Warn, "state-follower-mended")
    };
    Ok(ctx.redirect(&address(&space.slug), Some(notice)))
}
