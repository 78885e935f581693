//! Importing a package from the browser: the file, then its state, then its page
//! or the reasons why nothing was stored.

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use passerelle_scorm::problem::Problem;
use passerelle_web::access::Params;
use passerelle_web::components::{Button, Field, FieldKind, Notice, NoticeKind, Upload};
use passerelle_web::context::urlencode;
use passerelle_web::directory::Space;
use passerelle_web::serve::local_path;
use passerelle_web::{Allowed, App, AppError, Ctx, format};
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::model::{ContentSettings, ImportStep, Stage};
use super::super::running::{self, Imports, Outcome};
use super::super::upload::{UploadError, receive};
use super::super::{store, upload::Received};
use super::problem_items;
use crate::access::ManageCourses;

/// Imports shorter than this answer at once, without a page of their own.
const PATIENCE: Duration = Duration::from_millis(2500);
const LOOK_EVERY: Duration = Duration::from_millis(50);

pub(super) async fn form(ctx: Ctx, allowed: Allowed<ManageCourses>) -> Result<Response, AppError> {
    let back = ctx.query().text("retour").to_owned();
    page(&ctx, allowed.object(), &back, None, None)
}

pub(super) async fn send(
    ctx: Ctx,
    allowed: Allowed<ManageCourses>,
    State(app): State<App>,
    request: Request<Body>,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let settings = settings(&app);
    let Received {
        form,
        file,
        too_large,
    } = match receive(&app, request, settings.max_bytes).await {
        Ok(received) => received,
        Err(UploadError::Broken(_)) => {
            return page(&ctx, space, "", Some(ctx.t("content-upload-broken")), None);
        }
        Err(error) => return Err(error.into()),
    };
    let back = form.text("retour").to_owned();
    if too_large {
        let limit = format::bytes(settings.max_bytes, ctx.lang);
        let error = ctx.tr("content-upload-too-large", &[("limit", limit.into())]);
        return page(&ctx, space, &back, Some(error), None);
    }
    let Some(file) = file else {
        return page(&ctx, space, &back, Some(ctx.t("content-upload-none")), None);
    };
    let kept = (back != "/" && local_path(&back) == back).then(|| back.clone());
    let id = running::start(&app, space.id, file, kept, allowed.actor());
    let imports = Imports::of(&app);
    let mut waited = Duration::ZERO;
    while waited < PATIENCE && imports.get(id).is_some_and(|w| w.outcome.is_none()) {
        tokio::time::sleep(LOOK_EVERY).await;
        waited += LOOK_EVERY;
    }
    answer(&ctx, space, id).await
}

/// The page of an import that is under way, or where it led.
pub(super) async fn state(
    ctx: Ctx,
    allowed: Allowed<ManageCourses>,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let id = params.id("import")?;
    let watched = Imports::of(&ctx.app)
        .get(id)
        .filter(|w| w.space == allowed.object().id);
    let json = headers
        .get(header::ACCEPT)
        .is_some_and(|v| v.as_bytes().starts_with(b"application/json"));
    match watched {
        Some(watched) if json => Ok(Json(
            json!({"done": watched.outcome.is_some(), "step": step(&ctx, watched.step)}),
        )
        .into_response()),
        None if json => Ok(Json(json!({"done": true, "step": null})).into_response()),
        Some(watched) if watched.outcome.is_none() => {
            let here = format!("/e/{}/gestion/contenus/import/{id}", allowed.object().slug);
            let title = ctx.tr(
                "content-import-state-title",
                &[("file", watched.file_name.into())],
            );
            ctx.page("courses/content/import", title)
                .space(allowed.object())
                .crumb(ctx.t("content-title"), format!("/e/{}/gestion/contenus", allowed.object().slug))
                .script("content.js")
                .render(json!({"href": here, "step": step(&ctx, watched.step), "stages": stages(&ctx, watched.step)}))
        }
        _ => answer(&ctx, allowed.object(), id).await,
    }
}

/// Where an import leads, or its state while it goes on.
async fn answer(ctx: &Ctx, space: &Space, id: Uuid) -> Result<Response, AppError> {
    let library = format!("/e/{}/gestion/contenus", space.slug);
    let watched = Imports::of(&ctx.app)
        .get(id)
        .filter(|w| w.space == space.id);
    let (outcome, back, file) = match watched {
        Some(watched) => (watched.outcome, watched.back, watched.file_name),
        // Started by another process, or long ago: the package itself tells.
        None if store::package_in(ctx.app.db().read(), space.id, id)
            .await?
            .is_some() =>
        {
            (Some(Outcome::Imported), None, String::new())
        }
        None => {
            return Ok(ctx.redirect(&library, Some((NoticeKind::Warn, "content-import-unknown"))));
        }
    };
    match outcome {
        None => Ok(ctx.redirect(&format!("{library}/import/{id}"), None)),
        Some(Outcome::Imported) => {
            let to = back.map_or_else(
                || format!("{library}/{id}?importe=1"),
                |back| {
                    let (path, anchor) = back
                        .split_once('#')
                        .map_or((back.as_str(), ""), |(p, a)| (p, a));
                    let glue = if path.contains('?') { '&' } else { '?' };
                    let anchor = if anchor.is_empty() {
                        String::new()
                    } else {
                        format!("#{anchor}")
                    };
                    format!("{path}{glue}paquet={id}{anchor}")
                },
            );
            Ok(ctx.redirect(&to, None))
        }
        Some(Outcome::Refused(problems)) => page(
            ctx,
            space,
            &back.unwrap_or_default(),
            None,
            Some((&file, &problems)),
        ),
        Some(Outcome::Failed) => page(
            ctx,
            space,
            &back.unwrap_or_default(),
            Some(ctx.t("scorm-unreadable")),
            None,
        ),
    }
}

fn settings(app: &App) -> ContentSettings {
    app.service::<ContentSettings>()
        .map(|s| (*s).clone())
        .unwrap_or_default()
}

fn page(
    ctx: &Ctx,
    space: &Space,
    back: &str,
    error: Option<String>,
    refused: Option<(&str, &[Problem])>,
) -> Result<Response, AppError> {
    let base = format!("/e/{}/gestion/contenus", space.slug);
    let settings = settings(&ctx.app);
    let limits = [
        ("size", format::bytes(settings.max_bytes, ctx.lang).into()),
        (
            "files",
            format::number(settings.max_files.into(), ctx.lang).into(),
        ),
    ];
    let status = if error.is_some() || refused.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let field = Field {
        accept: Some(".zip,application/zip".to_owned()),
        ..Field::new(FieldKind::File, "package", ctx.t("content-upload-field"))
    };
    let field = field
        .required()
        .help(ctx.tr("content-upload-help", &limits))
        .error(error);
    let mut upload = Upload::new(
        format!("{base}/importer"),
        field,
        ctx.t("content-upload-submit"),
    );
    if !back.is_empty() {
        upload = upload.hidden("retour", back);
    }
    let refusal: Option<Value> = refused.map(|(file, problems)| {
        let notice = Notice::new(NoticeKind::Error, ctx.t("scorm-refused"))
            .title(ctx.tr("content-refused-title", &[("file", file.into())]));
        json!({"notice": notice, "problems": problem_items(ctx, problems)})
    });
    let title = if refusal.is_some() {
        "content-refused-page"
    } else {
        "content-upload-title"
    };
    ctx.page("courses/content/upload", ctx.t(title))
        .space(space)
        .crumb(ctx.t("content-title"), base)
        .status(status)
        .render(json!({
            "upload": upload,
            "refusal": refusal,
            "back": (!back.is_empty()).then(|| Button::link(ctx.t("content-upload-back"), local_path(back)).quiet()),
        }))
}

fn step(ctx: &Ctx, step: ImportStep) -> Value {
    let percent = step.percent();
    let words = match step.stage {
        Stage::Receiving => ctx.t("content-stage-receiving"),
        Stage::Checking => ctx.tr(
            "content-stage-checking",
            &[("percent", (percent as i64).into())],
        ),
        Stage::Storing => ctx.t("content-stage-storing"),
    };
    json!({"stage": step.stage, "percent": percent, "words": words})
}

fn stages(ctx: &Ctx, now: ImportStep) -> Value {
    let steps = [
        (&*ctx.t("content-step-receiving"), None),
        (&*ctx.t("content-step-checking"), None),
        (&*ctx.t("content-step-storing"), None),
    ];
    let current = match now.stage {
        Stage::Receiving => 1,
        Stage::Checking => 2,
        Stage::Storing => 3,
    };
    json!(passerelle_web::components::Stepper::new(
        ctx.t("content-steps"),
        current,
        &steps
    ))
}

/// Address of the import form that comes back to `back` with the package.
pub(crate) fn import_address(space: &Space, back: &str) -> String {
    format!(
        "/e/{}/gestion/contenus/importer?retour={}",
        space.slug,
        urlencode(back)
    )
}
