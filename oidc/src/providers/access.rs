//! Who may see and change the providers of a space: its administrators.

use std::sync::Arc;

use async_trait::async_trait;
use passerelle_web::access::{Action, Loaded, Params, Who};
use passerelle_web::directory::Space;
use passerelle_web::{AppError, Ctx, Role};

use super::model::Provider;
use super::store;

/// A provider in its space; address part `{provider}`.
#[derive(Clone, Debug)]
pub struct ProviderRef {
    /// The provider.
    pub provider: Provider,
    /// Its space.
    pub space: Arc<Space>,
}

#[async_trait]
impl Loaded for ProviderRef {
    async fn load(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError> {
        let Some(space) = Arc::<Space>::load(ctx, params).await? else {
            return Ok(None);
        };
        let found = store::provider(ctx.app.db().read(), params.id("provider")?).await?;
        let provider = found.filter(|provider| provider.space == space.id);
        Ok(provider.map(|provider| Self { provider, space }))
    }
}

/// See and add the providers of a space.
#[derive(Clone, Copy, Debug)]
pub struct ManageProviders;

impl Action for ManageProviders {
    type Object = Arc<Space>;
    const NAME: &'static str = "provider.manage";
    fn allows(who: &Who, space: &Self::Object) -> bool {
        who.has(space.id, &[Role::Administrator])
    }
}

/// Change one provider.
#[derive(Clone, Copy, Debug)]
pub struct EditProvider;

impl Action for EditProvider {
    type Object = ProviderRef;
    const NAME: &'static str = "provider.edit";
    fn allows(who: &Who, of: &Self::Object) -> bool {
        who.has(of.space.id, &[Role::Administrator])
    }
}
