//! The page where a sheet is written.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::components::{Button, ErrorItem, ErrorSummary, Notice, NoticeKind};
use passerelle_web::{Allowed, AppError, Ctx, Form};
use serde_json::json;

use super::super::commands::save_sheet;
use super::super::error::CatalogueError;
use super::super::queries::parse;
use super::super::{course, model::Sheet, store};
use super::sheet_form::SheetForm;
use super::{course_path, courses_path, done, gap_items, revision};
use crate::access::{CourseRef, EditCourse};

pub(super) async fn form(ctx: Ctx, allowed: Allowed<EditCourse>) -> Result<Response, AppError> {
    let of = allowed.object();
    let sheet: Sheet = parse(&of.course.sheet)?;
    let form = SheetForm::of(&of.course.title, &sheet);
    page(&ctx, of, &of.course, &form, StatusCode::OK, None)
}

pub(super) async fn save(
    ctx: Ctx,
    allowed: Allowed<EditCourse>,
    sent: Form,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let mut form = SheetForm::sent(&sent, ctx.app.env());
    // While nothing is stored, the revision stays that of the form.
    let at = course::Model {
        revision: revision(&sent).unwrap_or(0),
        ..of.course.clone()
    };
    if form.apply(sent.text("action"), ctx.app.env()) {
        return page(&ctx, of, &at, &form, StatusCode::OK, None);
    }
    if !form.errors(&ctx).is_empty() {
        return page(&ctx, of, &at, &form, StatusCode::UNPROCESSABLE_ENTITY, None);
    }
    let tx = ctx.app.db().write().await?;
    match save_sheet(
        &tx,
        &allowed,
        revision(&sent),
        &form.title,
        &form.to_store(),
    )
    .await
    {
        Ok(()) => {
            tx.commit().await?;
            let to = format!("{}/fiche", course_path(of));
            Ok(ctx.redirect(&to, done("catalogue-sheet-saved")))
        }
        Err(CatalogueError::Stale) => {
            tx.rollback().await?;
            let now = store::course(ctx.app.db().read(), of.course.id)
                .await?
                .ok_or(AppError::NotFound)?;
            let conflict = conflict(&ctx, &now, &form)?;
            page(&ctx, of, &now, &form, StatusCode::CONFLICT, Some(conflict))
        }
        Err(error) => Err(error.into()),
    }
}

/// Says that somebody else saved meanwhile, and which fields now differ.
fn conflict(ctx: &Ctx, now: &course::Model, form: &SheetForm) -> Result<Notice, AppError> {
    let stored: Sheet = parse(&now.sheet)?;
    // The number of weeks is the plan's.
    let mine = Sheet {
        weeks: stored.weeks,
        ..form.to_store()
    };
    let mut names: Vec<String> = Vec::new();
    if now.title != form.title {
        names.push(ctx.t("catalogue-field-title"));
    }
    for field in mine.changes(&stored) {
        let label = match field {
            "agreed_minutes" => "catalogue-field-hours".to_owned(),
            other => format!("catalogue-field-{}", other.replace('_', "-")),
        };
        names.push(ctx.t(&label));
    }
    let fields = passerelle_web::format::join_and(&names, ctx.lang);
    let text = if names.is_empty() {
        ctx.t("catalogue-conflict-same")
    } else {
        ctx.tr("catalogue-conflict-fields", &[("fields", fields.into())])
    };
    Ok(Notice::new(NoticeKind::Warn, text).title(ctx.t("catalogue-conflict-title")))
}

fn page(
    ctx: &Ctx,
    of: &CourseRef,
    at: &course::Model,
    form: &SheetForm,
    status: StatusCode,
    conflict: Option<Notice>,
) -> Result<Response, AppError> {
    let checked = status == StatusCode::UNPROCESSABLE_ENTITY;
    let errors = if checked {
        form.errors(ctx)
    } else {
        std::collections::HashMap::new()
    };
    let summary = (!errors.is_empty()).then(|| {
        let mut items: Vec<ErrorItem> = errors
            .iter()
            .map(|(field, text)| ErrorItem {
                href: Some(format!("#field-{field}")),
                text: text.clone(),
            })
            .collect();
        items.sort_by(|a, b| a.href.cmp(&b.href));
        ErrorSummary { items }
    });
    let path = course_path(of);
    let gaps = form.sheet.gaps();
    ctx.page("courses/catalogue/sheet_form", ctx.t("catalogue-sheet-title"))
        .space(&of.space)
        .crumb(ctx.t("catalogue-title"), courses_path(&of.space))
        .crumb(&at.title, path.clone())
        .status(status)
        .render(json!({
            "action": format!("{path}/fiche"),
            "revision": at.revision,
            "course_title": at.title,
            "published": at.state == "published",
            "errors": summary,
            "conflict": conflict,
            "gaps": gap_items(ctx, &gaps, ""),
            "form": form.view(ctx, &errors),
            "add_objective": Button::submit(ctx.t("catalogue-objective-add"))
                .quiet()
                .icon("plus")
                .name("action")
                .value("objective-add"),
            "buttons": [
                Button::submit(ctx.t("catalogue-sheet-save")).icon("save").name("action").value("save"),
                Button::link(ctx.t("catalogue-see-preview"), format!("{path}/apercu")).quiet().icon("eye"),
            ],
        }))
}
