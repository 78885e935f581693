//! Correcting what a platform is registered with.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::components::{Button, ErrorSummary, NoticeKind};
use passerelle_web::{Allowed, AppError, Ctx, Form};
use serde_json::json;

use super::{add, allows_http, list_address};
use crate::platforms::access::{EditPlatform, PlatformRef};
use crate::platforms::commands::{self, PlatformError};
use crate::platforms::model::Registration;

pub(super) async fn page(ctx: Ctx, allowed: Allowed<EditPlatform>) -> Result<Response, AppError> {
    let of = allowed.object();
    show(&ctx, of, &of.platform.data.form(), &[])
}

pub(super) async fn save(
    ctx: Ctx,
    allowed: Allowed<EditPlatform>,
    form: Form,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let data = Registration {
        product: of.platform.data.product.clone(),
        ..Registration::parse(&form)
    };
    let problems = data.problems(allows_http(&ctx));
    if !problems.is_empty() {
        return show(&ctx, of, &form, &problems);
    }
    let tx = ctx.app.db().write().await?;
    match commands::correct(&tx, &allowed, &data).await {
        Ok(()) => {
            tx.commit().await?;
            let to = format!("{}/{}", list_address(&of.space), of.platform.id);
            Ok(ctx.redirect(&to, Some((NoticeKind::Success, "lti-corrected"))))
        }
        Err(PlatformError::Taken) => show(&ctx, of, &form, &[("client_id", "lti-error-taken")]),
        Err(error) => Err(AppError::internal(error)),
    }
}

fn show(
    ctx: &Ctx,
    of: &PlatformRef,
    form: &Form,
    problems: &[(&str, &str)],
) -> Result<Response, AppError> {
    // Deployments have their own place, where they are accepted.
    let mut fields = add::fields(ctx, form, problems);
    fields.retain(|field| field.name != "deployment");
    let list = list_address(&of.space);
    let here = format!("{list}/{}", of.platform.id);
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    ctx.page("lti/platforms/correct", ctx.t("lti-correct-title"))
        .space(&of.space)
        .crumb(ctx.t("lti-list-title"), &list)
        .crumb(&of.platform.data.name, &here)
        .status(status)
        .render(json!({
            "text": ctx.t("lti-correct-text"),
            "action": format!("{here}/modifier"),
            "errors": ErrorSummary::of(&fields),
            "fields": fields,
            "buttons": [
                Button::submit(ctx.t("lti-correct-do")).icon("check"),
                Button::link(ctx.t("lti-cancel"), here).quiet(),
            ],
        }))
}
