//! Back from a provider.

use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use passerelle_kernel::env::{MINUTE, SECOND};
use passerelle_web::components::NoticeKind;
use passerelle_web::serve::{cookie, landing};
use passerelle_web::{AppError, Ctx, Form};

use super::begin::open;
use super::refused::{self, Why};
use super::{BEGUN_COOKIE, PENDING_COOKIE, give, party, sign_in_page};
use crate::protocol::{self, Identified, Refused};
use crate::providers::known::{self, outgoing};
use crate::providers::model::Provider;
use crate::signing_in::commands::{Barred, come_in, doorman};
use crate::signing_in::model::Begun;
use crate::signing_in::store::{self, Pending};

/// How long somebody may take to sign in here, to be linked.
const LINKING_LIFE: i64 = 30 * MINUTE;

pub(super) async fn back(
    ctx: Ctx,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let provider = open(&ctx, &id).await?;
    let query = Form::parse(query.unwrap_or_default().as_bytes())?;
    let kept = cookie(&headers, &ctx.cookie_name(BEGUN_COOKIE)).unwrap_or_default();
    let begun = Begun::from_cookie(kept)
        .filter(|begun| begun.is(provider.id, query.text("state"), ctx.now));
    let Some(begun) = begun else {
        // Another one may be under way in this browser: it is left alone.
        return refused::page(&ctx, &provider, Why::NotBegun).await;
    };
    let mut response = match arrived(&ctx, &provider, &query, &headers, begun).await {
        Ok(response) => response,
        // Who changes their mind there has done nothing wrong.
        Err(Why::Denied) => {
            let told = Some((NoticeKind::Info, "oidc-denied"));
            ctx.redirect(&sign_in_page(&ctx, &provider, "").await?, told)
        }
        Err(why) => refused::page(&ctx, &provider, why).await?,
    };
    give(&ctx, &mut response, BEGUN_COOKIE, "", 0);
    Ok(response)
}

async fn arrived(
    ctx: &Ctx,
    provider: &Provider,
    query: &Form,
    headers: &HeaderMap,
    begun: Begun,
) -> Result<Response, Why> {
    // It comes from a cookie: looked at again.
    let leads_to = landing(&ctx.app, &begun.leads_to);
    if query.has("iss") && query.text("iss") != provider.issuer {
        let other = Refused::Issuer(query.text("iss").chars().take(200).collect());
        return Err(other.into());
    }
    match query.text("error") {
        "" => {}
        "access_denied" => return Err(Why::Denied),
        other => return Err(Why::There(other.chars().take(100).collect())),
    }
    let who = identified(ctx, provider, &begun, query.text("code")).await?;
    let known = store::person_of(ctx.app.db().read(), provider.id, &who.subject)
        .await
        .map_err(AppError::from)?;
    let Some(person) = known else {
        // Who was on their way to link goes on to their own page once it is done.
        let leads_to = if leads_to.starts_with("/connexion") {
            landing(&ctx.app, "")
        } else {
            leads_to
        };
        return to_be_linked(ctx, provider, who, leads_to.to_owned()).await;
    };
    // Who is signed in as somebody else is told, not taken there.
    if ctx
        .who
        .person()
        .is_some_and(|signed_in| signed_in != person)
    {
        return Err(Barred::Taken.into());
    }
    let agent = headers.get(header::USER_AGENT);
    let agent = agent.and_then(|v| v.to_str().ok()).unwrap_or_default();
    let tx = ctx.app.db().write().await.map_err(AppError::from)?;
    let token = come_in(&ctx.app, &tx, provider, person, &who, agent).await?;
    let event = refused::event(ctx, "in", String::new(), String::new());
    crate::providers::store::put_event(&tx, provider.id, &event)
        .await
        .map_err(AppError::from)?;
    tx.commit().await.map_err(AppError::from)?;
    let response = ctx.redirect(leads_to, None);
    Ok(doorman(&ctx.app)?.keep(ctx, response, &token))
}

/// Who came back, once everything was checked.
async fn identified(
    ctx: &Ctx,
    provider: &Provider,
    begun: &Begun,
    code: &str,
) -> Result<Identified, Why> {
    let metadata = known::metadata(&ctx.app, provider, ctx.now).await?;
    let party = party(&ctx.app, provider)?;
    let outgoing = outgoing(&ctx.app)?;
    let given = protocol::exchange(&outgoing, &metadata, &party, &begun.secrets, code).await?;
    let nonce = &begun.secrets.nonce;
    match protocol::check(&metadata, &party, &given, nonce, ctx.now) {
        // It signs with a new key perhaps.
        Err(Refused::UnknownKey) => {
            let renewed = known::with_new_keys(&ctx.app, provider, ctx.now).await?;
            let metadata = renewed.ok_or(Refused::UnknownKey)?;
            Ok(protocol::check(&metadata, &party, &given, nonce, ctx.now)?)
        }
        checked => Ok(checked?),
    }
}

/// Somebody whom we do not know: they sign in here first.
async fn to_be_linked(
    ctx: &Ctx,
    provider: &Provider,
    who: Identified,
    leads_to: String,
) -> Result<Response, Why> {
    let metadata = known::metadata(&ctx.app, provider, ctx.now).await?;
    let party = party(&ctx.app, provider)?;
    let name = protocol::name(&*outgoing(&ctx.app)?, &metadata, &party, &who).await?;
    let pending = Pending {
        provider: provider.id,
        subject: who.subject,
        name,
        id_token: who.id_token,
        leads_to,
    };
    let tx = ctx.app.db().write().await.map_err(AppError::from)?;
    let token = tx.env().token();
    store::put_pending(&tx, &token, &pending, ctx.now + LINKING_LIFE)
        .await
        .map_err(AppError::from)?;
    tx.commit().await.map_err(AppError::from)?;
    let mut response = ctx.redirect("/connexion/relier", None);
    give(
        ctx,
        &mut response,
        PENDING_COOKIE,
        &token,
        LINKING_LIFE / SECOND,
    );
    Ok(response)
}
