//! What the pages of accounts offer.

use async_trait::async_trait;
use passerelle_kernel::WriteTx;
use passerelle_web::access::{Elsewhere, Recipients, Way};
use passerelle_web::context::urlencode;
use passerelle_web::directory::Space;
use passerelle_web::{AppError, Ctx};
use sea_orm::DbErr;

use super::store;
use crate::providers::model::Provider;
use crate::providers::store::providers_of;

/// Where people see their linked accounts.
pub(super) const OWN_PAGE: &str = "/mon-compte/comptes-exterieurs";

/// The open providers of the home space, and those of the space that one comes for.
pub(super) async fn offered(ctx: &Ctx, space: Option<&Space>) -> Result<Vec<Provider>, AppError> {
    let db = ctx.app.db();
    let home = &ctx.app.settings().home_space;
    let home = ctx.app.directory().space_by_slug(db, home).await?;
    let mut providers = match &home {
        Some(home) => providers_of(db.read(), home.id).await?,
        None => Vec::new(),
    };
    let other = space.filter(|space| home.as_ref().is_none_or(|home| home.id != space.id));
    if let Some(space) = other {
        providers.extend(providers_of(db.read(), space.id).await?);
    }
    providers.retain(Provider::is_open);
    Ok(providers)
}

/// Where signing in with a provider begins, on the way to `next`.
pub(super) fn begins_at(provider: &Provider, next: &str) -> String {
    format!("/connexion/avec/{}?suite={}", provider.id, urlencode(next))
}

/// Accounts of elsewhere, as other plugins meet them.
#[derive(Clone, Copy, Debug)]
pub struct Ways;

#[async_trait]
impl Elsewhere for Ways {
    async fn ways(
        &self,
        ctx: &Ctx,
        space: Option<&Space>,
        next: &str,
    ) -> Result<Vec<Way>, AppError> {
        let way = |provider: Provider| Way {
            href: begins_at(&provider, next),
            name: provider.name,
        };
        Ok(offered(ctx, space).await?.into_iter().map(way).collect())
    }

    async fn own_page(&self, ctx: &Ctx) -> Result<Option<&'static str>, AppError> {
        let offered = !offered(ctx, None).await?.is_empty();
        let linked = match ctx.who.person() {
            Some(person) => !store::linked(ctx.app.db().read(), person).await?.is_empty(),
            None => false,
        };
        Ok((offered || linked).then_some(OWN_PAGE))
    }

    async fn leaving(&self, tx: &WriteTx, session: &[u8]) -> Result<Option<String>, DbErr> {
        let token = tx.env().token();
        let known = store::leaving(tx, session, &token).await?;
        Ok(known.then(|| format!("/connexion/sortie/{token}")))
    }
}

#[async_trait]
impl Recipients for Ways {
    async fn of(&self, ctx: &Ctx, space: &Space) -> Result<Vec<String>, AppError> {
        let providers = providers_of(ctx.app.db().read(), space.id).await?;
        let open = providers.into_iter().filter(Provider::is_open);
        Ok(open
            .map(|provider| ctx.tr("oidc-privacy", &[("name", provider.name.into())]))
            .collect())
    }
}
