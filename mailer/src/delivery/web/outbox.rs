//! The outbox: how many mails wait, left or failed, and what failed, to be
//! sent again. It shows no address and no mail.

use axum::response::Response;
use passerelle_kernel::jobs::JobRow;
use passerelle_web::components::{
    Button, Cell, Column, Confirm, Empty, Fact, Facts, NoticeKind, Row, Table,
};
use passerelle_web::context::zone;
use passerelle_web::{Allowed, AppError, Ctx, Params, format};
use serde_json::json;

use crate::delivery::access::{HomeSpace, ReadOutbox, RetryMail};
use crate::delivery::commands;
use crate::delivery::model::Failure;
use crate::delivery::queries::{self, Outbox};
use crate::delivery::sender::SenderEntry;
use crate::returns::doors_shown;

pub(super) fn address(slug: &str) -> String {
    format!("/e/{slug}/gestion/courrier")
}

pub(super) async fn show(ctx: Ctx, allowed: Allowed<ReadOutbox>) -> Result<Response, AppError> {
    let home = allowed.object();
    let outbox = queries::outbox(ctx.app.db()).await?;
    let count = outbox.failures.iter().filter(|job| !job.secret).count();
    let retry_all = (count > 1).then(|| {
        let sentence = ctx.tr("delivery-retry-all-sentence", &[("count", count.into())]);
        let action = format!("{}/renvoyer", address(&home.0.slug));
        Confirm::quiet(
            "retry-all",
            ctx.t("delivery-retry-all-open"),
            sentence,
            action,
        )
        .submit(ctx.tr("delivery-retry-all", &[("count", count.into())]))
        .icon("refresh")
    });
    let doors = doors_shown(&ctx, &zone(&home.0)).await?;
    ctx.page("mailer/delivery/outbox", ctx.t("delivery-outbox-title")).space(&home.0).render(json!({
        "counts": counts(&ctx, &outbox),
        "failures": failures(&ctx, home, &outbox.failures),
        "more": outbox.failed > outbox.failures.len() as i64,
        "retry_all": retry_all,
        "signature": signature(&ctx),
        "doors": doors,
        "domain": Button::link(ctx.t("standing-link"), format!("{}/domaine", address(&home.0.slug))).quiet().icon("globe"),
        "deferred": (!outbox.deferred.is_empty()).then(|| deferred(&ctx, home, &outbox.deferred)),
    }))
}

/// The DNS record that lets others check our signature; none when a relay signs.
fn signature(ctx: &Ctx) -> Option<Facts> {
    let entry = ctx.app.registry().all::<SenderEntry>().next()?;
    let signer = entry.0.signer()?;
    let fact = |id: &str, text: &str| Fact::new(ctx.t(id), text);
    Some(Facts {
        items: vec![
            fact("delivery-signature-name", &signer.name()),
            fact("delivery-signature-kind", "TXT"),
            fact("delivery-signature-record", signer.record()),
        ],
        columns: false,
    })
}

fn counts(ctx: &Ctx, outbox: &Outbox) -> Facts {
    let fact = |id: &str, count: i64, icon: &str| {
        Fact::new(ctx.t(id), format::number(count, ctx.lang)).icon(icon)
    };
    Facts {
        items: vec![
            fact("delivery-count-failed", outbox.failed, "triangle-alert"),
            fact("delivery-count-waiting", outbox.waiting, "hourglass"),
            fact("delivery-count-running", outbox.running, "send"),
            fact("delivery-count-done", outbox.done, "check"),
        ],
        columns: true,
    }
}

fn failures(ctx: &Ctx, home: &HomeSpace, jobs: &[JobRow]) -> Table {
    let columns = [
        Column::new(ctx.t("delivery-column-recipient")),
        Column::new(ctx.t("delivery-column-why")),
        Column::new(ctx.t("delivery-column-attempts")).numeric(),
        Column::new(ctx.t("delivery-column-failed-at")),
        Column::new(ctx.t("delivery-column-action")).hidden(),
    ];
    let rows = jobs.iter().map(|job| {
        let (recipient, why) = reason(ctx, job);
        let action = format!("{}/{}/renvoyer", address(&home.0.slug), job.id);
        let button = Button::post(ctx.t("delivery-retry"), action)
            .quiet()
            .about(recipient.clone())
            .icon("refresh");
        let action = if job.secret {
            Cell::text(ctx.t("delivery-secret"))
        } else {
            Cell::buttons([button])
        };
        Row::new(
            Cell::text(recipient),
            [why, attempts(ctx, job), at(ctx, home, job), action],
        )
    });
    Table::new("failures", ctx.t("delivery-failures-caption"), columns)
        .caption_hidden()
        .rows(rows)
        .empty(
            Empty::new(
                ctx.t("delivery-failures-empty-title"),
                ctx.t("delivery-failures-empty-text"),
            )
            .icon("mail"),
        )
}

fn deferred(ctx: &Ctx, home: &HomeSpace, jobs: &[JobRow]) -> Table {
    let columns = [
        Column::new(ctx.t("delivery-column-recipient")),
        Column::new(ctx.t("delivery-column-why")),
        Column::new(ctx.t("delivery-column-attempts")).numeric(),
        Column::new(ctx.t("delivery-column-next")),
    ];
    let rows = jobs.iter().map(|job| {
        let (recipient, why) = reason(ctx, job);
        Row::new(
            Cell::text(recipient),
            [why, attempts(ctx, job), at(ctx, home, job)],
        )
    });
    Table::new("deferred", ctx.t("delivery-deferred-caption"), columns)
        .caption_hidden()
        .rows(rows)
}

/// Masked recipient, then the reason in words with the server's answer below.
fn reason(ctx: &Ctx, job: &JobRow) -> (String, Cell) {
    let failure = Failure::parse(job.last_error.as_deref().unwrap_or_default());
    let recipient = if failure.recipient.is_empty() {
        ctx.t("delivery-unknown-recipient")
    } else {
        failure.recipient
    };
    (
        recipient,
        Cell::text(ctx.t(&format!("delivery-why-{}", failure.code))).note(failure.detail),
    )
}

fn attempts(ctx: &Ctx, job: &JobRow) -> Cell {
    Cell::number(format::number(job.attempts.into(), ctx.lang))
}

fn at(ctx: &Ctx, home: &HomeSpace, job: &JobRow) -> Cell {
    Cell::text(format::datetime_short(job.run_at, &zone(&home.0), ctx.lang))
}

pub(super) async fn retry(
    ctx: Ctx,
    allowed: Allowed<RetryMail>,
    params: Params,
) -> Result<Response, AppError> {
    let job = params.id("job")?;
    // The queue holds other kinds of jobs, which are not retried from here.
    let shown = queries::failures(ctx.app.db())
        .await?
        .iter()
        .any(|row| row.id == job);
    run(&ctx, &allowed, if shown { vec![job] } else { Vec::new() }).await
}

pub(super) async fn retry_all(ctx: Ctx, allowed: Allowed<RetryMail>) -> Result<Response, AppError> {
    let jobs = queries::failures(ctx.app.db())
        .await?
        .iter()
        .map(|row| row.id)
        .collect();
    run(&ctx, &allowed, jobs).await
}

async fn run(
    ctx: &Ctx,
    allowed: &Allowed<RetryMail>,
    jobs: Vec<passerelle_kernel::Uuid>,
) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    let count = commands::retry(&tx, allowed, &jobs).await?;
    tx.commit().await?;
    let notice = if count > 0 {
        (NoticeKind::Success, "delivery-retried")
    } else {
        (NoticeKind::Warn, "delivery-nothing-to-retry")
    };
    Ok(ctx.redirect(&address(&allowed.object().0.slug), Some(notice)))
}
