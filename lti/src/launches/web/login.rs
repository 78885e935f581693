//! The login that a platform begins: back to it with a state and a nonce of ours.

use axum::extract::RawQuery;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use passerelle_kernel::Micros;
use passerelle_kernel::env::{MINUTE, token_hash};
use passerelle_lti_protocol::{Login, LoginError, authorization_url};
use passerelle_web::serve::cookie;
use passerelle_web::{AppError, Ctx, Form};
use url::Url;

use super::super::store::{LoginRow, put_login};
use super::{BROWSER_COOKIE, refused, window};
use crate::platforms::model::{Addresses, Platform};
use crate::platforms::store::{deployments_of, platforms_by_issuer, trim_calls};

/// How long somebody may take to sign in on the platform.
const LOGIN_LIFE: Micros = 15 * MINUTE;

pub(super) async fn by_query(
    ctx: Ctx,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    let form = Form::parse(query.unwrap_or_default().as_bytes())?;
    login(&ctx, &headers, &form).await
}

pub(super) async fn by_form(
    ctx: Ctx,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, AppError> {
    login(&ctx, &headers, &form).await
}

async fn login(ctx: &Ctx, headers: &HeaderMap, form: &Form) -> Result<Response, AppError> {
    let ours = Addresses::of(&ctx.app.settings().public_url).map_err(AppError::internal)?;
    let login = match Login::read(|name| Some(form.raw(name).to_owned()), &ours.base) {
        Ok(login) => login,
        Err(error) => return refused::login(ctx, None, &error).await,
    };
    let platform = match platform_of(ctx, &login).await? {
        Ok(platform) => platform,
        Err((platform, error)) => return refused::login(ctx, platform.as_ref(), &error).await,
    };
    begin(ctx, headers, &ours, &login, &platform).await
}

type Unknown = (Option<Platform>, LoginError);

/// The registration that begins a login, whose deployment may launch when it is named.
async fn platform_of(ctx: &Ctx, login: &Login) -> Result<Result<Platform, Unknown>, AppError> {
    let db = ctx.app.db().read();
    let mut found = platforms_by_issuer(db, &login.issuer, login.client_id.as_deref()).await?;
    if found.len() > 1 {
        return Ok(Err((None, LoginError::ClientNotNamed)));
    }
    let Some(platform) = found.pop() else {
        return Ok(Err((None, LoginError::PlatformUnknown)));
    };
    if let Some(deployment) = &login.deployment {
        let known = deployments_of(db, platform.id).await?;
        // One that nobody has seen yet is met at the launch, which is signed.
        let barred = known.iter().any(|d| d.name == *deployment && !d.accepted);
        if barred {
            return Ok(Err((Some(platform), LoginError::DeploymentUnknown)));
        }
    }
    Ok(Ok(platform))
}

async fn begin(
    ctx: &Ctx,
    headers: &HeaderMap,
    ours: &Addresses,
    login: &Login,
    platform: &Platform,
) -> Result<Response, AppError> {
    let endpoint = Url::parse(&platform.data.authorization_endpoint).map_err(AppError::internal)?;
    let tx = ctx.app.db().write().await?;
    let (state, nonce) = (tx.env().token(), tx.env().token());
    let name = ctx.cookie_name(BROWSER_COOKIE);
    // Several tabs of a browser may be on their way at the same time.
    let browser = cookie(headers, &name)
        .filter(|value| value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit()))
        .map_or_else(|| tx.env().token(), str::to_owned);
    let keeper = window::name(login.storage_target.as_deref());
    let kept = tx.env().token();
    let row = LoginRow {
        window: keeper.map(|name| (token_hash(&kept), name.to_owned())),
        state_hash: token_hash(&state),
        platform: platform.id,
        nonce: nonce.clone(),
        target: login.target.clone(),
        browser_hash: token_hash(&browser),
        expires_at: ctx.now + LOGIN_LIFE,
    };
    put_login(&tx, &row).await?;
    trim_calls(&tx, platform.id).await?;
    tx.commit().await?;
    let to = authorization_url(
        &endpoint,
        login,
        &platform.data.client_id,
        &ours.launch,
        &state,
        &nonce,
    );
    let mut response = match keeper {
        Some(target) => window::put(ctx, platform, target, &state, &kept, &to).await?,
        None => Redirect::to(to.as_str()).into_response(),
    };
    // It has to come back with a form that another site posts, in a frame of it perhaps.
    let cookie = format!(
        "{name}={browser}; Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=None; Partitioned"
    );
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}
