//! Who may see and change the platforms of a space: its administrators.

use std::sync::Arc;

use async_trait::async_trait;
use passerelle_web::access::{Action, Loaded, Params, Who};
use passerelle_web::directory::Space;
use passerelle_web::{AppError, Ctx, Role};

use super::model::Platform;
use super::store;

/// A platform in its space; address part `{platform}`.
#[derive(Clone, Debug)]
pub struct PlatformRef {
    /// The platform.
    pub platform: Platform,
    /// Its space.
    pub space: Arc<Space>,
}

#[async_trait]
impl Loaded for PlatformRef {
    async fn load(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError> {
        let Some(space) = Arc::<Space>::load(ctx, params).await? else {
            return Ok(None);
        };
        let id = params.id("platform")?;
        let platform = store::platform_in(ctx.app.db().read(), space.id, id).await?;
        Ok(platform.map(|platform| Self { platform, space }))
    }
}

/// See and add the platforms of a space.
#[derive(Clone, Copy, Debug)]
pub struct ManagePlatforms;

impl Action for ManagePlatforms {
    type Object = Arc<Space>;
    const NAME: &'static str = "platform.manage";
    fn allows(who: &Who, space: &Self::Object) -> bool {
        who.has(space.id, &[Role::Administrator])
    }
}

/// Change one platform.
#[derive(Clone, Copy, Debug)]
pub struct EditPlatform;

impl Action for EditPlatform {
    type Object = PlatformRef;
    const NAME: &'static str = "platform.edit";
    fn allows(who: &Who, of: &Self::Object) -> bool {
        who.has(of.space.id, &[Role::Administrator])
    }
}
