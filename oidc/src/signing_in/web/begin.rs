//! Towards a provider.

use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Redirect, Response};
use passerelle_kernel::Uuid;
use passerelle_kernel::env::SECOND;
use passerelle_web::serve::landing;
use passerelle_web::{AppError, Ctx, Form};

use super::refused::{self, Why};
use super::{BEGUN_COOKIE, give, party};
use crate::protocol::{self, Secrets};
use crate::providers::known;
use crate::providers::model::Provider;
use crate::providers::store::provider;
use crate::signing_in::model::{Begun, LIFE};

pub(super) async fn begin(
    ctx: Ctx,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    let provider = open(&ctx, &id).await?;
    let query = Form::parse(query.unwrap_or_default().as_bytes())?;
    let next = landing(&ctx.app, query.text("suite"));
    let metadata = match known::metadata(&ctx.app, &provider, ctx.now).await {
        Ok(metadata) => metadata,
        Err(error) => return refused::page(&ctx, &provider, Why::Refused(error)).await,
    };
    let env = ctx.app.env();
    let secrets = Secrets {
        state: env.token(),
        nonce: env.token(),
        verifier: env.token(),
    };
    let party = party(&ctx.app, &provider)?;
    let to = protocol::begin(&metadata, &party, &secrets);
    let begun = Begun {
        provider: provider.id,
        secrets,
        leads_to: next.to_owned(),
        expires_at: ctx.now + LIFE,
    };
    let mut response = Redirect::to(to.as_str()).into_response();
    give(
        &ctx,
        &mut response,
        BEGUN_COOKIE,
        &begun.to_cookie(),
        LIFE / SECOND,
    );
    Ok(response)
}

/// The provider of an address, when people may sign in with it.
pub(super) async fn open(ctx: &Ctx, id: &str) -> Result<Provider, AppError> {
    let id = Uuid::parse_str(id).map_err(|_| AppError::NotFound)?;
    let found = provider(ctx.app.db().read(), id).await?;
    found.filter(Provider::is_open).ok_or(AppError::NotFound)
}
