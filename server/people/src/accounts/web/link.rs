//! Signing in by a link received by mail.
//!
//! Opening the address only shows a button: mail filters open every address
//! they see, and must not use the link up.

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use passerelle_kernel::env::SECOND;
use passerelle_web::components::{Button, ErrorSummary, Field, NoticeKind};
use passerelle_web::mail::send as send_mail;
use passerelle_web::serve::landing;
use passerelle_web::{AppError, Ctx, Form, Params};
use serde_json::json;

use super::super::mail::{self, Addressee};
use super::super::model::ASKED_LINK_LIFETIME;
use super::super::sessions::{self, Client};
use super::super::sign_in::{charge_link, reachable, with_link};
use super::super::store::{self, NewLink, Purpose};
use super::sign_in::end_previous;
use crate::names;
use crate::spaces::legal::home;

pub(super) async fn ask(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, AppError> {
    let query = Form::parse(query.unwrap_or_default().as_bytes())?;
    show(&ctx, "", landing(&ctx.app, query.text("suite")), None).await
}

/// The answer is the same whether an account exists or not, and so is nearly all the work.
pub(super) async fn send(ctx: Ctx, client: Client, form: Form) -> Result<Response, AppError> {
    let next = landing(&ctx.app, form.text("suite"));
    let typed = names::identifier(form.text("identifier"));
    if typed.is_empty() {
        return show(
            &ctx,
            "",
            next,
            Some(ctx.t("account-error-identifier-missing")),
        )
        .await;
    }
    let db = ctx.app.db();
    let space = home(&ctx).await?;
    let mut ready = Vec::new();
    for (account, address) in reachable(db, &typed).await? {
        let token = db.env().token();
        let name = account.name();
        let to = Addressee {
            address: &address,
            name: &name,
            identifier: &account.identifier,
            lang: account.language(),
        };
        let mail = mail::write(&ctx.app, space.as_deref(), Purpose::SignIn, to, &token)?;
        ready.push((account.id, token, mail));
    }
    if ready.is_empty() {
        let nobody = Addressee {
            address: &typed,
            name: &typed,
            identifier: &typed,
            lang: ctx.lang,
        };
        mail::write(
            &ctx.app,
            space.as_deref(),
            Purpose::SignIn,
            nobody,
            &db.env().token(),
        )?;
    }
    let tx = db.write().await?;
    match charge_link(&tx, &typed, &client).await? {
        Some(_) => tracing::warn!(client = client.key, "too many sign-in links were asked for"),
        None => {
            for (account, token, mail) in &ready {
                let lifetime = ASKED_LINK_LIFETIME;
                let link = NewLink {
                    token,
                    account: *account,
                    purpose: Purpose::SignIn,
                    next: Some(next),
                    lifetime,
                };
                store::insert_link(&tx, link).await?;
                send_mail(&tx, mail).await?;
            }
        }
    }
    tx.commit().await?;
    Ok(ctx.redirect("/connexion", Some((NoticeKind::Info, "account-link-sent"))))
}

pub(super) async fn page(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let token = params.text("token").unwrap_or_default();
    let db = ctx.app.db();
    let link = store::link(db.read(), token, ctx.now)
        .await?
        .filter(|link| !link.purpose.sets_password());
    let account = match link {
        Some(link) => store::by_id(db.read(), link.account).await?,
        None => None,
    };
    let Some(account) = account else {
        return gone(&ctx);
    };
    ctx.page("people/accounts/link_enter", ctx.t("account-link-enter-title")).render(json!({
        "name": account.name(),
        "enter": Button::post(ctx.t("account-link-enter"), format!("/connexion/lien/{token}")).icon("log-in"),
    }))
}

pub(super) async fn enter(ctx: Ctx, client: Client, params: Params) -> Result<Response, AppError> {
    let token = params.text("token").unwrap_or_default();
    let Some((session, next)) = with_link(ctx.app.db(), token, &client).await? else {
        return gone(&ctx);
    };
    end_previous(&ctx).await?;
    let response = ctx.redirect(landing(&ctx.app, next.as_deref().unwrap_or_default()), None);
    Ok(sessions::keep(&ctx, response, &session))
}

/// The link was used or has expired: what to do now.
pub(super) fn gone(ctx: &Ctx) -> Result<Response, AppError> {
    ctx.page(
        "people/accounts/link_gone",
        ctx.t("account-link-gone-title"),
    )
    .status(StatusCode::GONE)
    .render(
        json!({"again": Button::link(ctx.t("account-link-again"), "/connexion/lien").icon("mail")}),
    )
}

async fn show(
    ctx: &Ctx,
    typed: &str,
    next: &str,
    error: Option<String>,
) -> Result<Response, AppError> {
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let fields = [Field::text("identifier", ctx.t("account-identifier"))
        .help(ctx.t("account-identifier-help"))
        .value(typed)
        .required()
        .autocomplete("username")
        .error(error)];
    let minutes = ASKED_LINK_LIFETIME / (60 * SECOND);
    let space = home(ctx).await?;
    let page = ctx
        .page("people/accounts/link_ask", ctx.t("account-link-title"))
        .status(status);
    let page = match &space {
        Some(space) => page.space(space),
        None => page,
    };
    page.render(json!({
        "errors": ErrorSummary::of(&fields),
        "fields": fields,
        "next": next,
        "minutes": minutes,
        "submit": Button::submit(ctx.t("account-link-send")).icon("mail"),
    }))
}
