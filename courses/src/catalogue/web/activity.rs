//! Adding and changing activities, in their place on the page of the course.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use passerelle_web::access::Params;
use passerelle_web::{Allowed, AppError, Ctx, format};
use uuid::Uuid;

use super::super::activity_model::ActivityKind;
use super::super::commands::save_activity;
use super::super::error::CatalogueError;
use super::super::store;
use super::activity_form::ActivityForm;
use super::course::{Open, render};
use super::plan::finish;
use super::{course_path, done, revision};
use crate::access::EditCourse;
use crate::content::commands::keep_attachment;
use crate::content::upload::{Received, receive};
use crate::content::{MAX_ATTACHMENT, render_markdown};

pub(super) async fn add(
    ctx: Ctx,
    allowed: Allowed<EditCourse>,
    request: Request<Body>,
) -> Result<Response, AppError> {
    let received = receive(&ctx.app, request, MAX_ATTACHMENT).await?;
    let kind = ActivityKind::parse(received.form.text("kind"))
        .ok_or(AppError::BadRequest("error-form"))?;
    let week = received
        .form
        .text("week")
        .parse()
        .map_err(|_| AppError::BadRequest("error-form"))?;
    take(&ctx, &allowed, Place::New(week), kind, received).await
}

pub(super) async fn save(
    ctx: Ctx,
    allowed: Allowed<EditCourse>,
    params: Params,
    request: Request<Body>,
) -> Result<Response, AppError> {
    let id = params.id("activity")?;
    let stored = store::activity(ctx.app.db().read(), allowed.object().course.id, id).await?;
    let stored = stored
        .filter(|a| a.archived_at.is_none())
        .ok_or(AppError::NotFound)?;
    let kind = ActivityKind::parse(&stored.kind).ok_or(AppError::NotFound)?;
    let received = receive(&ctx.app, request, MAX_ATTACHMENT).await?;
    take(
        &ctx,
        &allowed,
        Place::Old(id, stored.week_id),
        kind,
        received,
    )
    .await
}

/// Where the activity stands: a week it is added to, or itself in its week.
#[derive(Clone, Copy)]
enum Place {
    New(Uuid),
    Old(Uuid, Uuid),
}

#[expect(clippy::too_many_lines, reason = "one form, field after field")]
async fn take(
    ctx: &Ctx,
    allowed: &Allowed<EditCourse>,
    place: Place,
    kind: ActivityKind,
    received: Received,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let mut form = ActivityForm::sent(kind, received.form);
    if received.too_large {
        let limit = format::bytes(MAX_ATTACHMENT, ctx.lang);
        form.errors.insert(
            "file",
            ctx.tr("catalogue-error-file-large", &[("limit", limit.into())]),
        );
        return again(
            ctx,
            allowed,
            place,
            form,
            StatusCode::UNPROCESSABLE_ENTITY,
            false,
        )
        .await;
    }
    let takes_files = matches!(kind, ActivityKind::Page | ActivityKind::File);
    if let Some(file) = received.file.filter(|_| takes_files) {
        let name = file.name.clone();
        let id = keep_attachment(&ctx.app, of.space.id, of.course.id, file).await?;
        form.attach(ctx, id, &name);
    }
    let files = if takes_files {
        store::attachments(ctx.app.db().read(), of.course.id).await?
    } else {
        Vec::new()
    };
    match form.form.text("action") {
        "attach" => return again(ctx, allowed, place, form, StatusCode::OK, false).await,
        "preview" => {
            let page = form.page_content(&files);
            form.preview = Some(render_markdown(&page.markdown, &page.attachments));
            return again(ctx, allowed, place, form, StatusCode::OK, false).await;
        }
        _ => {}
    }
    let (week, id) = match place {
        Place::New(week) => (week, None),
        Place::Old(id, week) => (week, Some(id)),
    };
    let activity = match form.read(week, &files) {
        Ok(activity) => activity,
        Err(wrong) => {
            form.errors = wrong
                .into_iter()
                .map(|(field, message)| (field, ctx.t(message)))
                .collect();
            return again(
                ctx,
                allowed,
                place,
                form,
                StatusCode::UNPROCESSABLE_ENTITY,
                false,
            )
            .await;
        }
    };
    if !crate::tools::may_use(&ctx.app, of.space.id, &activity).await? {
        form.errors.insert("tool", ctx.t("catalogue-error-tool"));
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return again(ctx, allowed, place, form, status, false).await;
    }
    let tx = ctx.app.db().write().await?;
    let result = save_activity(&tx, allowed, revision(&form.form), id, activity).await;
    finish(tx, &result).await?;
    match result {
        Ok(id) => {
            let notice = if matches!(place, Place::New(_)) {
                "catalogue-activity-added"
            } else {
                "catalogue-activity-saved"
            };
            Ok(ctx.redirect(&format!("{}#activite-{id}", course_path(of)), done(notice)))
        }
        Err(CatalogueError::Stale) => {
            again(ctx, allowed, place, form, StatusCode::CONFLICT, true).await
        }
        Err(CatalogueError::Invalid(field, message)) => {
            form.errors.insert(field, ctx.t(message));
            again(
                ctx,
                allowed,
                place,
                form,
                StatusCode::UNPROCESSABLE_ENTITY,
                false,
            )
            .await
        }
        Err(error) => Err(error.into()),
    }
}

/// The page with the form as it was typed.
async fn again(
    ctx: &Ctx,
    allowed: &Allowed<EditCourse>,
    place: Place,
    form: ActivityForm,
    status: StatusCode,
    conflict: bool,
) -> Result<Response, AppError> {
    let revision = revision(&form.form);
    let open = match place {
        Place::New(week) => Open {
            adding: Some((week, form)),
            conflict,
            revision,
            ..Open::default()
        },
        Place::Old(id, _) => Open {
            editing: Some((id, form)),
            conflict,
            revision,
            ..Open::default()
        },
    };
    render(ctx, allowed.object(), open, status).await
}
