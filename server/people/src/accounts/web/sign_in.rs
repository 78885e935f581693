//! Signing in with a password, signing out.

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::components::{Button, ErrorSummary, Field, FieldKind, NoticeKind};
use passerelle_web::context::urlencode;
use passerelle_web::serve::landing;
use passerelle_web::{AppError, Ctx, Form};
use serde_json::{Value, json};

use super::super::sessions::{self, Client};
use super::super::sign_in::{Attempt, Outcome, with_password};
use super::super::store;
use super::{accounts, minutes};
use crate::names;
use crate::spaces::legal::home;

pub(super) async fn page(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, AppError> {
    let query = Form::parse(query.unwrap_or_default().as_bytes())?;
    let next = landing(&ctx.app, query.text("suite"));
    if ctx.who.0.is_some() {
        return Ok(ctx.redirect(next, None));
    }
    show(&ctx, "", next, None, StatusCode::OK).await
}

pub(super) async fn submit(ctx: Ctx, client: Client, form: Form) -> Result<Response, AppError> {
    let next = landing(&ctx.app, form.text("suite"));
    let typed = form.text("identifier");
    let identifier = names::identifier(typed);
    let password = form.raw("password");
    if identifier.is_empty() || password.is_empty() {
        let missing = ctx.t("account-error-missing");
        return show(
            &ctx,
            typed,
            next,
            Some(missing),
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    }
    let attempt = Attempt {
        identifier: &identifier,
        password,
        client: &client,
    };
    match with_password(ctx.app.db(), &accounts(&ctx.app)?.hasher, &attempt).await? {
        Outcome::In(token) => {
            end_previous(&ctx).await?;
            Ok(sessions::keep(&ctx, ctx.redirect(next, None), &token))
        }
        Outcome::Refused => {
            let refused = ctx.t("account-error-refused");
            show(
                &ctx,
                typed,
                next,
                Some(refused),
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await
        }
        Outcome::Wait(until) => {
            let wait = ctx.tr(
                "account-error-wait",
                &[("minutes", minutes(&ctx, until).into())],
            );
            show(&ctx, typed, next, Some(wait), StatusCode::TOO_MANY_REQUESTS).await
        }
    }
}

pub(super) async fn leave(ctx: Ctx) -> Result<Response, AppError> {
    end_previous(&ctx).await?;
    let response = ctx.redirect(
        "/connexion",
        Some((NoticeKind::Success, "account-signed-out")),
    );
    Ok(sessions::forget(&ctx, response))
}

/// Ends the session that the browser had, if any.
pub(super) async fn end_previous(ctx: &Ctx) -> Result<(), AppError> {
    if let Some(who) = &ctx.who.0 {
        let tx = ctx.app.db().write().await?;
        store::end_session(&tx, &who.session).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn show(
    ctx: &Ctx,
    typed: &str,
    next: &str,
    error: Option<String>,
    status: StatusCode,
) -> Result<Response, AppError> {
    let fields = [
        Field::text("identifier", ctx.t("account-identifier"))
            .help(ctx.t("account-identifier-help"))
            .value(typed)
            .required()
            .autocomplete("username")
            .error(error),
        Field::new(FieldKind::Password, "password", ctx.t("account-password"))
            .required()
            .autocomplete("current-password"),
    ];
    let demo: Vec<Value> = ctx
        .app
        .settings()
        .demo_accounts
        .iter()
        .map(|account| demo_account(ctx, account, next))
        .collect();
    let space = home(ctx).await?;
    let page = ctx
        .page("people/accounts/sign_in", ctx.t("account-sign-in-title"))
        .status(status);
    let page = match &space {
        Some(space) => page.space(space),
        None => page,
    };
    page.render(json!({
        "errors": ErrorSummary::of(&fields),
        "fields": fields,
        "next": next,
        "submit": Button::submit(ctx.t("account-sign-in")).icon("log-in"),
        "link_href": format!("/connexion/lien?suite={}", urlencode(next)),
        "demo": demo,
    }))
}

/// One press signs in: nothing to copy, and it works without scripts.
fn demo_account(ctx: &Ctx, account: &passerelle_web::app::DemoAccount, next: &str) -> Value {
    let enter = Button::post(ctx.t("account-demo-enter"), "/connexion")
        .quiet()
        .about(&account.role)
        .hidden("identifier", &account.identifier)
        .hidden("password", &account.password)
        .hidden("suite", next);
    json!({"role": account.role, "identifier": account.identifier, "password": account.password, "enter": enter})
}
