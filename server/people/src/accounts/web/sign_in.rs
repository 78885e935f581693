//! Signing in with a password, signing out.

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::access::{Elsewhere, ElsewhereEntry, Way};
use passerelle_web::components::{Button, ErrorSummary, Field, FieldKind, NoticeKind};
use passerelle_web::context::urlencode;
use passerelle_web::serve::landing;
use passerelle_web::{App, AppError, Ctx, Form};
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
    let typed = Typed {
        identifier: "",
        space: query.text("espace"),
    };
    show(&ctx, typed, next, None, StatusCode::OK).await
}

/// What was there before, to show again.
#[derive(Clone, Copy)]
struct Typed<'a> {
    identifier: &'a str,
    /// The word of the space that they come for; often empty.
    space: &'a str,
}

pub(super) async fn submit(ctx: Ctx, client: Client, form: Form) -> Result<Response, AppError> {
    let next = landing(&ctx.app, form.text("suite"));
    let typed = Typed {
        identifier: form.text("identifier"),
        space: form.text("espace"),
    };
    let identifier = names::identifier(typed.identifier);
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
    let response = match end_previous(&ctx).await? {
        // Who came with an account of elsewhere leaves there as well: the next person at this
        // computer would come in by a press.
        Some(elsewhere) => ctx.redirect(&elsewhere, None),
        None => ctx.redirect(
            "/connexion",
            Some((NoticeKind::Success, "account-signed-out")),
        ),
    };
    Ok(sessions::forget(&ctx, response))
}

/// Ends the session that the browser had, if any; answers where it ends as well, if anywhere.
pub(super) async fn end_previous(ctx: &Ctx) -> Result<Option<String>, AppError> {
    let Some(who) = &ctx.who.0 else {
        return Ok(None);
    };
    let tx = ctx.app.db().write().await?;
    store::end_session(&tx, &who.session).await?;
    let elsewhere = match elsewhere(&ctx.app) {
        Some(entry) => entry.leaving(&tx, &who.session).await?,
        None => None,
    };
    tx.commit().await?;
    Ok(elsewhere)
}

/// Accounts that others keep, when this server knows any.
pub(super) fn elsewhere(app: &App) -> Option<&dyn Elsewhere> {
    let entry = app.registry().all::<ElsewhereEntry>().next();
    entry.map(|entry| &*entry.0)
}

/// What is offered beside the password.
async fn ways(ctx: &Ctx, slug: &str, next: &str) -> Result<Vec<Button>, AppError> {
    let Some(elsewhere) = elsewhere(&ctx.app) else {
        return Ok(Vec::new());
    };
    // Who was on their way to a page of a space comes for that space.
    let within = next
        .strip_prefix("/e/")
        .and_then(|rest| rest.split('/').next());
    let slug = Some(slug).filter(|slug| !slug.is_empty()).or(within);
    let space = match slug {
        Some(slug) => {
            ctx.app
                .directory()
                .space_by_slug(ctx.app.db(), slug)
                .await?
        }
        None => None,
    };
    let ways = elsewhere.ways(ctx, space.as_deref(), next).await?;
    let button = |way: Way| {
        let label = ctx.tr("account-elsewhere-with", &[("name", way.name.into())]);
        Button::link(label, way.href).quiet().icon("log-in")
    };
    Ok(ways.into_iter().map(button).collect())
}

async fn show(
    ctx: &Ctx,
    typed: Typed<'_>,
    next: &str,
    error: Option<String>,
    status: StatusCode,
) -> Result<Response, AppError> {
    let fields = [
        Field::text("identifier", ctx.t("account-identifier"))
            .help(ctx.t("account-identifier-help"))
            .value(typed.identifier)
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
        "espace": typed.space,
        "ways": ways(ctx, typed.space, next).await?,
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
