//! One platform: what it is, what it may open, what it asked lately.

use axum::response::Response;
use passerelle_courses::cohorts;
use passerelle_web::components::{
    Button, Cell, Column, Confirm, Empty, Fact, Facts, NoticeKind, Row, Status, Table, Tone,
};
use passerelle_web::{Allowed, AppError, Ctx, Form, format};
use serde_json::json;
use url::Url;

use super::{list_address, ours};
use crate::keys;
use crate::platforms::access::{EditPlatform, PlatformRef};
use crate::platforms::commands::{self, PlatformError};
use crate::platforms::model::{Call, Deployment};
use crate::platforms::store;
use crate::platforms::titled;
use crate::reasons;
use crate::rosters;
use crate::steps::{self, Last, Step};

pub(super) async fn page(ctx: Ctx, allowed: Allowed<EditPlatform>) -> Result<Response, AppError> {
    show(&ctx, allowed.object(), None).await
}

pub(super) async fn close(ctx: Ctx, allowed: Allowed<EditPlatform>) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    refused(commands::close(&tx, &allowed).await)?;
    tx.commit().await?;
    Ok(back(&ctx, &allowed, "lti-notice-closed"))
}

pub(super) async fn open(ctx: Ctx, allowed: Allowed<EditPlatform>) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    refused(commands::open(&tx, &allowed).await)?;
    tx.commit().await?;
    Ok(back(&ctx, &allowed, "lti-notice-opened"))
}

pub(super) async fn accept(
    ctx: Ctx,
    allowed: Allowed<EditPlatform>,
    form: Form,
) -> Result<Response, AppError> {
    let name = form.text("deployment");
    let seen = store::deployments_of(ctx.app.db().read(), allowed.object().platform.id).await?;
    if !seen.iter().any(|deployment| deployment.name == name) {
        return Err(AppError::NotFound);
    }
    let tx = ctx.app.db().write().await?;
    refused(commands::accept_deployment(&tx, &allowed, name).await)?;
    tx.commit().await?;
    Ok(back(&ctx, &allowed, "lti-notice-accepted"))
}

/// Asks the platform's key set and says what came.
pub(super) async fn test(ctx: Ctx, allowed: Allowed<EditPlatform>) -> Result<Response, AppError> {
    let of = allowed.object();
    let address = Url::parse(&of.platform.data.jwks_uri).map_err(AppError::internal)?;
    let found = match keys::refresh(&ctx.app, of.platform.id, &address).await {
        Ok(keys) if keys.usable() > 0 => {
            let count = keys.usable().into();
            (
                NoticeKind::Success,
                ctx.tr("lti-test-keys", &[("count", count)]),
            )
        }
        Ok(_) => (NoticeKind::Error, ctx.t("lti-test-no-key")),
        Err(why) => (
            NoticeKind::Error,
            ctx.tr(
                "lti-test-failed",
                &[("why", reasons::of(&ctx, &why).into())],
            ),
        ),
    };
    show(&ctx, of, Some(found)).await
}

/// Offers a group to the platform, or offers it no more.
pub(super) async fn offer_group(
    ctx: Ctx,
    allowed: Allowed<EditPlatform>,
    form: Form,
) -> Result<Response, AppError> {
    let space = allowed.object().space.id;
    let id = form.text("cohort").parse();
    let id = id.map_err(|_| AppError::NotFound)?;
    let cohort = cohorts::find_cohort(ctx.app.db().read(), id).await?;
    let cohort = cohort.filter(|cohort| cohort.space_id == space);
    let cohort = cohort.ok_or(AppError::NotFound)?;
    let opened = form.text("opened") == "true";
    let tx = ctx.app.db().write().await?;
    refused(commands::offer_group(&tx, &allowed, cohort.id, opened).await)?;
    tx.commit().await?;
    let notice = if opened {
        "lti-notice-offered"
    } else {
        "lti-notice-not-offered"
    };
    Ok(back(&ctx, &allowed, notice))
}

/// Sends again the grades that could not be sent.
pub(super) async fn grades(ctx: Ctx, allowed: Allowed<EditPlatform>) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    crate::grades::retry(&tx, allowed.object().platform.id).await?;
    tx.commit().await?;
    Ok(back(&ctx, &allowed, "lti-notice-grades"))
}

fn refused(result: Result<(), PlatformError>) -> Result<(), AppError> {
    result.map_err(|error| match error {
        PlatformError::Changed | PlatformError::Taken => AppError::Conflict("lti-changed"),
        PlatformError::Append(error) => error.into(),
        PlatformError::Db(error) => error.into(),
    })
}

fn address(of: &PlatformRef) -> String {
    format!("{}/{}", list_address(&of.space), of.platform.id)
}

fn back(ctx: &Ctx, allowed: &Allowed<EditPlatform>, notice: &'static str) -> Response {
    ctx.redirect(
        &address(allowed.object()),
        Some((NoticeKind::Success, notice)),
    )
}

async fn show(
    ctx: &Ctx,
    of: &PlatformRef,
    found: Option<(NoticeKind, String)>,
) -> Result<Response, AppError> {
    let db = ctx.app.db().read();
    let platform = &of.platform;
    let deployments = store::deployments_of(db, platform.id).await?;
    let calls = store::calls_of(db, platform.id).await?;
    let unsent = crate::grades::problems_of(db, platform.id).await?;
    let here = address(of);
    let data = json!({
        "status": super::list::status(ctx, platform),
        "steps": steps::shown(ctx, &passerelle_web::context::zone(&of.space), &steps_of(&calls)),
        "facts": facts(ctx, of),
        "correct": Button::link(ctx.t("lti-correct"), format!("{here}/modifier")).quiet().icon("pencil"),
        "addresses": super::add::addresses(ctx)?,
        "links": links(ctx, of).await?,
        "courses": courses(ctx, of).await?,
        "deployments": deployments_table(ctx, of, &deployments),
        "calls": calls_table(ctx, of, &calls),
        "unsent": (unsent > 0).then(|| ctx.tr("lti-grades-unsent", &[("count", unsent.into())])),
        "resend": Button::post(ctx.t("lti-grades-resend"), format!("{here}/notes")).quiet().icon("send"),
        "test": Button::post(ctx.t("lti-test"), format!("{here}/essai")).quiet().icon("refresh"),
        "found": found.map(|(kind, text)| passerelle_web::components::Notice::new(kind, text)),
        "close": platform.closed_at.is_none().then(|| {
            Confirm::quiet("fermer", ctx.t("lti-close"), ctx.t("lti-close-sentence"), format!("{here}/fermer"))
                .consequence(ctx.t("lti-close-consequence"))
        }),
        "reopen": platform.closed_at.is_some().then(|| {
            Button::post(ctx.t("lti-reopen"), format!("{here}/rouvrir")).icon("undo")
        }),
    });
    ctx.page("lti/platforms/show", &platform.data.name)
        .space(&of.space)
        .crumb(ctx.t("lti-list-title"), list_address(&of.space))
        .render(data)
}

/// A launch ends a login: that one went well whenever a launch came.
fn steps_of(calls: &[Call]) -> [Step; 3] {
    let last = |kinds: &[&str], well: fn(&Call) -> bool| {
        let found = calls
            .iter()
            .find(|call| kinds.contains(&call.kind.as_str()));
        found.map(|call| Last {
            well: well(call),
            at: call.at,
        })
    };
    let login = last(&["login", "launch"], |call| {
        call.kind == "launch" || call.outcome == "ok"
    });
    [
        ("lti-step-login", login),
        (
            "lti-step-launch",
            last(&["launch"], |call| call.outcome == "ok"),
        ),
        (
            "lti-step-grade",
            last(&["grade"], |call| call.outcome == "ok"),
        ),
    ]
}

fn facts(ctx: &Ctx, of: &PlatformRef) -> Facts {
    let data = &of.platform.data;
    let mut items = vec![
        Fact::new(ctx.t("lti-field-issuer"), &data.issuer),
        Fact::new(ctx.t("lti-field-client-id"), &data.client_id),
        Fact::new(
            ctx.t("lti-field-authorization-endpoint"),
            &data.authorization_endpoint,
        ),
        Fact::new(ctx.t("lti-field-token-endpoint"), &data.token_endpoint),
        Fact::new(ctx.t("lti-field-jwks-uri"), &data.jwks_uri),
    ];
    if !data.product.is_empty() {
        items.insert(0, Fact::new(ctx.t("lti-product"), &data.product));
    }
    Facts {
        items,
        columns: false,
    }
}

/// Every cohort that may be opened, with the address to put in a link.
async fn links(ctx: &Ctx, of: &PlatformRef) -> Result<Table, AppError> {
    let db = ctx.app.db().read();
    let cohorts = cohorts::open_cohorts(db, of.space.id).await?;
    let courses = cohorts::course_titles(db, of.space.id).await?;
    let opened = store::opened_to(db, of.platform.id).await?;
    let ours = ours(ctx)?;
    let rows = cohorts.iter().map(|cohort| {
        let title = titled(&courses, cohort);
        let dates = cohorts::dates(cohort, ctx.lang);
        let is_opened = opened.contains(&cohort.id);
        let (word, to) = if is_opened {
            ("lti-offer-group-stop", "false")
        } else {
            ("lti-offer-group", "true")
        };
        let change = Button::post(ctx.t(word), format!("{}/groupe", address(of)))
            .quiet()
            .about(&title)
            .hidden("cohort", cohort.id.to_string())
            .hidden("opened", to);
        Row::new(
            Cell::link(&title, format!("/groupe/{}/gestion", cohort.id)).note(dates),
            [Cell::text(ours.cohort(cohort.id)), Cell::buttons([change])],
        )
    });
    let columns = [
        Column::new(ctx.t("lti-cohort")),
        Column::new(ctx.t("lti-cohort-link")),
        Column::new(ctx.t("lti-offered")),
    ];
    Ok(Table::new("liens", ctx.t("lti-links-caption"), columns)
        .rows(rows)
        .empty(Empty::new(ctx.t("lti-no-cohort-title"), ctx.t("lti-no-cohort-text")).icon("users")))
}

/// The courses of the platform that have opened ours.
async fn courses(ctx: &Ctx, of: &PlatformRef) -> Result<Option<Table>, AppError> {
    let contexts = rosters::store::contexts_of(ctx.app.db().read(), of.platform.id).await?;
    if contexts.is_empty() {
        return Ok(None);
    }
    let zone = passerelle_web::context::zone(&of.space);
    let rows = contexts.iter().map(|context| {
        let read = context.read_at.map_or_else(
            || ctx.t("lti-roster-never"),
            |at| format::datetime_short(at, &zone, ctx.lang),
        );
        let to = rosters::address(of, context.id);
        Row::new(
            Cell::link(rosters::title(ctx, context), to),
            [Cell::text(read)],
        )
    });
    let columns = ["lti-roster-course", "lti-roster-read"].map(|id| Column::new(ctx.t(id)));
    let table = Table::new("cours", ctx.t("lti-roster-title"), columns);
    Ok(Some(table.caption_hidden().rows(rows)))
}

fn deployments_table(ctx: &Ctx, of: &PlatformRef, deployments: &[Deployment]) -> Table {
    let zone = passerelle_web::context::zone(&of.space);
    let rows = deployments.iter().map(|deployment| {
        let state = if deployment.accepted {
            Cell::status(Status::new(Tone::Success, ctx.t("lti-deployment-accepted")))
        } else {
            let accept = Button::post(
                ctx.t("lti-deployment-accept"),
                format!("{}/deploiement", address(of)),
            );
            Cell::buttons([accept
                .quiet()
                .about(&deployment.name)
                .hidden("deployment", &deployment.name)])
        };
        let seen = format::datetime_short(deployment.seen_at, &zone, ctx.lang);
        Row::new(Cell::text(&deployment.name), [state, Cell::text(seen)])
    });
    let columns = [
        Column::new(ctx.t("lti-deployment")),
        Column::new(ctx.t("lti-state")),
        Column::new(ctx.t("lti-seen")),
    ];
    Table::new("deploiements", ctx.t("lti-deployments-caption"), columns)
        .rows(rows)
        .empty(Empty::new(
            ctx.t("lti-no-deployment-title"),
            ctx.t("lti-no-deployment-text"),
        ))
}

fn calls_table(ctx: &Ctx, of: &PlatformRef, calls: &[Call]) -> Table {
    let zone = passerelle_web::context::zone(&of.space);
    let rows = calls.iter().map(|call| {
        let at = format::datetime_short(call.at, &zone, ctx.lang);
        let outcome = if call.outcome == "ok" {
            Cell::status(Status::new(Tone::Success, ctx.t("lti-outcome-ok")))
        } else {
            let word = ctx.t(&format!("lti-why-{}", call.outcome));
            let said = reasons::shown(ctx, &call.detail);
            Cell::status(Status::new(Tone::Danger, word)).note(said)
        };
        Row::new(
            Cell::text(at),
            [
                Cell::text(ctx.t(&format!("lti-kind-{}", call.kind))),
                outcome,
                Cell::text(&call.reference),
            ],
        )
    });
    let columns = [
        Column::new(ctx.t("lti-call-at")),
        Column::new(ctx.t("lti-call-kind")),
        Column::new(ctx.t("lti-call-outcome")),
        Column::new(ctx.t("lti-call-reference")),
    ];
    Table::new("appels", ctx.t("lti-calls-caption"), columns)
        .rows(rows)
        .empty(Empty::new(
            ctx.t("lti-no-call-title"),
            ctx.t("lti-no-call-text"),
        ))
}
