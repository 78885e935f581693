//! Publishing, archiving, duplicating, and reading what is or was public.

use axum::response::Response;
use passerelle_web::access::Params;
use passerelle_web::components::{Chips, Link, Notice, NoticeKind};
use passerelle_web::context::zone;
use passerelle_web::{Allowed, AppError, Ctx, Form, format};
use serde_json::{Value, json};

use super::super::commands::{archive_course, duplicate_course, publish_course};
use super::super::queries::plan_with;
use super::super::{PublishedSheet, store};
use super::plan::finish;
use super::public::sheet_data;
use super::{back, course_path, courses_path, done, revision};
use crate::access::{CourseRef, EditCourse, ReadCourse};

pub(super) async fn publish(
    ctx: Ctx,
    allowed: Allowed<EditCourse>,
    form: Form,
) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    let result = publish_course(&tx, &allowed, revision(&form)).await;
    finish(tx, &result).await?;
    back(&ctx, allowed.object(), "", result, "catalogue-published")
}

pub(super) async fn archive(ctx: Ctx, allowed: Allowed<EditCourse>) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    let result = archive_course(&tx, &allowed, true).await;
    finish(tx, &result).await?;
    back(&ctx, allowed.object(), "", result, "catalogue-archived")
}

pub(super) async fn unarchive(
    ctx: Ctx,
    allowed: Allowed<EditCourse>,
) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    let result = archive_course(&tx, &allowed, false).await;
    finish(tx, &result).await?;
    back(&ctx, allowed.object(), "", result, "catalogue-unarchived")
}

pub(super) async fn duplicate(
    ctx: Ctx,
    allowed: Allowed<EditCourse>,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let title = ctx.tr(
        "catalogue-copy-title",
        &[("title", (&of.course.title).into())],
    );
    let title: String = title
        .chars()
        .take(super::super::activity_model::MAX_TITLE)
        .collect();
    let tx = ctx.app.db().write().await?;
    let result = duplicate_course(&tx, &allowed, &title).await;
    finish(tx, &result).await?;
    Ok(ctx.redirect(
        &format!("{}/{}", courses_path(&of.space), result?),
        done("catalogue-duplicated"),
    ))
}

/// The sheet as the public would read it if it were published now.
pub(super) async fn preview(ctx: Ctx, allowed: Allowed<ReadCourse>) -> Result<Response, AppError> {
    let of = allowed.object();
    let plan = plan_with(ctx.app.db().read(), of.course.clone()).await?;
    let notice = Notice::new(NoticeKind::Info, ctx.t("catalogue-preview-text"))
        .title(ctx.t("catalogue-preview-title"))
        .link(ctx.t("catalogue-preview-back"), course_path(of));
    read(
        &ctx,
        of,
        &plan.published(),
        None,
        json!({"notice": notice, "versions": null}),
    )
}

/// The sheet as it was published at an instant, with the other versions.
pub(super) async fn version(
    ctx: Ctx,
    allowed: Allowed<ReadCourse>,
    params: Params,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let at: i64 = params
        .text("instant")
        .and_then(|t| t.parse().ok())
        .ok_or(AppError::NotFound)?;
    let db = ctx.app.db().read();
    let stored = store::version(db, of.course.id, at)
        .await?
        .ok_or(AppError::NotFound)?;
    let published: PublishedSheet =
        serde_json::from_str(&stored.sheet).map_err(AppError::internal)?;
    let zone = zone(&of.space);
    let link = |version: &i64| {
        Link::new(
            format::datetime(*version, &zone, ctx.lang),
            format!("{}/version/{version}", course_path(of)),
        )
        .current(*version == at)
    };
    let items = store::versions(db, of.course.id)
        .await?
        .iter()
        .map(link)
        .collect();
    let shown = format::datetime(at, &zone, ctx.lang);
    let notice = Notice::new(
        NoticeKind::Info,
        ctx.tr("catalogue-version-text", &[("date", shown.into())]),
    )
    .link(ctx.t("catalogue-preview-back"), course_path(of));
    let versions = Chips {
        label: ctx.t("catalogue-versions"),
        items,
    };
    read(
        &ctx,
        of,
        &published,
        Some(at),
        json!({"notice": notice, "versions": versions}),
    )
}

fn read(
    ctx: &Ctx,
    of: &CourseRef,
    published: &PublishedSheet,
    at: Option<i64>,
    banner: Value,
) -> Result<Response, AppError> {
    let mut data = sheet_data(ctx, &of.space, published, at, &[]);
    if let Some(data) = data.as_object_mut() {
        data.insert("json_ld".to_owned(), Value::Null);
        data.insert("banner".to_owned(), banner);
    }
    ctx.page("courses/catalogue/sheet", &published.title)
        .space(&of.space)
        .crumb(ctx.t("catalogue-title"), courses_path(&of.space))
        .crumb(&of.course.title, course_path(of))
        .render(data)
}
