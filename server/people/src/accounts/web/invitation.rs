//! Choosing a password by the link of an invitation.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::components::{Button, ErrorSummary, Field, FieldKind, NoticeKind};
use passerelle_web::serve::landing;
use passerelle_web::{AppError, Ctx, Form, Params};
use serde_json::json;

use super::super::model::PASSWORD_MIN;
use super::super::sessions::{self, Client};
use super::super::sign_in::{Chosen, choose_password, invited};
use super::super::store::AccountRow;
use super::accounts;
use super::link::gone;
use super::sign_in::end_previous;

pub(super) async fn page(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let token = params.text("token").unwrap_or_default();
    match invited(ctx.app.db(), token).await? {
        Some(account) => show(&ctx, token, &account, [None, None]),
        None => gone(&ctx),
    }
}

pub(super) async fn submit(
    ctx: Ctx,
    client: Client,
    params: Params,
    form: Form,
) -> Result<Response, AppError> {
    let token = params.text("token").unwrap_or_default();
    let db = ctx.app.db();
    let Some(account) = invited(db, token).await? else {
        return gone(&ctx);
    };
    let password = form.raw("password");
    if password != form.raw("again") {
        return show(
            &ctx,
            token,
            &account,
            [None, Some(ctx.t("account-error-password-differ"))],
        );
    }
    match choose_password(db, &accounts(&ctx.app)?.hasher, token, password, &client).await? {
        Chosen::In(session, next) => {
            end_previous(&ctx).await?;
            let to = landing(&ctx.app, next.as_deref().unwrap_or_default());
            let response = ctx.redirect(to, Some((NoticeKind::Success, "account-password-chosen")));
            Ok(sessions::keep(&ctx, response, &session))
        }
        Chosen::Password(problem) => show(&ctx, token, &account, [Some(ctx.t(problem)), None]),
        Chosen::Gone => gone(&ctx),
    }
}

fn show(
    ctx: &Ctx,
    token: &str,
    account: &AccountRow,
    errors: [Option<String>; 2],
) -> Result<Response, AppError> {
    let status = if errors.iter().all(Option::is_none) {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let mut fields = vec![
        Field::text("identifier", ctx.t("account-identifier"))
            .help(ctx.t("account-identifier-yours"))
            .value(&account.identifier)
            .readonly()
            .autocomplete("username"),
    ];
    fields.extend(new_password_fields(ctx, errors));
    ctx.page(
        "people/accounts/invitation",
        ctx.t("account-invitation-title"),
    )
    .status(status)
    .render(json!({
        "action": format!("/invitation/{token}"),
        "name": account.name(),
        "errors": ErrorSummary::of(&fields),
        "fields": fields,
        "submit": Button::submit(ctx.t("account-password-choose")).icon("key"),
    }))
}

/// The password and the same again.
pub(super) fn new_password_fields(ctx: &Ctx, [first, second]: [Option<String>; 2]) -> [Field; 2] {
    let password = |name: &str, label: &str| {
        Field::new(FieldKind::Password, name, ctx.t(label))
            .required()
            .autocomplete("new-password")
    };
    let rule = ctx.tr("account-password-rule", &[("least", PASSWORD_MIN.into())]);
    [
        password("password", "account-password-new")
            .help(rule)
            .error(first),
        password("again", "account-password-again").error(second),
    ]
}
